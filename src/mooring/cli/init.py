"""`mooring init`: the first mooring.yaml of a stack."""

import os

import msgspec

from mooring.cli import statuses, terminal
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.errors import OutputError, UsageError
from mooring.report import initial_settings, printable
from mooring.settings.settled import FILE_NAME, Settings

ARGUMENTS = ("directory",)
OPTIONS = (
    Option(("--stdout",), "stdout", is_flag=True, help="Print the file, and write nothing."),
    Option(
        ("--force",),
        "force",
        is_flag=True,
        help=f"Replace the {FILE_NAME} that is there; it stays as {FILE_NAME}.bak.",
    ),
)


def init(invocation: Invocation, *, directory: str | None, stdout: bool, force: bool) -> int:
    """
    Write a short, commented mooring.yaml: the environments found, and what is open.

    Looks for the compose files in DIR, or here.  The file says what Mooring does without it, so
    that nothing changes until you change it; each open question is a comment in the place of its
    answer.  A mooring.yaml that is there is never overwritten without --force.
    """
    request = invocation.stack_request()
    if directory is not None:
        load = request.load
        if not os.path.isdir(os.path.join(load.directory, directory)):
            raise UsageError(f"{directory} is no directory", remedy="name the stack's folder")
        here = os.path.normpath(os.path.join(load.directory, directory))
        environment = {**load.environment, "PWD": here} if load.environment.get("PWD") else {}
        request = msgspec.structs.replace(
            request,
            load=msgspec.structs.replace(
                load, directory=here, environment=environment or load.environment
            ),
        )
    stages = invocation.stages
    folder = stages.project_directory(request.load)
    path = os.path.join(folder, FILE_NAME)
    if os.path.lexists(path) and not (force or stdout):
        raise UsageError(
            f"{os.path.relpath(path, request.load.directory)} is there already",
            remedy="--stdout prints what would be written, --force replaces it and keeps a copy",
        )
    request, unused = stages.proposed(
        msgspec.structs.replace(request, only=None, settings=Settings())
    )
    made = stages.stack(request)
    content = initial_settings.text(
        made.name,
        [
            initial_settings.Found(
                environment=each.environment,
                decisions=each.translation.decisions,
                questions=each.translation.questions,
            )
            for each in made.environments
        ],
        directory=folder,
        projects=request.projects,
        unused=unused,
    )
    invocation.tell(
        (finding for each in made.environments[-1:] for finding in each.findings), asked=True
    )
    if stdout:
        terminal.print_result(content)
        return statuses.FINE
    kept = _write(path, content, force=force)
    names = ", ".join(each.environment.name for each in made.environments)
    shown = printable.one_line(os.path.relpath(path, os.getcwd()))
    lines = [f"{shown}: {names}"]
    if kept:
        lines.append(f"  the file that was there is {os.path.relpath(kept, os.getcwd())}")
    lines.append("  fill in what is commented, then run mooring explain and mooring convert")
    terminal.print_result("\n".join(lines))
    return statuses.FINE


def _write(path: str, content: str, *, force: bool) -> str:
    """Write the file, and return the path under which the one that it replaces is kept, if any."""
    kept = ""
    try:
        if force and os.path.lexists(path):
            kept = _free(f"{path}.bak")
            os.rename(path, kept)
        with open(path, "x", encoding="utf-8") as stream:
            stream.write(content)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error
    return kept


def _free(path: str) -> str:
    """Return ``path``, or the first of ``path``2, ``path``3 ... where nothing is."""
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = f"{path}{number}"
    return free
