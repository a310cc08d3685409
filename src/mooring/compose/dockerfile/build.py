"""
A whole Dockerfile: its global arguments, its stages, and the one that is built.

Decides what FROM means: which base a stage starts from, an image, an earlier stage or an
additional build context, and which stage is the result.

Source: https://docs.docker.com/reference/dockerfile/#from
"""

from collections.abc import Mapping

import msgspec

from mooring.compose import suggest
from mooring.compose.dockerfile import arguments, instructions, reader
from mooring.compose.dockerfile.arguments import Refused
from mooring.compose.dockerfile.expansion import BadSubstitution, Expander, Gap
from mooring.compose.dockerfile.facts import (
    SYNTAX,
    UNKNOWN_VALUE,
    Argument,
    DockerfileFacts,
    ImageFacts,
    Stage,
    Text,
)
from mooring.compose.dockerfile.reader import Instruction
from mooring.compose.dockerfile.stage import Globals, StageState, expand, too_deep
from mooring.findings import Finding
from mooring.patterns import LazyPattern
from mooring.sources import Position

_STAGE_NAME = LazyPattern(r"[a-z][a-z0-9._-]*")
_REFERENCE = LazyPattern(
    r"(?:(?:[a-zA-Z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]+)?/)?"
    r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*"
    r"(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?"
    r"(?:@[a-zA-Z][a-zA-Z0-9+._-]*:[0-9a-fA-F]{32,})?"
)
_MOST_REFUSALS = 200
_LONGEST_TAG = 128
_IMAGE_CONTEXT = "docker-image://"
_PLATFORM_ARGUMENTS = tuple(
    f"{side}{part}"
    for side in ("BUILD", "TARGET")
    for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
)


def read(
    content: bytes,
    file: str,
    *,
    build_args: Mapping[str, str | None] = {},
    target: str | None = None,
    contexts: Mapping[str, str] = {},
    origin: Position | None = None,
) -> DockerfileFacts:
    """
    Return what the Dockerfile ``content`` says of the image of its last (or ``target``) stage.

    ``file`` is the path that positions show.  ``build_args`` are Compose's ``build.args``; None
    means an argument that nothing gave a value, and the default applies.  ``contexts`` are the
    additional build contexts, which take the place of base images and stages of their names.
    ``origin`` is where an inline Dockerfile starts in a Compose file: positions are then lines of
    that file, without columns of their own.
    """
    place = _place_in(file, content, origin)
    lines = reader.read(content, file, place)
    shared = Globals(Expander(lines.escape), build_args)
    build = _Build(shared, contexts, list(lines.findings))
    shared.scope.update(dict.fromkeys(_PLATFORM_ARGUMENTS, Gap.UNTOLD))
    shared.scope["TARGETSTAGE"] = Text(target or "default", place(1, 1))
    for name in _PLATFORM_ARGUMENTS:
        if name in shared.build_args:
            shared.scope[name] = Text(shared.build_args[name], place(1, 1))
    for instruction in lines.instructions:
        if shared.refused >= _MOST_REFUSALS:
            build.refuse(instruction, f"after {_MOST_REFUSALS} faults the rest is not read")
            break
        build.take(instruction)
    return build.facts(file, lines, target, place(1, 1))


