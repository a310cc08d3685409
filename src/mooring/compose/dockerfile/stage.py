"""
A stage of a Dockerfile while its instructions are taken, and the image that comes of it.

A stage remembers only what its own instructions say and asks the stage below for the rest, so that
many stages cost no more than their lines.  The rule that surprises: an ENTRYPOINT clears the CMD
of earlier stages and of the base image, but not that of its own stage.

Source: https://docs.docker.com/reference/dockerfile/
"""

from collections.abc import Callable, Iterator, Mapping

from mooring.compose.dockerfile.arguments import Refused, declarations
from mooring.compose.dockerfile.expansion import Expander, Gap
from mooring.compose.dockerfile.facts import (
    SYNTAX,
    UNKNOWN_VALUE,
    Argument,
    CommandLine,
    Copy,
    ExposedPort,
    Form,
    HealthCheck,
    ImageFacts,
    Stage,
    Text,
    is_absolute,
)
from mooring.compose.dockerfile.reader import Instruction
from mooring.findings import Finding
from mooring.sources import Position

SCRATCH = "scratch"
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_DEEPEST = 200  # of stages built on one another; an image has at most 127 layers


class Globals:
    """What all stages of a file share: build arguments, global arguments, the expander."""

    def __init__(self, expander: Expander, build_args: Mapping[str, str | None]) -> None:
        self.expander = expander
        self.build_args = {name: value for name, value in build_args.items() if value is not None}
        self.scope: dict[str, Text | Gap] = {}
        self.triggers_run = 0
        self.refused = 0

    def lookup(self, name: str) -> str | Gap:
        """Return the value of the global argument ``name``."""
        value = self.scope.get(name, Gap.UNSET)
        return value.value if isinstance(value, Text) else value

    def declare(self, instruction: Instruction) -> list[Argument]:
        """
        Take an ARG from before the first FROM.

        Raises:
            Refused: the builder does not take it.
        """
        found: list[Argument] = []
        for offset, name, default in declarations(instruction, self.expander.escape):
            position = instruction.at(offset)
            text, value = declared(self, name, default, position, self.scope.get)
            if value is not None:
                self.scope[name] = value
            found.append(
                Argument(
                    name=name,
                    default=text,
                    value=None if value is None else value.value,
                    position=position,
                )
            )
        return found


