"""
Secrets in commands and health checks: they stand in the Secret, and the words refer to it.

Whoever may read a pod's specification, or list the processes of a node, reads its arguments.  A
value in a command is secret where it is that of a secret setting of the stack, where it follows an
option whose name says so (`--requirepass x`), or where a variable whose name says so was filled in
there: then even `changeme` is, since the value that takes its place has to get there as well.  A
cluster puts settings into a command itself, so the process sees the words that Compose gave it.  A
health check is not helped so: its shell reads the setting.  Where it has no shell it is given one
if the image is known to have it; otherwise a finding says what stands in clear.

Source: https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
"""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Setting
from mooring.app.health import Health
from mooring.app.process import Process, Reference
from mooring.app.workloads import Container, InitialStep
from mooring.compose.nodes import Scalar
from mooring.decisions import SECRETS, Decision, Evidence, OpenQuestion
from mooring.findings import Rule, Severity
from mooring.images import catalogue
from mooring.kube.names import config_key
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.translate.notes import Note, Translated
from mooring.translate.secrecy import is_placeholder, is_secret_name
from mooring.translate.view import ServiceView, items

SECRET_IN_CHECK = Rule(id="secret-in-health-check", severity=Severity.WARNING, since="0.1")

_SHORTEST = 8
"""Characters of a value that is looked for in all words; a shorter one may be any word."""
_OPTION = LazyPattern(
    r"(?<!\S)(-{1,2}[A-Za-z][\w.-]*|requirepass|masterauth)(=|\s+)([^\s\"'`;&|<>]+)"
)
_ELSEWHERE = ("$", "-", "/", "<", "{", "%")
"""How a value begins that is looked up, is an option itself, or names a file."""


_NOTHING: ReadOnly[str, str] = {}


class _Found(msgspec.Struct, frozen=True):
    """A secret value in a text, and what it is called."""

    start: int
    end: int
    value: str
    key: str


def concealing(
    application: Application, views: ReadOnly[str, ServiceView]
) -> Translated[Application]:
    """Return ``application`` with no secret in the clear text of a command."""
    known = _known(application)
    filled_in: ReadOnly[str, ReadOnly[str, str]] = {}
    if any(map(_is_filled_in, views.values())):
        from mooring.translate.filled_in import secrets_filled_in  # few stacks need it

        filled_in = secrets_filled_in(views)
    notes: list[Note] = []

    def concealed(one: Container) -> Container:
        return _concealed(
            one,
            known,
            filled_in.get(one.source_name, _NOTHING),
            notes,
            has_shell=_has_shell(views.get(one.source_name)),
        )

    parts = tuple(
        msgspec.structs.replace(
            part,
            containers=tuple(map(concealed, part.containers)),
            initial_steps=tuple(
                InitialStep(container=concealed(step.container)) for step in part.initial_steps
            ),
        )
        for part in application.parts
    )
    if not notes:
        return Translated(application)
    return Translated(msgspec.structs.replace(application, parts=parts), tuple(notes))


def _has_shell(view: ServiceView | None) -> bool:
    """Tell whether the image of a service is known to have a shell."""
    if view is None:
        return False
    if view.known is not None:
        return view.known.family.has_shell is True
    base = view.image_facts.base if view.image_facts is not None else None
    known = catalogue.lookup(base.value) if base is not None else None
    return known is not None and known.family.has_shell is True


def _is_filled_in(view: ServiceView) -> bool:
    """Tell whether variables were filled into the command of a service."""
    return any(
        isinstance(word, Scalar) and word.variables
        for attribute in ("entrypoint", "command")
        for _, word in items(view.get(attribute))
    )


def _known(application: Application) -> dict[str, str]:
    """Return the secret values of the stack that its commands may hold, with the setting's name."""
    known: dict[str, str] = {}
    beginnings = _beginnings(application)
    for part in application.parts:
        for container in part.containers:
            for setting in container.settings:
                if not isinstance(setting.value, Sensitive) or setting.is_placeholder:
                    continue
                value = setting.value.reveal()
                if len(value) >= _SHORTEST and value[:_SHORTEST] in beginnings:
                    known.setdefault(value, setting.name)
    return known


