"""
The first mooring.yaml of a stack: what was found, written down, and what is open, ready to fill in.

    project: shop

    environments:
      production:
        tier: production
        files: [compose.yaml, compose.prod.yaml]
        # No public name is known for shop.localhost.
        # domain: <domain>

    services:
      # Which version of redis does it run?
      # cache: {image: redis:<version>}

Every line with a value means what Mooring does without the file; every question is a comment in the
place of its answer.  Answers that belong into other files are listed at the end.
"""

import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from mooring.compose.nodes import Plain, plain
from mooring.compose.yaml_reader import read_documents
from mooring.decisions import Decision, OpenQuestion, grouped
from mooring.errors import InputErrors
from mooring.report.answers import placed
from mooring.settings.environments import Environment, ProjectFiles, Tier
from mooring.settings.settled import FILE_NAME
from mooring.settings.suggestion import CALLED_AFTER

_SETTINGS = re.compile(r"\b(environments|services|volumes): \{")
_PLAIN = re.compile(r"[A-Za-z0-9./<][^:#,{}\[\]\n\"']*(?::[^\s:#,{}\[\]\"']+)*")
_NOT_TEXT = re.compile(r"true|false|null|yes|no|on|off|[-+.]?[0-9][\w.+-]*", re.IGNORECASE)
_WIDTH = 100
_OUTPUT = "deploy"
"""Where `mooring convert` writes unless told otherwise."""
_USUAL_CLUSTERS = {Tier.DEV: "kind", Tier.STAGING: "generic", Tier.PRODUCTION: "generic"}
_CLUSTER = (
    "A cluster is kind, k3d, k3s, minikube, eks, gke, aks or generic, or one of your own below "
    "clusters; with it, storage and capacity are held against what it has."
)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One environment as it was found: how, and what is open in it."""

    environment: Environment
    decisions: tuple[Decision, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()


def text(
    project: str,
    found: Sequence[Found],
    *,
    directory: str,
    projects: Sequence[ProjectFiles] = (),
    unused: Sequence[str] = (),
) -> str:
    """
    Return the file for the stack ``project``, which is to stand in ``directory``.

    ``projects`` are those of which it is made, where they are several; ``unused`` the Compose files
    that no environment reads.
    """
    return "\n".join(_lines(project, found, directory, projects, unused)) + "\n"


def _lines(
    project: str,
    found: Sequence[Found],
    directory: str,
    projects: Sequence[ProjectFiles],
    unused: Sequence[str],
) -> Iterator[str]:
    yield f"# {FILE_NAME}: what is settled about bringing this stack into Kubernetes."
    yield "# Written by `mooring init`; it is yours now.  Without it, Mooring does the same."
    yield f"project: {_flow(project)}"
    demanding = [one for one in found if one.environment.tier is not Tier.DEV] or list(found)
    answers = _Answers(demanding)
    if projects:
        yield ""
        yield "# Compose projects that become one application; each is loaded as Compose loads it."
        yield "projects:"
        for one in projects:
            yield f"  {one.name}: {_flow(_project(one, directory))}"
    yield ""
    yield "environments:"
    yield from _comment(_CLUSTER, "  ")
    for each in found:
        yield from _environment(each, directory, answers, has_projects=bool(projects))
    if unused:
        yield from _comment(f"No environment reads {', '.join(unused)}.", "  ")
    for kind, named in answers.by_kind.items():
        yield ""
        yield f"{kind}:"
        for name, (reasons, said) in named.items():
            for reason in dict.fromkeys(reasons):
                yield from _comment(reason, "  ")
            yield f"  # {name}: {_flow(said)}"
    names = [one.environment.name for one in demanding]
    yield from _elsewhere(answers.others, names)


def _environment(
    one: Found, directory: str, answers: "_Answers", *, has_projects: bool
) -> Iterator[str]:
    environment = one.environment
    yield f"  {environment.name}:"
    yield f"    tier: {environment.tier.value}"
    reasons = {decision.topic: decision for decision in one.decisions}
    asked = {question.subject for question in one.questions}
    if not has_projects:
        for key in ("files", "env_files", "profiles"):
            values = getattr(environment, key)
            if not values or f"environments.{environment.name}.{key}" in asked:
                continue  # What is asked is not answered here.
            if key != "profiles":
                values = tuple(os.path.relpath(value, directory) for value in values)
            because = reasons.get(key.replace("_", " "))
            yield from _comment(_why(because), "    ")
            yield f"    {key}: {_flow(list(values))}"
    yield f"    # cluster: {_USUAL_CLUSTERS[environment.tier]}"
    for about, said in answers.of_environment(environment.name):
        for reason in dict.fromkeys(about):
            yield from _comment(reason, "    ")
        for key, value in said.items():
            yield f"    # {key}: {_flow(value)}"


def _why(because: Decision | None) -> str:
    """Return why these files were chosen, where their names do not show it."""
    said = because.evidence[0].statement if because is not None else ""
    return "" if said.endswith(CALLED_AFTER) else _sentence(said)


def _project(one: ProjectFiles, directory: str) -> dict[str, Plain]:
    said: dict[str, Plain] = {}
    if one.directory:
        said["directory"] = os.path.relpath(one.directory, directory)
    for key in ("files", "env_files"):
        if values := getattr(one, key):
            said[key] = [os.path.relpath(value, directory) for value in values]
    if one.profiles:
        said["profiles"] = list(one.profiles)
    return said


class _Answers:
    """The open questions by the place of their answers."""

    def __init__(self, found: Iterable[Found]) -> None:
        found = tuple(found)
        self._named = {one.environment.name for one in found}
        self.by_kind: dict[str, dict[str, tuple[list[str], dict[str, Plain]]]] = {}
        self.others: list[OpenQuestion] = []
        self._of_environment: dict[str, list[tuple[list[str], dict[str, Plain]]]] = {}
        of_one, of_all = self._split(found)
        for asked in (*of_one, of_all):
            self._add(asked)

    def _split(self, found: Iterable[Found]) -> tuple[list[list[OpenQuestion]], list[OpenQuestion]]:
        """Return what each environment alone is asked, and what one answer settles for all."""
        of_one: list[list[OpenQuestion]] = []
        of_all: list[OpenQuestion] = []
        for one in found:
            start = f"environments: {{{one.environment.name}: "
            of_one.append([each for each in one.questions if each.answer.startswith(start)])
            of_all += [each for each in one.questions if not each.answer.startswith(start)]
        return of_one, of_all

    def _add(self, asked: Iterable[OpenQuestion]) -> None:
        for group in grouped(asked):
            heading = _sentence(group.heading) if len(group.members) > 1 else ""
            for question, others in group.members:
                of = _of(question, others)
                reason = f"{of}{question.question}" if of else _sentence(question.question)
                if heading:
                    reason = heading if question is group.first else ""
                if not self._takes(question, reason):
                    self.others.append(question)

    def _takes(self, question: OpenQuestion, reason: str) -> bool:
        """Keep the settings that answer ``question``, and tell whether there are any."""
        kind, settings = _settings(question.answer)
        for name, said in settings.items():
            if not isinstance(said, dict):
                continue
            if kind != "environments":
                reasons, merged = self.by_kind.setdefault(kind, {}).setdefault(name, ([], {}))
                reasons.append(reason)
                _merge(merged, said)
            else:
                for each in (name,) if name in self._named else sorted(self._named):
                    self._ask_of_environment(each, reason, said)
        return bool(settings)

    def _ask_of_environment(self, name: str, reason: str, said: dict[str, Plain]) -> None:
        """Keep ``said`` beside what has a key of it already: a key is to be filled in once."""
        kept = self._of_environment.setdefault(name, [])
        for reasons, merged in kept:
            if merged.keys() & said.keys():
                reasons.append(reason)
                _merge(merged, said)
                return
        kept.append(([reason], dict(said)))

    def of_environment(self, name: str) -> Iterator[tuple[list[str], dict[str, Plain]]]:
        """Yield what is asked of the environment ``name`` and the keys that answer it."""
        yield from self._of_environment.get(name, ())


def _of(question: OpenQuestion, others: str) -> str:
    """Return whom a question is about, where many ask it and the place of the answer is one."""
    kind, _, rest = question.subject.partition(".")
    is_elsewhere = kind == "services" and not question.answer.startswith("services")
    return f"{rest.partition('.')[0]}{others}: " if is_elsewhere else ""


def _settings(answer: str) -> tuple[str, dict[str, Plain]]:
    """Return the first settings that ``answer`` offers: the key that holds them, and they."""
    found = _SETTINGS.search(answer)
    if found is None:
        return "", {}
    try:
        documents = read_documents(_first_flow(answer[found.start() :]).encode(), FILE_NAME)
    except InputErrors:
        return "", {}
    said = plain(documents[0].root)
    inner = said.get(found[1]) if isinstance(said, dict) else None
    return (found[1], inner) if isinstance(inner, dict) else ("", {})


def _first_flow(text: str) -> str:
    depth = 0
    for index, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character == "}" and depth == 0:
            return text[: index + 1]
    return text


def _merge(into: dict[str, Plain], said: Mapping[str, Plain]) -> None:
    for key, value in said.items():
        before = into.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            _merge(before, value)
        else:
            into.setdefault(key, value)


def _elsewhere(asked: Sequence[OpenQuestion], environments: Sequence[str]) -> Iterator[str]:
    """Yield the answers that are no settings, by the file in which they belong."""
    asked = placed(asked, environments, _OUTPUT)
    if not asked:
        return
    yield ""
    yield "# Open, and to be answered elsewhere:"
    for group in grouped(asked):
        if len(group.members) == 1:
            question = group.first
            yield from _comment(f"{question.subject}: {question.question}.", "")
            yield f"#   {question.answer}"
            continue
        yield from _comment(f"{group.heading}{f'; in {group.place}' if group.place else ''}:", "")
        for question, others in group.members:
            note = group.note(question, others)
            yield f"#   {group.line(question)}{f'  # {note}' if note else ''}"


def _comment(said: str, indent: str) -> Iterator[str]:
    wrapped = textwrap.wrap(
        said, _WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False
    )
    for line in wrapped:
        yield f"{indent}# {line}"


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:]


def _flow(value: Plain) -> str:
    """Return ``value`` as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) and not _NOT_TEXT.fullmatch(value)
        return value if is_plain else msgspec.json.encode(value).decode()
    return msgspec.json.encode(value).decode()