class StageState:
    """A stage while its instructions are taken one by one."""

    def __init__(self, facts: Stage, below: "StageState | None", shared: Globals) -> None:
        self.facts = facts
        self.below = below
        self.shared = shared
        self.depth: int = below.depth + 1 if below else 0
        self.findings: list[Finding] = []
        self.late: list[Finding] = []
        self.uses: list[tuple[str, Instruction]] = []
        self.declared: list[Argument] = []
        self.scope: dict[str, Text | Gap] = {}
        self.ports: dict[tuple[int, int, str], ExposedPort] = {}
        self.volumes: dict[str, Text] = {}
        self.environment: dict[str, Text] = {}
        self.labels: dict[str, Text] = {}
        self.copies: list[Copy] = []
        self.triggers: list[Instruction] = []
        self.accounts: dict[str, int] = {}
        self.file_capabilities: dict[str, Position] = {}
        self.architectures: dict[str, Text] = {}
        self.entrypoint: CommandLine | None = None
        self.command: CommandLine | None = None
        self.healthcheck: HealthCheck | None = below.healthcheck if below else None
        self.user: Text | None = below.user if below else None
        self.working_dir: Text | None = below.working_dir if below else None
        self.stop_signal: Text | None = below.stop_signal if below else None
        self.shell: tuple[str, ...] | None = below.shell if below else None

    def refuse(self, error: Refused, instruction: Instruction) -> None:
        """Record that the builder refuses ``instruction``, at once or if it comes to it."""
        self.shared.refused += 1
        finding = SYNTAX.finding(
            error.position or instruction.position, error.message, remedy=error.remedy
        )
        (self.late if error.late else self.findings).append(finding)

    def doubt(self, text: Text, what: str) -> None:
        """Record that ``what`` rests on variables that the file does not tell."""
        if text.unknown:
            names = " and ".join(text.unknown)
            self.findings.append(
                UNKNOWN_VALUE.finding(
                    text.position,
                    f"the {what} {text.value} rests on {names}, which this Dockerfile does not set",
                    remedy=f"give {text.unknown[0]} a default with ARG, or set it in build.args",
                )
            )

    def chain(self) -> Iterator["StageState"]:
        """Yield this stage and those below it, the topmost first."""
        stage: StageState | None = self
        while stage is not None:
            yield stage
            stage = stage.below

    def get(self, name: str) -> Text | Gap:
        """Return the variable ``name`` as instructions of this stage see it."""
        bottom = self
        for stage in self.chain():
            found = stage.scope.get(name)
            if found is not None:
                return found
            bottom = stage
        if bottom.facts.base.value != SCRATCH or bottom.facts.context:
            return Gap.MAYBE
        return Text(DEFAULT_PATH, bottom.facts.position) if name == "PATH" else Gap.UNSET

    def expand(self, text: str, position: Position) -> Text:
        """Return ``text`` after substitution with this stage's variables."""
        return expand(self.shared, text, position, self.get)

    def absolute(self, path: Text) -> Text:
        """Return ``path`` below the working directory, as far as that is known."""
        value = path.value
        if is_absolute(value) or (path.unknown and value.startswith("${")):
            return path
        base = self.working_dir
        if base is None:
            bottom = list(self.chain())[-1].facts
            root = "/" if bottom.base.value == SCRATCH and not bottom.context else ""
            base = Text(root, path.position)
        joined = f"{base.value.rstrip('/')}/{value}" if base.value else value
        unknown = tuple(dict.fromkeys((*base.unknown, *path.unknown)))
        return Text(joined, path.position, unknown)

    def image(self) -> ImageFacts:
        """Return the configuration that the image of this stage has."""
        chain = list(self.chain())[::-1]
        ports: dict[tuple[int, int, str], ExposedPort] = {}
        volumes: dict[str, Text] = {}
        environment: dict[str, Text] = {}
        labels: dict[str, Text] = {}
        copies: list[Copy] = []
        accounts: dict[str, int] = {}
        file_capabilities: dict[str, Position] = {}
        architectures: dict[str, Text] = {}
        entrypoint: CommandLine | None = None
        command: CommandLine | None = None
        for stage in chain:
            ports |= stage.ports
            volumes |= stage.volumes
            environment |= stage.environment
            labels |= stage.labels
            copies += stage.copies
            accounts |= stage.accounts
            file_capabilities |= stage.file_capabilities
            architectures |= stage.architectures
            if stage.entrypoint is not None:
                entrypoint = stage.entrypoint
                command = _cleared(entrypoint)
            command = stage.command or command
        return ImageFacts(
            base=chain[0].facts.base,
            platform=chain[0].facts.platform,
            ports=tuple(ports.values()),
            user=self.user,
            working_dir=self.working_dir,
            entrypoint=entrypoint,
            command=command,
            healthcheck=self.healthcheck,
            volumes=tuple(volumes.values()),
            environment=environment,
            labels=labels,
            copies=tuple(copies),
            stop_signal=self.stop_signal,
            shell=self.shell,
            triggers=tuple(
                [
                    Text(f"{trigger.name} {trigger.text}", trigger.position)
                    for trigger in self.triggers
                ]
            ),
            accounts=accounts,
            file_capabilities=file_capabilities,
            architectures=architectures,
        )


def too_deep(below: StageState) -> bool:
    """Return whether no stage may be built on ``below``, for too many are below it already."""
    return below.depth >= _DEEPEST


def declared(
    shared: Globals,
    name: str,
    default: str | None,
    position: Position,
    get: Callable[[str], Text | Gap | None],
) -> tuple[Text | None, Text | None]:
    """
    Return the default that an ARG gives ``name``, and the value that it then has.

    Raises:
        BadSubstitution: the builder refuses the default, and no build argument replaces it.
    """
    given = shared.build_args.get(name)
    if given is not None:
        # the builder does not look at a default that it does not need
        return None if default is None else Text(default, position), Text(given, position)
    text = None if default is None else expand(shared, default, position, get)
    return text, text


def expand(
    shared: Globals,
    text: str,
    position: Position,
    get: Callable[[str], Text | Gap | None],
) -> Text:
    """
    Return ``text`` after substitution, with what stayed unknown in it or in what it used.

    Raises:
        BadSubstitution: the builder refuses the text.
    """
    inherited: list[str] = []

    def lookup(name: str) -> str | Gap:
        found = get(name)
        if isinstance(found, Text):
            inherited.extend(found.unknown)
            return found.value
        return found or Gap.UNSET

    expansion = shared.expander.word(text, lookup)
    if not inherited:
        return Text(expansion.value, position, expansion.unknown)
    unknown = [*expansion.unknown, *inherited]
    kept = [name for name in unknown if f"${{{name}" in expansion.value]
    return Text(expansion.value, position, tuple(dict.fromkeys(kept)))


def _cleared(entrypoint: CommandLine) -> CommandLine:
    return CommandLine(
        form=Form.EXEC, words=(), position=entrypoint.position, shell=entrypoint.shell
    )
