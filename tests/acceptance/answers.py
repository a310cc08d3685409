"""
A stack of which every open question is answered, by doing what each question's own answer says.

The answers are invented but plausible: strong secrets, numbers for ports, hosts below example.com.
Nothing is known here about single stacks: what an answer line cannot tell to this program, it
cannot tell to a person either.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.decisions import OpenQuestion, together
from mooring.settings.environments import Tier

MOST_ROUNDS = 4
"""After so many rounds whoever answers has lost patience; one answer may raise one question."""


class Unanswerable(Exception):
    """An answer line that does not say what to do, or whose doing settles nothing."""


class Answered(NamedTuple):
    """
    A stack without open questions in staging and production.

    ``rounds`` is how often it was asked, ``answers`` what was given, with the environment.
    """

    stack: pipeline.Stack
    load: LoadRequest
    tree: Path
    rounds: int
    answers: tuple[tuple[str, str], ...]

    @property
    def production(self) -> pipeline.EnvironmentResult:
        """The environment of the strictest tier."""
        return self.stack.environments[-1]


def answered(
    load: LoadRequest, *, only: str | None = None, most_rounds: int = MOST_ROUNDS
) -> Answered:
    """
    Return what the stack of ``load`` becomes once all is answered; its folder is written into.

    ``only`` names one environment; otherwise all are made, and all but development answered.

    Raises:
        Unanswerable: a question stays open although its answer was given.
    """
    folder = project_folder(load)
    tree = Path(load.directory) / "deploy"
    given: list[tuple[str, str]] = []
    for rounds in range(most_rounds + 1):
        request = pipeline.Request(load=load, only=only)
        made = pipeline.without_answered(pipeline.stack(request), str(tree))
        files = pipeline.tree(made, "kustomize")
        pipeline.write(files, str(tree), lock=str(tree / "mooring.lock"))
        asked = [
            (each.environment.name, question)
            for each in made.environments
            if each.environment.tier is not Tier.DEV
            for question, _ in together(each.translation.questions)
        ]
        if not asked:
            return Answered(made, load, tree, rounds, tuple(given))
        if again := [one for name, one in asked if (name, one.answer) in given]:
            raise Unanswerable(tell(again))
        if rounds == most_rounds:
            break
        for name, one in asked:
            give(one, folder, tree, name)
            given.append((name, one.answer))
    raise Unanswerable(f"after {most_rounds} rounds:\n{tell(one for _, one in asked)}")


def give(question: OpenQuestion, folder: Path, tree: Path, environment: str) -> None:
    """Do what ``question`` asks for, for ``environment``; ``tree`` is what was written last."""
    answer = question.answer.replace("<environment>", environment)
    if found := _ASSIGNMENT.match(answer):
        name, file = found["name"], found["file"]
        path = (tree if file.startswith("environments/") else folder) / file
        _assign(path, name, value(name))
    elif settings := settings_of(answer):
        path = folder / "mooring.yaml"
        written = yaml.safe_load(path.read_text()) if path.exists() else None
        merged = merge(written or {}, settings)
        path.write_text(yaml.safe_dump(merged, sort_keys=False), encoding="utf-8")
    elif found := _FILE.match(answer):
        file = found["file"]
        path = (tree if file.startswith("environments/") else folder) / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# written by the team\n", encoding="utf-8")
    else:
        raise Unanswerable(tell([question]))


def tell(asked: Iterable[OpenQuestion]) -> str:
    """Return questions as text, each with its answer below it."""
    return "\n".join(f"{one.subject}: {one.question}\n  {one.answer}" for one in asked)


def project_folder(load: LoadRequest) -> Path:
    """Return the folder of the Compose file, where mooring.yaml and .env stand."""
    here = Path(load.directory)
    return (here / load.files[0]).parent if load.files else here


_ASSIGNMENT = re.compile(r"(?P<name>[^\s=]+)=<value> in (?P<file>\S+)")
_FILE = re.compile(r"put the file at (?P<file>\S+)(?: and convert again)?")
_TOP_LEVEL = re.compile(r"(?:project|environments|services|volumes|clusters|projects): ")
_PLACEHOLDER = re.compile(r"<([A-Za-z][A-Za-z ]*)>")
_INVENTED = {
    "domain": "example.com",
    "host": "app.mooring.dev",
    "tag": "1.4.2",
    "version": "16.4",
    "issuer": "letsencrypt",
    "clusterissuer": "letsencrypt",
    "secret": "from-the-team",
    "port": "8080",
    "path": "/",
    "number": "1000",
    "uid": "1000",
    "user": "1000",
    "service": "app",
    "command": "serve",
    "class": "made-by-the-team",
    "url": "https://shop.mooring.dev",
    "value": "chosen-by-the-team",
}


def settings_of(answer: str) -> dict[str, Any] | None:
    """Return the first settings that ``answer`` offers, filled in; None if it offers none."""
    for found in _TOP_LEVEL.finditer(answer):
        text = _first_flow(answer[found.start() :])
        filled = _PLACEHOLDER.sub(lambda one: _INVENTED[one[1].lower()], text)
        return yaml.safe_load(filled)  # type: ignore[no-any-return]
    return None


def _first_flow(text: str) -> str:
    """Return ``text`` to the end of its first flow mapping, or of its line where it has none."""
    start = text.find("{")
    if start < 0:
        return text.partition(", or ")[0]
    depth = 0
    for index in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return text[: index + 1]
    raise Unanswerable(f"an open brace: {text}")


def merge(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``one`` with what ``other`` says beside and below it."""
    merged = dict(one)
    for key, said in other.items():
        before = merged.get(key)
        if isinstance(before, Mapping) and isinstance(said, Mapping):
            merged[key] = merge(before, said)
        elif isinstance(before, list) and isinstance(said, list):
            merged[key] = [*before, *(item for item in said if item not in before)]
        else:
            merged[key] = said
    return merged


def value(name: str) -> str:
    """Return a plausible value for a variable or key of that name."""
    words = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]
    last = words[-1] if words else ""
    digest = hashlib.sha256(name.encode()).hexdigest()
    for meant, made in _BY_WORD.items():
        if meant & set(words[-2:]):
            return made.format(name="-".join(words), digest=digest)
    return f"{'-'.join(words) or last}-{digest[:6]}"


_BY_WORD = {
    frozenset({"port"}): "8025",
    frozenset({"dsn"}): "postgres://app:{digest}@db/app",
    # An address that is asked for like a secret has an account in it.
    frozenset({"addr", "address"}): "postgres://app:{digest}@{name}.mooring.dev/app",
    frozenset({"secure", "enabled", "debug"}): "true",
    frozenset({"version", "tag"}): "16.4",
    frozenset({"pass", "password", "secret", "token", "key", "auth", "passphrase"}): "{digest}",
    frozenset({"email", "emailsender", "sender"}): "ops@mooring.dev",
    frozenset({"url", "uri", "endpoint", "cors"}): "https://{name}.mooring.dev",
    frozenset({"domain"}): "shop.mooring.dev",
    frozenset({"protocol", "scheme"}): "https",
    frozenset({"registry"}): "registry.example.com",
    frozenset({"hostname", "host", "server"}): "{name}.mooring.dev",
    frozenset({"region"}): "eu-west-1",
    frozenset({"env"}): "production",
    frozenset({"db", "database"}): "appdb",
    frozenset({"user", "username"}): "appuser",
}


def _assign(path: Path, name: str, said: str) -> None:
    """Put ``name=said`` into an env file, in the place of a line that gives it another value."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in lines if not line.startswith(f"{name}=")]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*kept, f"{name}={said}", ""]), encoding="utf-8")
