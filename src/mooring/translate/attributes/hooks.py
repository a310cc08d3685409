"""
Commands at the start and the end of a container: `post_start` and `pre_stop`.

## What it means
`post_start` commands run inside the container once it has started, `pre_stop` commands before it
is sent its stop signal; one after the other, each as a user, in a directory and with variables of
its own.  A `post_start` command that fails stops the container.

## What it becomes
`container.lifecycle.postStart.exec` and `preStop.exec`.  Several commands are joined by a shell
that ends with the first failure.  A working directory is entered by `/bin/sh`, and variables are
set by `env`, both of which the image must have.

## What is lost
Kubernetes runs such a command as the user of the container, without more rights; what asks for
another user or for privileges is left to that user, and a finding says so.  A variable with a
secret value is left out: it would stand in clear text in the manifest.  The time of `pre_stop`
counts against the grace period.

## Example
    post_start:
      - command: ["./warm-up", "--all"]     # container.lifecycle.postStart.exec.command
        working_dir: /app                   # entered by /bin/sh

## References
- https://docs.docker.com/reference/compose-file/services/#post_start
- https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
"""

import msgspec

from mooring.accounting import Path
from mooring.app.health import Hook
from mooring.compose.nodes import Node, Scalar
from mooring.findings import Rule, Severity
from mooring.translate.extensions import extension_notes
from mooring.translate.notes import Note, Translated, approximated, carried, dropped, refused
from mooring.translate.secrecy import is_secret_setting
from mooring.translate.view import ServiceView, entries, field, items, text, texts, truth

ATTRIBUTES: tuple[str, ...] = ("post_start", "pre_stop")

HOOK_AS_CONTAINER_USER = Rule(
    id="hook-runs-as-container-user", severity=Severity.WARNING, since="0.1"
)
SECRET_IN_HOOK = Rule(id="secret-in-hook", severity=Severity.WARNING, since="0.1")

_NAMES = frozenset(ATTRIBUTES)


class Hooks(msgspec.Struct, frozen=True, kw_only=True):
    """What runs after the start and before the stop of a container, each in order."""

    after_start: tuple[Hook, ...] = ()
    before_stop: tuple[Hook, ...] = ()


_NOTHING = Translated(Hooks())


def translate(service: ServiceView) -> Translated[Hooks]:
    """Return the commands that run at the start and the end of the service's container."""
    if _NAMES.isdisjoint(service.attributes.entries):
        return _NOTHING
    notes: list[Note] = []
    return Translated(
        Hooks(
            after_start=_hooks(service, "post_start", "container.lifecycle.postStart.exec", notes),
            before_stop=_hooks(service, "pre_stop", "container.lifecycle.preStop.exec", notes),
        ),
        tuple(notes),
    )


def _hooks(service: ServiceView, attribute: str, to: str, notes: list[Note]) -> tuple[Hook, ...]:
    if attribute not in service.attributes.entries:
        return ()
    listed = tuple(items(service.get(attribute)))
    if not listed:
        notes.append(carried(service.path(attribute), "no commands"))
    found: list[Hook] = []
    for index, node in listed:
        path = service.path(attribute, index)
        command = texts(field(node, "command"))
        if not command:
            notes.append(dropped(path, "it names no command"))
            continue
        if attribute == "pre_stop":
            reason = "its time counts against the grace period, and a failure does not keep it"
            notes.append(approximated(path, reason, to))
        elif len(listed) > 1:
            notes.append(approximated(path, "a shell of the image runs them in a row", to))
        else:
            notes.append(carried(path, to))
        notes.extend(extension_notes(node, path))
        command = _with_surroundings(service, node, path, command, to, notes)
        found.append(Hook(command=command, position=node.position))
    return tuple(found)


def _with_surroundings(
    service: ServiceView,
    node: Node,
    path: Path,
    command: tuple[str, ...],
    to: str,
    notes: list[Note],
) -> tuple[str, ...]:
    """Return ``command`` with what has to happen around it: variables, and a directory."""
    _as_user(service, node, path, notes)
    settings = _settings(service, node, path, to, notes)
    if settings:
        command = ("env", *settings, *command)
    directory = field(node, "working_dir")
    if directory is not None and text(directory):
        notes.append(
            approximated((*path, "working_dir"), "a shell of the image enters the directory", to)
        )
        command = ("/bin/sh", "-c", 'cd "$0" && exec "$@"', text(directory), *command)
    return command


def _as_user(service: ServiceView, node: Node, path: Path, notes: list[Note]) -> None:
    user, own = field(node, "user"), service.get("user")
    wants_other = user is not None and not (own is not None and text(own) == text(user))
    if user is not None:
        notes.append(
            dropped((*path, "user"), "it runs as the user of the container")
            if wants_other
            else carried((*path, "user"), "the user of the container")
        )
    privileged = truth(field(node, "privileged"))
    if privileged:
        notes.append(refused((*path, "privileged"), "it has the rights of the container, no more"))
    if wants_other or privileged:
        what = f'as user "{text(user)}"' if user is not None and wants_other else "privileged"
        notes.append(
            HOOK_AS_CONTAINER_USER.finding(
                node.position,
                f'a hook of service "{service.name}" asks to run {what}, and runs as the container',
                remedy="do this in the image, or in a step of pre_start",
            )
        )


def _settings(
    service: ServiceView, node: Node, path: Path, to: str, notes: list[Note]
) -> tuple[str, ...]:
    """Return `NAME=value` for each variable that may be read by everybody."""
    settings: list[str] = []
    environment = field(node, "environment")
    if environment is None:
        return ()
    place = (*path, "environment")
    notes.append(approximated(place, "the image's `env` sets them for the command", to))
    for name, value in entries(environment):
        if not isinstance(value, Scalar) or value.value is None:
            notes.append(dropped((*place, name), "it has no value here, and Compose omits it"))
        elif is_secret_setting(name, text(value), value.variables):
            reason = "a secret would stand in clear text in the manifest"
            notes.append(refused((*place, name), reason))
            notes.append(
                SECRET_IN_HOOK.finding(
                    value.position,
                    f'a hook of service "{service.name}" does not get the variable {name}: its '
                    "value is secret",
                    remedy=f"give {name} to the container, in `environment`: hooks see it there",
                )
            )
        else:
            settings.append(f"{name}={text(value)}")
    return tuple(settings)
