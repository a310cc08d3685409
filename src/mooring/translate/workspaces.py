"""
Containers that somebody works in: development containers, and tool boxes that only wait.

Such a container runs nothing by itself (``sleep infinity``); an editor or a shell is started in
it, on sources that it mounts.  There is nothing in it to deploy: what is developed in there gets
an image of its own, and a service that runs it.

Only what does nothing and has something to work on counts: a folder that is mounted, an image made
for the purpose, or a Compose file among those of a development container.  Idle containers without
any of that may be there to be entered in the cluster as well.  A script that starts a program in
the background, and then waits to keep its container alive, runs that program.

Source: https://containers.dev/implementors/spec/ (``dockerComposeFile``, ``overrideCommand``).
"""

import os
import posixpath
import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Scalar
from mooring.decisions import Evidence
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.settings.choices import Choices
from mooring.translate.view import ServiceView, field, items, text

DEVELOPED_NOT_RUN = Rule(id="developed-and-not-run", severity=Severity.WARNING, since="0.1")

_FOLDER = ".devcontainer"
_IMAGES = ("mcr.microsoft.com/devcontainers/", "mcr.microsoft.com/vscode/devcontainers/")
_SIGNS = ("sleep", "/dev/null", "while")
_IN_BACKGROUND = LazyPattern(
    r"(?<![&>|<])&(?![&>\d])"
    r"|\bservice\s+[\w.-]+\s+(?:re)?start\b|/etc/init\.d/[\w.-]+\s+(?:re)?start\b"
    r"|\bsystemctl\s+(?:re)?start\b|\b(?:supervisord|start-stop-daemon)\b|\s--daemon\b"
)
"""How a script starts what goes on while it waits."""
_IDLE = LazyPattern(
    r"(?:^|[\s;&|])(?:exec\s+)?(?:"
    r"sleep\s+(?:infinity|inf|\d{5,}|\d+[dh])"
    r"|tail\s+-[fF]\s+/dev/null"
    r"|while\s+(?:sleep\s+\S+|true|:)\s*;\s*do\s+(?::|true|sleep\s+\S+)\s*;\s*done"
    r")\s*(?:&\s*wait(?:\s+\S+)?)?\s*;?$",
    re.IGNORECASE,
)
"""What does nothing for ever, at the end of a command line or of a script."""


def for_workspaces(views: ReadOnly[str, ServiceView], choices: Choices) -> dict[str, Evidence]:
    """
    Return why services of ``views`` are there for somebody's work, by their names.

    Those are the containers to work in, and what stands beside one in a file of a development
    container: the databases of that one developer.
    """
    found = {
        name: evidence
        for name, view in views.items()
        if (evidence := workspace(view, choices)) is not None
    }
    files = {
        position.file: name
        for name in found
        if (position := views[name].attributes.position) is not None
        and _FOLDER in position.file.split("/")
    }
    for name, view in views.items() if files else ():
        position = view.attributes.position
        beside = files.get(position.file) if position is not None else None
        if beside and name not in found and choices.service(name).kind is None:
            found[name] = Evidence(
                f'it stands beside the development container "{beside}" in a file for that',
                position,
            )
    return found


def workspace(service: ServiceView, choices: Choices) -> Evidence | None:
    """Return why ``service`` is a container to work in, or None where it is not one."""
    command = service.get("command")
    words = [text(word) for _, word in items(command)]
    entrypoint = [text(word) for _, word in items(service.get("entrypoint"))]
    last = " ".join(words or entrypoint)
    if not any(sign in last for sign in _SIGNS):
        return None
    idle = _IDLE.search(last)
    if idle is None or _IN_BACKGROUND.search(last[: idle.start()]) is not None:
        return None
    if choices.service(service.name).kind is not None:
        return None
    why = _what_for(service)
    if why is None:
        return None
    position = service.position("command" if words else "entrypoint")
    return Evidence(f"it only waits ({_shown(last)}), and {why}", position)


def _what_for(service: ServiceView) -> str | None:
    position = service.attributes.position
    if position is not None and _FOLDER in position.file.split("/"):
        return f"its file is one of a development container ({_FOLDER})"
    image = service.get("image")
    if image is not None and text(image).startswith(_IMAGES):
        return "its image is made for development"
    for source, target in _binds(service):
        if not posixpath.splitext(source)[1]:
            return f"mounts {posixpath.basename(source) or source} at {target} to work on"
    return None


def _shown(command: str) -> str:
    return command if len(command) <= _LONGEST else f"...{command[-_LONGEST:]}"


_LONGEST = 40


def _binds(service: ServiceView) -> Iterator[tuple[str, str]]:
    """Yield source and target of each bind mount."""
    for _, mount in items(service.get("volumes")):
        kind, source, target = (field(mount, name) for name in ("type", "source", "target"))
        if isinstance(kind, Scalar) and kind.value == "bind" and source is not None:
            yield text(source), text(target) if target is not None else "/"


def programs_not_run(
    views: ReadOnly[str, ServiceView],
    workspaces: ReadOnly[str, Evidence],
    shown: Callable[[str], str],
    *,
    is_file: Callable[[str], bool] = os.path.isfile,
) -> Iterator[Finding]:
    """
    Yield a finding for each program that is developed in a workspace and that no service runs.

    A folder that is worked on and has a Dockerfile is a program.  ``shown`` says how a path is
    shown, ``is_file`` looks at the disk.
    """
    contexts = {
        text(context)
        for view in views.values()
        if (build := view.get("build")) is not None
        and (context := field(build, "context")) is not None
    }
    for name in workspaces:
        for source, _ in _binds(views[name]):
            if source in contexts or not is_file(posixpath.join(source, "Dockerfile")):
                continue
            folder = shown(source)
            yield DEVELOPED_NOT_RUN.finding(
                views[name].attributes.position,
                f'"{name}" is where {folder} is developed, and no service runs what its Dockerfile '
                "builds",
                remedy=f"add a service of its own, with build: {folder}, to a Compose file",
            )
