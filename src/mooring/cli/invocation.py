"""What the common options of one command line ask for, and the stages that answer."""

import os
import sys
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mooring.compose.discovery import LoadRequest
    from mooring.compose.project import Loaded
    from mooring.findings import Finding
    from mooring.pipeline import Request, Stack
    from mooring.render.file_tree import FileTree
    from mooring.render.writing import Changes
    from mooring.settings.environments import Environment, ProjectFiles


_A_QUESTION = "unset-variable"
"""The rule whose findings are open questions of the same words."""


class Stages(Protocol):
    """The part of `mooring.pipeline` that commands call; a test hands in its own."""

    def load_each(self, request: "Request") -> "dict[str, Loaded]":
        """
        Return the projects of ``request`` as they are loaded, a single one under "".

        Raises:
            InputErrors: all faults of the input.
        """

    def environments(self, request: "Request") -> "tuple[Environment, ...]":
        """Return the environments that ``request`` is about, the least strict first."""

    def project_directory(self, request: "LoadRequest") -> str:
        """Return the folder in which the project's mooring.yaml stands, or would."""

    def proposed(self, request: "Request") -> "tuple[Request, tuple[str, ...]]":
        """Return ``request`` with what its files suggest, and the Compose files left over."""

    def stack(self, request: "Request") -> "Stack":
        """Return the objects of these environments, and how they came to be."""

    def without_answered(self, made: "Stack", output: str) -> "Stack":
        """Return ``made`` without the questions that the files below ``output`` answer."""

    def tree(self, made: "Stack", format_name: str) -> "FileTree":
        """Return the files of ``made`` in the form ``format_name``."""

    def write(self, files: "FileTree", output: str, *, lock: str, force: bool) -> "Changes":
        """Write ``files`` into the folder ``output`` and return what was done."""


class Invocation:
    """
    The common options, gathered from both sides of the command's name.

    Options that may be given several times are joined in order; of the others the last wins.
    ``verbosity`` is 0 by default, below for --quiet, above for --verbose.
    """

    __slots__ = (
        "_stages",
        "arguments",
        "env_files",
        "environment",
        "files",
        "profiles",
        "project_directory",
        "project_name",
        "projects",
        "verbosity",
    )

    def __init__(self, arguments: list[str], stages: Stages | None = None) -> None:
        self._stages = stages
        self.arguments = arguments
        self.files: tuple[str, ...] = ()
        self.project_directory = ""
        self.env_files: tuple[str, ...] = ()
        self.profiles: tuple[str, ...] = ()
        self.project_name = ""
        self.projects: tuple[str, ...] = ()
        self.environment: str | None = None
        self.verbosity = 0

    @property
    def stages(self) -> Stages:
        """The program's stages; they are loaded when a command first asks for them."""
        if self._stages is None:
            from mooring import pipeline

            self._stages = pipeline
        return self._stages

    def request(self) -> "LoadRequest":
        """
        Return what the options ask to load; standard input is read here where it is asked for.

        Raises:
            UsageError: the working directory is gone.
        """
        from mooring.compose.discovery import LoadRequest

        return LoadRequest(
            directory=_working_directory(),
            files=self.files,
            project_directory=self.project_directory,
            env_files=self.env_files,
            profiles=self.profiles,
            environment=dict(os.environ),
            name=self.project_name,
            stdin=sys.stdin.buffer.read() if self._reads_stdin() and sys.stdin else None,
        )

    def stack_request(self) -> "Request":
        """Return what the options ask to make of what they ask to load."""
        from mooring.pipeline import Request

        named = self.environment or os.environ.get("MOORING_ENVIRONMENT") or None
        return Request(load=self.request(), only=named, projects=self._several_projects())

    def tell(self, findings: "Iterable[Finding]", *, asked: bool = False) -> None:
        """
        Write ``findings`` to the error stream: errors always, the rest by verbosity.

        Where open questions are ``asked`` as well, what is one of them is not said twice.
        """
        from mooring.findings import Severity

        levels = {Severity.ERROR}
        if self.verbosity >= 0:
            levels.add(Severity.WARNING)
        if self.verbosity > 0:
            levels.add(Severity.INFO)
        shown = [
            finding
            for finding in findings
            if finding.severity in levels
            and not (asked and finding.rule == _A_QUESTION and self.verbosity <= 0)
        ]
        if not shown:
            return

        from mooring.cli import terminal
        from mooring.report import text

        terminal.say(
            text.findings(
                shown,
                palette=terminal.palette(sys.stderr, self.arguments),
                lines_of=terminal.lines_of(sys.stderr),
            )
        )

    def _several_projects(self) -> "tuple[ProjectFiles, ...]":
        """
        Return the projects that --project names.

        Raises:
            UsageError: one has another form, or stands beside an option for a single project.
        """
        if not self.projects:
            return ()
        from mooring.settings import projects

        for option, given in (
            ("--file", self.files),
            ("--project-directory", self.project_directory),
        ):
            if given:
                from mooring.errors import UsageError

                raise UsageError(
                    f"{option} and --project exclude each other",
                    remedy="name all files with --project NAME=FILE",
                )
        return projects.from_command_line(self.projects)

    def _reads_stdin(self) -> bool:
        separator = os.environ.get("COMPOSE_PATH_SEPARATOR") or os.pathsep
        files = self.files or os.environ.get("COMPOSE_FILE", "").split(separator)
        return "-" in files


def _working_directory() -> str:
    """Return the working directory as the shell names it, symbolic links kept, as Compose does."""
    try:
        here = os.getcwd()
    except FileNotFoundError as error:
        from mooring.errors import UsageError

        raise UsageError(
            "the working directory no longer exists", remedy="change to one that does"
        ) from error
    named = os.environ.get("PWD", "")
    try:
        same = os.path.isabs(named) and os.path.samefile(named, here)
    except (OSError, ValueError):
        same = False
    return named if same else here
