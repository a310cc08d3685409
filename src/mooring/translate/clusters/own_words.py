"""
From marks to references: what each replica fills in itself, as the application says it.

While services are compared and names rewritten, a mark stands where a replica's own name, number or
address belongs.  At the end a container gets a setting for each that it uses, and its texts refer
to these.
"""

from collections.abc import Iterator

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Setting
from mooring.app.process import Process, Reference
from mooring.app.replicas import Own
from mooring.app.workloads import Container, Workload
from mooring.sensitive import Sensitive
from mooring.translate.clusters.texts import OWN_ADDRESS, OWN_NAME, OWN_NUMBER, SETTLED

_OWN = {OWN_NAME: Own.NAME, OWN_NUMBER: Own.NUMBER, OWN_ADDRESS: Own.ADDRESS}
_NAMES = {Own.NAME: "POD_NAME", Own.NUMBER: "POD_NUMBER", Own.ADDRESS: "POD_ADDRESS"}


def with_own_words(application: Application) -> Application:
    """Return ``application`` with references in place of the marks in its clusters."""
    if not any(isinstance(part, Workload) and part.members for part in application.parts):
        return application
    return msgspec.structs.replace(
        application,
        parts=tuple(
            msgspec.structs.replace(
                part, containers=tuple(_with_references(one) for one in part.containers)
            )
            if isinstance(part, Workload) and part.members
            else part
            for part in application.parts
        ),
    )


def _with_references(container: Container) -> Container:
    container = _without_settled(container)
    used = dict.fromkeys(_marks(container))
    if not used:
        return container
    taken = {setting.name for setting in container.settings}
    names: dict[str, str] = {}
    for mark in used:
        name = _NAMES[_OWN[mark]]
        while name in taken:
            name = f"{name}_"
        names[mark] = name
        taken.add(name)
    own = tuple(
        Setting(name=name, value="", own=_OWN[mark], position=container.position)
        for mark, name in names.items()
    )
    settings = tuple(_setting(setting, names) for setting in container.settings)
    return msgspec.structs.replace(
        container, settings=(*own, *settings), process=_process(container.process, names)
    )


def _without_settled(container: Container) -> Container:
    """Return ``container`` without the marks that only kept names from being rewritten."""

    def bare(words: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if words is None else tuple(word.replace(SETTLED, "") for word in words)

    def value(given: str | Sensitive[str]) -> str | Sensitive[str]:
        if isinstance(given, Sensitive):
            return Sensitive(given.reveal().replace(SETTLED, ""))
        return given.replace(SETTLED, "")

    process = container.process
    return msgspec.structs.replace(
        container,
        settings=tuple(
            msgspec.structs.replace(one, value=value(one.value)) for one in container.settings
        ),
        process=msgspec.structs.replace(
            process, entrypoint=bare(process.entrypoint), arguments=bare(process.arguments)
        ),
    )


def _marks(container: Container) -> Iterator[str]:
    process = container.process
    texts = [*(process.entrypoint or ()), *(process.arguments or ())]
    texts += [one.value for one in container.settings if not isinstance(one.value, Sensitive)]
    for mark in _OWN:
        if any(mark in text for text in texts):
            yield mark


def _setting(setting: Setting, names: dict[str, str]) -> Setting:
    if isinstance(setting.value, Sensitive) or not any(mark in setting.value for mark in names):
        return setting
    text, references = _taken_out(setting.value, names, 0)
    return msgspec.structs.replace(setting, value=text, references=tuple(references))


def _process(process: Process, names: dict[str, str]) -> Process:
    references: list[Reference] = []

    def without_marks(words: tuple[str, ...] | None, first: int) -> tuple[str, ...] | None:
        if words is None:
            return None
        made = []
        for number, word in enumerate(words, start=first):
            text, found = _taken_out(word, names, number)
            made.append(text)
            references.extend(found)
        return tuple(made)

    entrypoint = without_marks(process.entrypoint, 0)
    arguments = without_marks(process.arguments, len(process.entrypoint or ()))
    return msgspec.structs.replace(
        process,
        entrypoint=entrypoint,
        arguments=arguments,
        references=(*process.references, *references),
    )


def _taken_out(text: str, names: dict[str, str], word: int) -> tuple[str, list[Reference]]:
    """Return ``text`` without marks, and a reference for each place where one stood."""
    made: list[str] = []
    references: list[Reference] = []
    length = 0
    for character in text:
        if character in names:
            references.append(
                Reference(word=word, start=length, end=length, setting=names[character])
            )
        else:
            made.append(character)
            length += 1
    return "".join(made), references
