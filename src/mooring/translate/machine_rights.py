"""
Rights over the machine that services ask for: which they get, and what is asked about the others.

Privileged containers, the network, processes, memory and paths of the machine: whoever has them is
root of a node, whatever else is set.  Development gets what the Compose file says; elsewhere a
service goes without, which is an error and an open question, until
``services.<name>.allow`` answers it.  A path that mooring.yaml calls the node's own is allowed by
that.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.rights import Right, asked_rights, machine_paths
from mooring.app.security import USUAL_CAPABILITIES
from mooring.app.storage import Storage
from mooring.app.workloads import Container, Task, Workload
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.findings import Rule, Severity
from mooring.settings.choices import Allowance, Choices, MountChoice
from mooring.sources import Position
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView

RIGHT_REFUSED = Rule(id="right-refused", severity=Severity.ERROR, since="0.1")

_ATTRIBUTES = {
    Right.PRIVILEGED: "privileged",
    Right.HOST_PATH: "volumes",
    Right.HOST_NETWORK: "network_mode",
    Right.HOST_PID: "pid",
    Right.HOST_IPC: "ipc",
}
_MEANING = {
    Right.PRIVILEGED: "to be privileged",
    Right.HOST_PATH: "for paths of its node",
    Right.HOST_NETWORK: "for the network of its node",
    Right.HOST_PID: "to see all processes of its node",
    Right.HOST_IPC: "to share memory with all of its node",
}


def with_rights(
    application: Application, views: ReadOnly[str, ServiceView], choices: Choices
) -> Translated[Application]:
    """Return ``application`` with the rights over the machine that its parts are allowed."""
    storages = {storage.name: storage for storage in application.storages}
    notes: list[Note] = [
        note
        for part in application.parts
        for one in part.containers
        for note in _exceptions(one, views)
    ]
    parts = tuple(
        _with_rights(part, asked, storages, views, choices, notes)
        if (asked := asked_rights(part, storages))
        else part
        for part in application.parts
    )
    if not notes:
        return Translated(application)
    return Translated(msgspec.structs.replace(application, parts=parts), tuple(notes))


def _with_rights(
    part: Workload | Task,
    asked: tuple[Right, ...],
    storages: ReadOnly[str, Storage],
    views: ReadOnly[str, ServiceView],
    choices: Choices,
    notes: list[Note],
) -> Workload | Task:
    allowed = frozenset(right for right in asked if _is_allowed(right, part, storages, choices))
    view = views[part.source_name]
    refused = tuple(right for right in asked if right not in allowed)
    if allowed:
        notes.append(_allowed(view, tuple(right for right in asked if right in allowed)))
    if refused and choices.service(view.name).allow is None:
        notes.extend(refusal(view, refused, _position(view, refused[0])))
    return msgspec.structs.replace(part, allowed_rights=allowed)


def _is_allowed(
    right: Right, part: Workload | Task, storages: ReadOnly[str, Storage], choices: Choices
) -> bool:
    """Tell whether all services of ``part`` that ask for ``right`` may have it."""
    if right is Right.HOST_PATH:
        return all(
            _may_mount(one, path, choices)
            for one in part.containers
            for path in machine_paths(one, storages)
        )
    services = {part.source_name, *(one.source_name for one in part.containers)}
    return any(Allowance(right.value) in (choices.service(name).allow or ()) for name in services)


def _may_mount(container: Container, path: str, choices: Choices) -> bool:
    chosen = choices.service(container.source_name)
    allowed = chosen.allow or ()
    is_socket = path.endswith(".sock")
    return (
        chosen.mounts.get(path) is MountChoice.NODE
        or Allowance.HOST_PATH in allowed
        or (is_socket and Allowance.RUNTIME_SOCKET in allowed)
    )


def _exceptions(container: Container, views: ReadOnly[str, ServiceView]) -> Iterator[Decision]:
    """Yield what a container asks for in so many words that only the loosest level admits."""
    rights = container.security
    if rights.privileged:
        return
    added = [name for name in rights.added_capabilities if name not in USUAL_CAPABILITIES]
    view = views[container.source_name]
    if added:
        yield Decision(
            subject=f"services.{view.name}",
            topic="rights",
            choice=f"adds {', '.join(added)}: its namespace has to admit every pod",
            evidence=(
                Evidence("the Compose file, or its image, asks for it", view.position("cap_add")),
            ),
            overrule=f"services: {{{view.name}: {{capabilities: []}}}}",
        )


def _position(view: ServiceView, right: Right) -> Position | None:
    return view.position(_ATTRIBUTES[right])


def _allowed(view: ServiceView, rights: tuple[Right, ...]) -> Decision:
    words = " and ".join(right.value for right in rights)
    return Decision(
        subject=f"services.{view.name}",
        topic="rights",
        choice=f"has {words}: its namespace has to admit every pod, however dangerous",
        evidence=tuple(
            Evidence(
                f"it asks {_MEANING[right]}, and mooring.yaml allows it", _position(view, right)
            )
            for right in rights
        ),
        overrule=f"services: {{{view.name}: {{allow: []}}}}",
    )


def refusal(
    view: ServiceView,
    rights: tuple[Right | Allowance, ...],
    position: Position | None,
    meaning: str | None = None,
) -> tuple[Note, Note]:
    """Return the error and the question of a service that goes without ``rights``."""
    asks = meaning or " and ".join(_MEANING[Right(right.value)] for right in rights)
    words = ", ".join(right.value for right in rights)
    line = f"services: {{{view.name}: {{allow: [{words}]}}}}"
    where = "no environment" if meaning else "only development"
    without = "do without"
    if any(right.value == Right.HOST_IPC.value for right in rights):
        without += " (it then has up to 1Gi of shared memory of its own, or what shm_size says)"
    return (
        RIGHT_REFUSED.finding(
            position,
            f'service "{view.name}" asks {asks}, by which it could take over the node; {where} '
            "gives it that",
            remedy=f"{without}, or allow it in mooring.yaml: {line}",
        ),
        OpenQuestion(
            subject=f"services.{view.name}",
            question=f"it asks {asks}: may it have that, or does it do without (allow: []), or is "
            "it not for a cluster (mode: none)?",
            answer=line,
            position=position,
        ),
    )
