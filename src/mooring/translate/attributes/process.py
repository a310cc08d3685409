"""
The process of a container: `command`, `entrypoint`, `working_dir`, `stdin_open`, `tty`.

## What it means
`entrypoint` replaces the image's ENTRYPOINT and drops its CMD; `command` replaces the image's CMD
and is handed to the entrypoint as arguments.  Absent or null keeps what the image says; an empty
value clears it.  A text is split into words as a shell would, but no shell runs it: `a && b`
hands `&&` to `a`.

## What it becomes
| Compose | Kubernetes |
|---|---|
| `entrypoint` | `container.command` |
| `command` | `container.args` |
| `command` with an emptied `entrypoint` | `container.command`: the words run alone |
| `working_dir` | `container.workingDir` |
| `stdin_open`, `tty` | `container.stdin`, `container.tty` |

The words are literal: `$(date)` and `$$` reach the process as they stand here.

## What is lost
Kubernetes takes an empty list for "as in the image".  An emptied `command` is kept empty by
writing the image's entrypoint out, and an emptied `entrypoint` by writing the image's CMD out,
where the Dockerfile of the service tells them.  Where it does not, the image's own stay in force,
and a finding says so.

## Example
    entrypoint: ["python", "-m"]     # container.command
    command: "app --port 80"         # container.args: ["app", "--port", "80"]

## References
- https://docs.docker.com/reference/compose-file/services/#entrypoint
- https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
"""

from typing import TypeAlias

import msgspec

from mooring.app.process import Process
from mooring.compose.dockerfile.facts import CommandLine
from mooring.findings import Rule, Severity
from mooring.translate.notes import Note, Translated, approximated, carried
from mooring.translate.view import ServiceView, text, texts, truth

ATTRIBUTES: tuple[str, ...] = ("command", "entrypoint", "working_dir", "stdin_open", "tty")

CLEARED_COMMAND_KEPT = Rule(id="cleared-command-kept", severity=Severity.WARNING, since="0.1")

_IMAGES_OWN = "the image's own, as nothing is given"
_COMMAND = "container.command"
_ARGS = "container.args"

Words: TypeAlias = tuple[str, ...] | None


class _Line(msgspec.Struct, frozen=True):
    """What is run, and what is to be said about each of the two attributes."""

    entrypoint: Words
    arguments: Words
    entrypoint_note: Note | None = None
    command_note: Note | None = None
    finding: Note | None = None


def translate(service: ServiceView) -> Translated[Process]:
    """Return the process of the service's container, its words literal."""
    attributes = service.attributes.entries
    notes: list[Note] = []
    line = _line(service)
    for attribute, note in (("entrypoint", line.entrypoint_note), ("command", line.command_note)):
        if note is not None:
            notes.append(note)
        elif attribute in attributes:
            notes.append(carried(service.path(attribute), _IMAGES_OWN))
    if line.finding is not None:
        notes.append(line.finding)
    working_directory = service.get("working_dir")
    if "working_dir" in attributes:
        notes.append(carried(service.path("working_dir"), "container.workingDir"))
    if "stdin_open" in attributes:
        notes.append(carried(service.path("stdin_open"), "container.stdin"))
    if "tty" in attributes:
        notes.append(carried(service.path("tty"), "container.tty"))
    return Translated(
        Process(
            entrypoint=line.entrypoint,
            arguments=line.arguments,
            is_whole=line.entrypoint is not None and _is_cleared(service),
            working_directory=(text(working_directory) or None) if working_directory else None,
            keeps_stdin_open=truth(service.get("stdin_open")),
            has_terminal=truth(service.get("tty")),
        ),
        tuple(notes),
    )


def _line(service: ServiceView) -> _Line:
    """Return the command line that Compose would make of both attributes and the image."""
    entrypoint_node, command_node = service.get("entrypoint"), service.get("command")
    if entrypoint_node is None and command_node is None:
        return _Line(None, None)
    entrypoint = texts(entrypoint_node) if entrypoint_node is not None else None
    command = texts(command_node) if command_node is not None else None
    if entrypoint is None:
        assert command is not None
        return _without_entrypoint(service, command)
    if _is_cleared(service):
        return _cleared_entrypoint(service, command)
    command_note = None
    if command is not None:
        command_note = carried(
            service.path("command"),
            _ARGS if command else f"{_COMMAND}: Kubernetes runs it without the image's CMD",
        )
    return _Line(
        entrypoint,
        command or None,
        carried(service.path("entrypoint"), _COMMAND),
        command_note,
    )


def _is_cleared(service: ServiceView) -> bool:
    """Tell whether the image's ENTRYPOINT is cleared, so that the command is all that runs."""
    node = service.get("entrypoint")
    # The engine takes one empty word for an entrypoint that is cleared.
    return node is not None and texts(node) in ((), ("",))


def _without_entrypoint(service: ServiceView, command: tuple[str, ...]) -> _Line:
    path = service.path("command")
    if command:
        return _Line(None, command, None, carried(path, _ARGS))
    known = service.image_facts.entrypoint if service.image_facts else None
    if known is not None and known.words:
        return _Line(
            known.arguments,
            None,
            None,
            carried(path, f"{_COMMAND}: the Dockerfile's ENTRYPOINT{_at(known)}, without its CMD"),
        )
    return _Line(
        None,
        None,
        None,
        approximated(
            path,
            "Kubernetes cannot clear the CMD of an image whose ENTRYPOINT is not known here, so "
            "that CMD stays in force",
            _ARGS,
        ),
        CLEARED_COMMAND_KEPT.finding(
            service.position("command"),
            f'service "{service.name}" clears the image\'s CMD, which Kubernetes cannot express: '
            "the CMD stays in force",
            remedy="write the image's entrypoint out as `entrypoint`",
        ),
    )


def _cleared_entrypoint(service: ServiceView, command: Words) -> _Line:
    path = service.path("entrypoint")
    if command:
        return _Line(
            command,
            None,
            carried(path, f"{_COMMAND}: it holds `command` alone"),
            carried(service.path("command"), _COMMAND),
        )
    known = service.image_facts.command if service.image_facts else None
    if command is None and known is not None and known.words:
        return _Line(
            known.arguments,
            None,
            carried(path, f"{_COMMAND}: the Dockerfile's CMD{_at(known)}, without its ENTRYPOINT"),
        )
    nothing_runs = command is not None
    reason = (
        "nothing is left to run once both are cleared, so the image's own stay in force"
        if nothing_runs
        else "Kubernetes cannot clear the ENTRYPOINT of an image whose CMD is not known here, so "
        "that ENTRYPOINT stays in force"
    )
    return _Line(
        None,
        None,
        approximated(path, reason, _COMMAND),
        approximated(service.path("command"), reason, _ARGS) if nothing_runs else None,
        CLEARED_COMMAND_KEPT.finding(
            service.position("entrypoint"),
            f'service "{service.name}" clears the image\'s ENTRYPOINT, and what it should run '
            "instead is not known: the ENTRYPOINT stays in force",
            remedy="write what the container runs as `command`",
        ),
    )


def _at(known: CommandLine) -> str:
    return f" ({known.position.short})"