def _beginnings(application: Application) -> set[str]:
    """
    Return how a secret may begin that some command holds.

    Looking for each secret of a large stack in all of its commands would take for ever.
    """
    texts = [
        word
        for part in application.parts
        for container in (*part.containers, *(step.container for step in part.initial_steps))
        for words in (
            container.process.entrypoint,
            container.process.arguments,
            container.health.command if container.health else None,
        )
        for word in words or ()
    ]
    return {
        text[start : start + _SHORTEST]
        for text in texts
        for start in range(len(text) - _SHORTEST + 1)
    }


def _concealed(
    container: Container,
    known: dict[str, str],
    filled_in: ReadOnly[str, str],
    notes: list[Note],
    *,
    has_shell: bool,
) -> Container:
    settings = _Settings(container)
    process = _process(container.process, known, filled_in, settings)
    health = _health(container, known, settings, notes, has_shell=has_shell)
    if process is container.process and health is container.health:
        return container
    subject = f"services.{container.source_name}"
    for setting in settings.used.values():
        where = "command" if process is not container.process else "healthcheck"
        notes.append(
            Decision(
                subject=subject,
                topic="secret",
                choice=f"a value of its {where} stands in the Secret",
                evidence=(
                    Evidence(
                        f"it is that of {setting.key or setting.name}, and a command is no secret",
                        setting.position,
                    ),
                ),
            )
        )
        if setting.is_placeholder and setting.key:
            notes.append(
                OpenQuestion(
                    subject=f"{subject}.environment.{setting.name}",
                    question="the secret is a placeholder or a default that everybody knows",
                    answer=f"{setting.key}=<value> in environments/<environment>/secrets.env",
                    position=setting.position,
                    several=SECRETS,
                )
            )
    return msgspec.structs.replace(
        container,
        process=process,
        health=health,
        settings=(*container.settings, *settings.added.values()),
    )


class _Settings:
    """The settings to which the words of one container refer, those made for that included."""

    def __init__(self, container: Container) -> None:
        self._own = {
            setting.value.reveal(): setting
            for setting in container.settings
            if isinstance(setting.value, Sensitive)
        }
        self._names = {setting.name for setting in container.settings}
        self._position = container.position
        self.added: dict[str, Setting] = {}
        self.used: dict[str, Setting] = {}

    def name(self, found: _Found) -> str:
        """Return the name of the setting that holds what was ``found``."""
        setting = self._own.get(found.value) or self.added.get(found.value)
        if setting is None:
            # Under a name of its own it means nothing to the program.
            name = f"MOORING_{found.key}"
            while name in self._names:
                name += "_"
            setting = Setting(
                name=name,
                key=found.key,
                value=Sensitive(found.value),
                is_placeholder=is_placeholder(found.value),
                position=self._position,
            )
            self.added[found.value] = setting
            self._names.add(name)
        self.used[setting.name] = setting
        return setting.name


def _process(
    process: Process, known: dict[str, str], filled_in: ReadOnly[str, str], settings: _Settings
) -> Process:
    words = (*(process.entrypoint or ()), *(process.arguments or ()))
    concealed = tuple(
        Reference(word=number, start=one.start, end=one.end, setting=settings.name(one))
        for number, word in enumerate(words)
        for one in _found(word, words[number - 1] if number else "", known, filled_in)
        # A dollar sign before a reference would make it a text.
        if not word[: one.start].endswith("$")
    )
    if not concealed:
        return process
    references = sorted(
        (*process.references, *concealed), key=lambda one: (one.word, one.start, one.end)
    )
    return msgspec.structs.replace(process, references=tuple(references))