class _Build:
    """The stages of a file in the making."""

    def __init__(
        self, shared: Globals, contexts: Mapping[str, str], findings: list[Finding]
    ) -> None:
        self.shared = shared
        self.contexts = contexts
        self.findings = findings
        self.arguments: list[Argument] = []
        self.stages: list[StageState] = []
        self.by_name: dict[str, StageState] = {}
        self.replaced = False  # the stage at hand is a context: its instructions do not act

    def take(self, instruction: Instruction) -> None:
        try:
            if instruction.name == "FROM":
                self._start(instruction)
            elif self.stages:
                if not self.replaced:
                    instructions.take(self.stages[-1], instruction)
            elif instruction.name == "ARG":
                self.arguments += self.shared.declare(instruction)
            elif not instructions.is_known(instruction.name):
                raise instructions.unknown(instruction.name)
            else:
                raise Refused(
                    f"{instruction.name} stands before the first FROM",
                    remedy="start with FROM and the base image; just ARG may stand before it",
                )
        except Refused as error:
            self.refuse(instruction, error.message, error.remedy, error.position)
        except BadSubstitution as error:
            self.refuse(instruction, f"{instruction.name}: {error}")

    def facts(
        self, file: str, lines: reader.Lines, target: str | None, start: Position
    ) -> DockerfileFacts:
        built = self._target(target, lines, start)
        needs = [self._needs(stage) for stage in self.stages]
        reached: set[int] = set()
        waiting = [built.facts.index] if built else []
        while waiting:
            index = waiting.pop()
            if index not in reached:
                reached.add(index)
                waiting += needs[index]
        chain = {stage.facts.index for stage in built.chain()} if built else set()
        findings = list(self.findings)
        for index, stage in enumerate(self.stages):
            # a value that is unknown in another stage than ours does not matter to anybody
            findings += [
                finding for finding in stage.findings if finding.rule == SYNTAX.id or index in chain
            ]
            findings += stage.late if index in reached else ()
        return DockerfileFacts(
            file=file,
            syntax=lines.syntax,
            escape=lines.escape,
            arguments=tuple(self.arguments),
            stages=tuple(
                [
                    msgspec.structs.replace(stage.facts, arguments=tuple(stage.declared))
                    for stage in self.stages
                ]
            ),
            target=built.facts.index if built else None,
            image=built.image() if built else ImageFacts(),
            findings=tuple(sorted(findings, key=lambda finding: finding.position or start)),
        )

    def _needs(self, stage: StageState) -> list[int]:
        """Return the numbers of the stages that ``stage`` starts from or copies from."""
        own = stage.facts.index
        needed = [stage.below.facts.index] if stage.below else []
        for name, instruction in stage.uses:
            if name.isascii() and name.isdigit() and len(name) < 10:
                index = int(name)
            elif name.lower() in self.by_name:
                index = self.by_name[name.lower()].facts.index
            else:
                continue
            if index < own:
                needed.append(index)
                continue
            known = index < len(self.stages)
            self.refuse(
                instruction,
                f"{instruction.name} takes from stage {name}, which "
                + ("does not come before it" if known else "does not exist"),
            )
        return needed

    def _target(
        self, target: str | None, lines: reader.Lines, start: Position
    ) -> StageState | None:
        if not self.stages:
            if not self.findings:
                message = "no FROM" if lines.instructions else "no instructions"
                self.findings.append(SYNTAX.finding(start, f"the Dockerfile has {message}"))
            return None
        if not target:
            return self.stages[-1]
        found = self.by_name.get(target.lower())
        if found is None:
            self.findings.append(
                SYNTAX.finding(
                    start,
                    f"there is no stage {target}",
                    remedy=suggest.did_you_mean(target, self.by_name) or "correct build.target",
                )
            )
        return found

    def _start(self, instruction: Instruction) -> None:
        """Begin the stage of a FROM, even of a faulty one, so that its lines have a place."""
        found = arguments.fields(instruction.text)
        name = self._stage_name(instruction, found)
        platform = None
        try:
            flags = arguments.flag_values(instruction)
            if "platform" in flags:
                platform = self._expand(instruction, flags["platform"], instruction.position)
        except Refused as error:
            self.refuse(instruction, error.message, error.remedy)
        base = Text("", instruction.position)
        if found:
            offset, word = found[0]
            base = self._base(instruction, word, instruction.at(offset))
        below = self.by_name.get(base.value)
        context = self.contexts.get(name or "")
        self.replaced = context is not None
        if context is None and below is None:
            context = self.contexts.get(base.value)
        if context is not None:
            below = None
            base = self._from_context(base, context)
        if below is not None and too_deep(below):
            self.refuse(instruction, "too many stages are built on one another")
            below = None
        stage = StageState(
            Stage(
                index=len(self.stages),
                name=name,
                base=base,
                base_stage=below.facts.index if below else None,
                platform=platform or (below.facts.platform if below else None),
                arguments=(),
                position=instruction.position,
                context=context,
            ),
            below,
            self.shared,
        )
        instructions.run_triggers(stage)
        self.stages.append(stage)
        if name is not None:
            self.by_name[name] = stage

    def _stage_name(self, instruction: Instruction, found: list[tuple[int, str]]) -> str | None:
        if len(found) == 1:
            return None
        if len(found) == 3 and found[1][1].lower() == "as":
            offset, written = found[2]
            name = written.lower()
            if not _STAGE_NAME.fullmatch(name):
                self.refuse(
                    instruction,
                    f'"{written}" cannot name a stage',
                    "start with a letter; then letters, digits, dots, dashes and underscores",
                    instruction.at(offset),
                )
            return name
        self.refuse(
            instruction, "FROM takes an image, or an image AS a name", "write FROM IMAGE AS NAME"
        )
        return None

    def _base(self, instruction: Instruction, word: str, position: Position) -> Text:
        before = len(self.findings)
        base = self._expand(instruction, word, position)
        if len(self.findings) > before:
            return base
        if base.unknown:
            names = " and ".join(base.unknown)
            self.findings.append(
                UNKNOWN_VALUE.finding(
                    position,
                    f"the base image {base.value} rests on {names}, which only the build knows",
                    remedy=f"set {base.unknown[0]} in build.args",
                )
            )
        elif base.value not in self.by_name and not _is_reference(base.value):
            kept = _keeping_unset(self.shared, word, position)
            outcome = f'the base image {word} comes out as "{base.value}"'
            if not kept.unknown:
                self.refuse(instruction, f"{outcome}, which names no image", None, position)
                return base
            self.refuse(
                instruction,
                f"{outcome}: {' and '.join(kept.unknown)} has no value",
                f"give {kept.unknown[0]} a default with ARG, or set it in build.args",
                position,
            )
            return kept
        return base

    def _expand(self, instruction: Instruction, word: str, position: Position) -> Text:
        try:
            return expand(self.shared, word, position, self.shared.scope.get)
        except BadSubstitution as error:
            self.refuse(instruction, f"FROM {word}: {error}", None, position)
            return Text(word, position)

    def _from_context(self, base: Text, context: str) -> Text:
        if context.startswith(_IMAGE_CONTEXT):
            return Text(context.removeprefix(_IMAGE_CONTEXT), base.position)
        self.findings.append(
            UNKNOWN_VALUE.finding(
                base.position,
                f"the base {base.value} is the additional build context {context}: not read",
            )
        )
        return Text(context, base.position)

    def refuse(
        self,
        instruction: Instruction,
        message: str,
        remedy: str | None = None,
        position: Position | None = None,
    ) -> None:
        self.shared.refused += 1
        self.findings.append(
            SYNTAX.finding(position or instruction.position, message, remedy=remedy)
        )


def _is_reference(text: str) -> bool:
    """Tell whether ``text`` can name an image; a word of letters, and a version, are usual."""
    name, colon, tag = text.partition(":")
    if text.isascii() and name.isalnum() and name.islower():
        is_version = tag[:1].isalnum() and tag.replace(".", "").replace("-", "").isalnum()
        if not colon or (is_version and len(tag) <= _LONGEST_TAG):
            return True
    return _REFERENCE.fullmatch(text) is not None


def _keeping_unset(shared: Globals, word: str, position: Position) -> Text:
    """Return ``word`` with the global arguments that have no value kept as they are written."""
    return expand(shared, word, position, lambda name: shared.scope.get(name, Gap.MAYBE))


def _place_in(file: str, content: bytes, origin: Position | None) -> reader.Place:
    if origin is None:
        return lambda line, column: Position(file, line, column)
    if b"\n" not in content:
        return lambda line, column: origin
    # a block scalar: its text starts in the line after the indicator that has the position
    return lambda line, column: Position(origin.file, origin.line + line, 1)
