"""
What a Dockerfile says of the image that it builds.

These are facts with positions, evidence for later decisions, not decisions.  A fact that the file
does not hold (the base image's user, say) is None, never a guess.  A variable whose value the file
does not tell stays in its text as ``${NAME}`` and is named in ``Text.unknown``.
"""

from datetime import timedelta
from enum import StrEnum

import msgspec

from mooring.findings import Finding, Rule, Severity
from mooring.sources import Position

SYNTAX = Rule(id="dockerfile-syntax", severity=Severity.ERROR, since="0.1")
UNKNOWN_VALUE = Rule(id="dockerfile-unknown-value", severity=Severity.WARNING, since="0.1")
DOUBTFUL = Rule(id="dockerfile-doubtful", severity=Severity.WARNING, since="0.1")
NOT_READ = Rule(id="dockerfile-not-read", severity=Severity.WARNING, since="0.1")

DEFAULT_SHELL = ("/bin/sh", "-c")


class Text(msgspec.Struct, frozen=True, gc=False):
    """
    A text of the Dockerfile after substitution.

    ``unknown`` names the variables that only the base image, the platform or a missing build
    argument could fill in; each of them stands in ``value`` as ``${NAME}``.
    """

    value: str
    position: Position
    unknown: tuple[str, ...] = ()


class Argument(msgspec.Struct, frozen=True, kw_only=True):
    """
    A variable that ``ARG`` declares.

    ``default`` is the value that the file gives; ``value`` is what the build uses: the build
    argument, else the default, else the global argument of that name, else None (unset).
    """

    name: str
    default: Text | None
    value: str | None
    position: Position


class ExposedPort(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The ports ``first`` to ``last``, both included; ``protocol`` is tcp, udp or sctp."""

    first: int
    last: int
    protocol: str
    position: Position


class Form(StrEnum):
    """Whether a command is run as it is, or handed to a shell as one text."""

    EXEC = "exec"
    SHELL = "shell"


class CommandLine(msgspec.Struct, frozen=True, kw_only=True):
    """
    An ENTRYPOINT or a CMD.

    In exec form ``words`` is the argument list, and an empty one clears what the base image has.
    In shell form ``words`` is the one text that ``shell`` runs.
    """

    form: Form
    words: tuple[str, ...]
    position: Position
    shell: tuple[str, ...] = DEFAULT_SHELL

    @property
    def arguments(self) -> tuple[str, ...]:
        """The argument list that the image holds: in shell form the shell comes first."""
        return self.words if self.form is Form.EXEC else (*self.shell, *self.words)


class HealthCheck(msgspec.Struct, frozen=True, kw_only=True):
    """
    A HEALTHCHECK; ``test`` is ``("NONE",)``, ``("CMD", *words)`` or ``("CMD-SHELL", text)``.

    None (and 0, which Docker reads alike) means Docker's default: 30 s interval, 30 s timeout,
    no start period, 5 s start interval, 3 retries.
    """

    test: tuple[str, ...]
    position: Position
    interval: timedelta | None = None
    timeout: timedelta | None = None
    start_period: timedelta | None = None
    start_interval: timedelta | None = None
    retries: int | None = None

    @property
    def disabled(self) -> bool:
        """Whether the base image's check is switched off."""
        return self.test == ("NONE",)


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """
    A COPY or ADD: what lands where in the image.

    ``destination`` is absolute unless it rests on the base image's working directory; it ends in
    ``/`` where it names a directory for certain.  ``inline`` names the here-documents among the
    sources.  ``stage`` is what ``--from`` says: the name or number of a stage, or an image.
    """

    instruction: str
    sources: tuple[str, ...]
    destination: Text
    position: Position
    inline: tuple[str, ...] = ()
    stage: str | None = None
    owner: str | None = None
    mode: str | None = None

    @property
    def absolute(self) -> bool:
        """Whether the destination is known from the root on."""
        return is_absolute(self.destination.value)


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """
    A FROM and what belongs to it.

    ``base`` is the image (or earlier stage) after substitution; ``base_stage`` is the number of
    the stage it names, if it names one; ``context`` is the additional build context that takes
    the place of the base or of the whole stage.
    """

    index: int
    name: str | None
    base: Text
    base_stage: int | None
    platform: Text | None
    arguments: tuple[Argument, ...]
    position: Position
    context: str | None = None


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """
    The configuration that the built image has, as far as the Dockerfile tells it.

    ``base`` is the image below the first stage of the chain.  Everything that is None or empty is
    left to that image; ``entrypoint`` or ``command`` without words are cleared by this file
    (an ENTRYPOINT clears the CMD of everything before its stage).  ``working_dir`` is absolute
    unless it rests on the base image's.  ``accounts`` are the users that its commands make, with
    their numbers; ``file_capabilities`` what they write into programs, as NET_RAW;
    ``architectures`` those alone for which they fetch programs, each with the words that say so.
    """

    base: Text | None = None
    platform: Text | None = None
    ports: tuple[ExposedPort, ...] = ()
    user: Text | None = None
    working_dir: Text | None = None
    entrypoint: CommandLine | None = None
    command: CommandLine | None = None
    healthcheck: HealthCheck | None = None
    volumes: tuple[Text, ...] = ()
    environment: dict[str, Text] = {}
    labels: dict[str, Text] = {}
    copies: tuple[Copy, ...] = ()
    stop_signal: Text | None = None
    shell: tuple[str, ...] | None = None
    triggers: tuple[Text, ...] = ()
    accounts: dict[str, int] = {}
    file_capabilities: dict[str, Position] = {}
    architectures: dict[str, Text] = {}


class DockerfileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """
    A Dockerfile as read.

    ``target`` is the number of the stage that is built, None where there is none.  ``image``
    describes that stage with all that it inherits from earlier ones.  ``findings`` say what
    `docker build` will refuse (rule dockerfile-syntax), what it takes but hardly as it was meant
    (dockerfile-doubtful), and which values the file alone does not tell (dockerfile-unknown-value).
    """

    file: str
    syntax: str | None
    escape: str
    arguments: tuple[Argument, ...]
    stages: tuple[Stage, ...]
    target: int | None
    image: ImageFacts
    findings: tuple[Finding, ...]


def is_absolute(path: str) -> bool:
    """Return whether ``path`` starts at a root: that of Unix, or of a Windows drive."""
    return path.startswith("/") or (
        len(path) > 2 and path[1] == ":" and path[2] in "/\\" and path[0].isalpha()
    )