def _found(
    word: str, before: str, known: dict[str, str], filled_in: ReadOnly[str, str] = _NOTHING
) -> list[_Found]:
    """Return the secrets in ``word``, from left to right; ``before`` is the word before it."""
    spots: dict[int, _Found] = {}
    for value, name in known.items():
        start = word.find(value)
        while start >= 0:
            spots.setdefault(start, _Found(start, start + len(value), value, name))
            start = word.find(value, start + len(value))
    if _is_secret_option(before) and word and not word.startswith(_ELSEWHERE):
        spots = {0: _Found(0, len(word), word, known.get(word) or _key(before))}
    elif "=" in word or " " in word:
        for match in _OPTION.finditer(word):
            value = match[3]
            if _is_secret_option(match[1]) and not value.startswith(_ELSEWHERE):
                start = match.start(3)
                spots[start] = _Found(
                    start, match.end(3), value, known.get(value) or _key(match[1])
                )
    if filled_in:
        from mooring.translate.filled_in import places
    for value, name in filled_in.items():
        for start in places(word, value):
            spots.setdefault(start, _Found(start, start + len(value), value, name))
    ordered: list[_Found] = []
    for _, one in sorted(spots.items()):
        if not ordered or one.start >= ordered[-1].end:
            ordered.append(one)
    return ordered


def _is_secret_option(word: str) -> bool:
    if word in {"requirepass", "masterauth"}:
        return True
    return word.startswith("-") and "=" not in word and is_secret_name(word.lstrip("-"))


def _key(option: str) -> str:
    return config_key(option.lstrip("-").replace("-", "_").replace(".", "_").upper())


def _health(
    container: Container,
    known: dict[str, str],
    settings: _Settings,
    notes: list[Note],
    *,
    has_shell: bool,
) -> Health | None:
    health = container.health
    if health is None or health.asked is not None:
        return health
    words = health.command
    found = [
        (number, one)
        for number, word in enumerate(words)
        for one in _found(word, words[number - 1] if number else "", known)
    ]
    if not found:
        return health
    is_shell = len(words) == 3 and words[0].endswith("sh") and words[1] == "-c"
    if not is_shell and has_shell:
        return msgspec.structs.replace(health, command=_with_shell(words, found, settings))
    if not is_shell:
        notes.append(
            SECRET_IN_CHECK.finding(
                health.position,
                f'the health check of service "{container.source_name}" holds a secret, which '
                "everybody reads who may read its pods",
                remedy="write it as CMD-SHELL, with $$NAME of a variable in place of the value",
            )
        )
        return health
    text = words[2]
    for _, one in reversed(found):
        name = settings.name(one)
        text = text[: one.start] + _in_shell(text[: one.start], name) + text[one.end :]
    return msgspec.structs.replace(health, command=(*words[:2], text))


def _with_shell(
    words: tuple[str, ...], found: list[tuple[int, _Found]], settings: _Settings
) -> tuple[str, ...]:
    """Return a shell that runs ``words``, with settings in place of the secrets ``found``."""
    import shlex  # few checks hold a secret

    pieces: dict[int, list[str]] = {}
    ends: dict[int, int] = {}
    for number, one in found:
        word, made = words[number], pieces.setdefault(number, [])
        between = word[ends.get(number, 0) : one.start]
        made.append(shlex.quote(between) if between else "")
        made.append(f'"${{{settings.name(one)}}}"')
        ends[number] = one.end
    said: list[str] = []
    for number, word in enumerate(words):
        rest = word[ends.get(number, 0) :]
        said.append(
            "".join(pieces.get(number, ()))
            + (shlex.quote(rest) if rest or number not in ends else "")
        )
    return ("/bin/sh", "-c", f"exec {' '.join(said)}")


def _in_shell(before: str, name: str) -> str:
    """Return how a shell writes the setting ``name`` behind the text ``before``."""
    quote = ""
    escaped = False
    for character in before:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
    return {"": f'"${{{name}}}"', '"': f"${{{name}}}", "'": f"'\"${{{name}}}\"'"}[quote]
