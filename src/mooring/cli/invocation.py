"""What the common options of one command line ask for, and the stages that answer."""

from typing import Protocol


class Stages(Protocol):
    """The part of `mooring.pipeline` that commands call; a test hands in its own."""


class Invocation:
    """
    The common options, gathered from both sides of the command's name.

    Options that may be given several times are joined in order; of the others the last wins.
    """

    __slots__ = (
        "_stages",
        "arguments",
        "env_files",
        "environments",
        "files",
        "profiles",
        "project_directory",
        "project_name",
        "verbosity",
    )

    def __init__(self, arguments: list[str], stages: Stages | None) -> None:
        self.arguments = arguments
        self._stages = stages
        self.files: tuple[str, ...] = ()
        self.project_directory: str | None = None
        self.env_files: tuple[str, ...] = ()
        self.profiles: tuple[str, ...] = ()
        self.project_name: str | None = None
        self.environments: tuple[str, ...] = ()
        self.verbosity = 0
