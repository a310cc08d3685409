"""
What each instruction of a Dockerfile does to the stage that it stands in.

One function per instruction.  Rules that surprise: ONBUILD acts in the stages built on its own,
before their instructions; all pairs of one ENV see the values from before it; a relative WORKDIR
goes on from the one before.

Source: https://docs.docker.com/reference/dockerfile/
"""

from collections.abc import Callable
from posixpath import normpath

from mooring.compose import suggest
from mooring.compose.dockerfile import arguments, runs, words
from mooring.compose.dockerfile.arguments import Refused
from mooring.compose.dockerfile.expansion import BadSubstitution
from mooring.compose.dockerfile.facts import (
    DEFAULT_SHELL,
    DOUBTFUL,
    Argument,
    CommandLine,
    Copy,
    Form,
    Text,
)
from mooring.compose.dockerfile.reader import Instruction, heredoc_name
from mooring.compose.dockerfile.stage import StageState, declared

_MOST_TRIGGERS = 1000
_WITH_LISTS = ("ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME")


def take(stage: StageState, instruction: Instruction, *, late: bool = False) -> None:
    """
    Let ``instruction`` act; what the builder would refuse becomes a finding.

    ``late`` instructions come from ONBUILD: the builder reads them when it builds the stage.
    """
    handler = _HANDLERS.get(instruction.name)
    try:
        if handler is None:
            raise unknown(instruction.name)
        handler(stage, instruction)
    except Refused as error:
        error.late = error.late or late
        stage.refuse(error, instruction)
    except BadSubstitution as error:
        stage.refuse(Refused(f"{instruction.name}: {error}", late=True), instruction)


def is_known(name: str) -> bool:
    """Return whether ``name`` is an instruction, FROM included."""
    return name in _NAMES


def unknown(name: str) -> Refused:
    """Return the refusal of an instruction that does not exist."""
    return Refused(f"{name} is no instruction", remedy=suggest.did_you_mean(name, _NAMES))


def run_triggers(stage: StageState) -> None:
    """Let the ONBUILD instructions of the stage below act in this one."""
    for trigger in stage.below.triggers if stage.below else ():
        stage.shared.triggers_run += 1
        if stage.shared.triggers_run > _MOST_TRIGGERS:
            stage.refuse(Refused(f"ONBUILD acts more than {_MOST_TRIGGERS} times"), trigger)
            return
        take(stage, trigger, late=True)


def _arg(stage: StageState, instruction: Instruction) -> None:
    shared = stage.shared
    for offset, name, quoted_default in arguments.declarations(instruction, shared.expander.escape):
        position = instruction.at(offset)
        default, text = declared(shared, name, quoted_default, position, stage.get)
        value = text or shared.scope.get(name)
        if value is not None:
            stage.scope[name] = value
        stage.declared.append(
            Argument(
                name=name,
                default=default,
                value=value.value if isinstance(value, Text) else None,
                position=position,
            )
        )


def _env(stage: StageState, instruction: Instruction) -> None:
    values = _named_texts(stage, instruction)
    stage.environment |= values
    stage.scope |= values


def _label(stage: StageState, instruction: Instruction) -> None:
    stage.labels |= _named_texts(stage, instruction)


def _named_texts(stage: StageState, instruction: Instruction) -> dict[str, Text]:
    arguments.flag_values(instruction)
    values: dict[str, Text] = {}
    for offset, name, value in arguments.pairs(instruction, stage.shared.expander.escape):
        position = instruction.at(offset)
        values[stage.expand(name, position).value] = stage.expand(value, position)
    return values


def _expose(stage: StageState, instruction: Instruction) -> None:
    arguments.flag_values(instruction)
    found = arguments.fields(instruction.text)
    if not found:
        raise Refused("EXPOSE has no arguments", remedy="write EXPOSE 8080")
    for offset, word in found:
        position = instruction.at(offset)
        text = stage.expand(word, position)
        if text.unknown:
            stage.doubt(text, "port")
            continue
        if not text.value.strip(words.SPACES):
            stage.findings.append(
                DOUBTFUL.finding(position, f"EXPOSE {word} exposes nothing: it is empty")
            )
        for _, number in arguments.fields(text.value):
            port = arguments.port(number, position)
            stage.ports.setdefault((port.first, port.last, port.protocol), port)


def _user(stage: StageState, instruction: Instruction) -> None:
    stage.user = _one_text(stage, instruction)
    stage.doubt(stage.user, "user")


def _workdir(stage: StageState, instruction: Instruction) -> None:
    text = _one_text(stage, instruction)
    stage.doubt(text, "working directory")
    path = stage.absolute(text)
    if path.value:
        stage.working_dir = Text(_clean(path.value), path.position, path.unknown)


def _stopsignal(stage: StageState, instruction: Instruction) -> None:
    text = _one_text(stage, instruction, with_flags=False)
    if not text.unknown and not arguments.is_signal(text.value):
        raise Refused(
            f'"{text.value}" is no signal', remedy="write one like SIGTERM or 15", late=True
        )
    stage.stop_signal = text


def _one_text(stage: StageState, instruction: Instruction, *, with_flags: bool = True) -> Text:
    if with_flags:
        arguments.flag_values(instruction)
    if not instruction.text:
        raise Refused(f"{instruction.name} has no argument")
    return stage.expand(instruction.text, instruction.at(0))


def _entrypoint(stage: StageState, instruction: Instruction) -> None:
    stage.entrypoint = _command_line(stage, instruction)


def _cmd(stage: StageState, instruction: Instruction) -> None:
    stage.command = _command_line(stage, instruction)


def _command_line(stage: StageState, instruction: Instruction) -> CommandLine:
    arguments.flag_values(instruction)
    line = arguments.command_line(instruction, stage.shell or DEFAULT_SHELL)
    if line.form is Form.SHELL and instruction.text.startswith(("['", "[ '")):
        stage.findings.append(
            DOUBTFUL.finding(
                instruction.position,
                f"{instruction.name} looks like a list but is no JSON: a shell would get it whole",
                remedy="use double quotes in the list",
            )
        )
    return line


def _shell(stage: StageState, instruction: Instruction) -> None:
    arguments.flag_values(instruction)
    stage.shell = arguments.shell(instruction)


def _healthcheck(stage: StageState, instruction: Instruction) -> None:
    stage.healthcheck = arguments.healthcheck(instruction)


def _volume(stage: StageState, instruction: Instruction) -> None:
    arguments.flag_values(instruction)
    found = arguments.fields_or_list(instruction)
    if not found:
        raise Refused("VOLUME has no arguments", remedy="write VOLUME /data")
    for offset, word in found:
        text = stage.expand(word.strip(words.SPACES), instruction.at(offset))
        if not text.value:
            raise Refused("a VOLUME has no path", position=text.position, late=True)
        stage.doubt(text, "volume")
        stage.volumes.setdefault(text.value, text)


def _copy(stage: StageState, instruction: Instruction) -> None:
    found = arguments.fields_or_list(instruction)
    if len(found) < 2:
        raise Refused(
            f"{instruction.name} needs a source and a destination",
            remedy=f"write {instruction.name} SOURCE DESTINATION",
        )
    flags = arguments.flag_values(instruction)
    *listed, (offset, target) = found
    if heredoc_name(target) is not None:
        raise Refused(f"{instruction.name} cannot write to a here-document")
    origin = flags.get("from")
    if origin is not None and "$" in origin:
        raise Refused(
            f'--from is "{origin}", and no variables are replaced there',
            remedy="name a stage with FROM ... AS and copy from that",
        )
    if origin is not None:
        stage.uses.append((origin, instruction))
    position = instruction.position
    inline = [name for _, word in listed if (name := heredoc_name(word)) is not None]
    sources = [word for _, word in listed if heredoc_name(word) is None]
    text = stage.expand(target, instruction.at(offset))
    is_directory = len(listed) > 1 or text.value.endswith("/") or text.value in ("", ".")
    destination = stage.absolute(text)
    stage.copies.append(
        Copy(
            instruction=instruction.name,
            sources=tuple([stage.expand(source, position).value for source in sources]),
            inline=tuple(inline),
            destination=Text(
                _clean(destination.value, is_directory=is_directory),
                destination.position,
                destination.unknown,
            ),
            position=position,
            stage=origin,
            owner=stage.expand(flags["chown"], position).value if "chown" in flags else None,
            mode=stage.expand(flags["chmod"], position).value if "chmod" in flags else None,
        )
    )


def _onbuild(stage: StageState, instruction: Instruction) -> None:
    if not instruction.text:
        raise Refused("ONBUILD has no instruction")
    arguments.flag_values(instruction)
    trigger = instruction.trigger(stage.shared.expander.escape)
    if trigger.name in ("ONBUILD", "FROM", "MAINTAINER"):
        raise Refused(f"ONBUILD {trigger.name} is not allowed")
    if trigger.name not in _HANDLERS:
        stage.findings.append(
            DOUBTFUL.finding(
                trigger.position,
                f"{trigger.name} is no instruction: no image can be built on this one",
                remedy=suggest.did_you_mean(trigger.name, _NAMES),
            )
        )
    elif trigger.name in ("ENV", "LABEL") and trigger.text:
        arguments.pairs(trigger, stage.shared.expander.escape)
    elif trigger.name in _WITH_LISTS:
        arguments.fields_or_list(trigger)
    stage.triggers.append(trigger)


def _run(stage: StageState, instruction: Instruction) -> None:
    """RUN changes files, not the configuration; but it may use another stage and make users."""
    for flag in instruction.flags:
        for option in flag.removeprefix("--mount=").split(","):
            if flag.startswith("--mount=") and option.startswith("from="):
                stage.uses.append((option.removeprefix("from="), instruction))
    stage.accounts |= runs.accounts(instruction.text, _value_in(stage))
    fetched = runs.architecture(instruction.text)
    if fetched is not None:
        stage.architectures.setdefault(fetched[0], Text(fetched[1], instruction.position))
    for capability in runs.file_capabilities(instruction.text):
        stage.file_capabilities[capability] = instruction.position


def _value_in(stage: StageState) -> Callable[[str], str | None]:
    """Return how a variable is looked up that a command of ``stage`` names."""

    def lookup(name: str) -> str | None:
        value = stage.get(name)
        return value.value if isinstance(value, Text) and not value.unknown else None

    return lookup


def _maintainer(stage: StageState, instruction: Instruction) -> None:
    """An author is no part of the image's configuration."""
    if not instruction.text:
        raise Refused("MAINTAINER has no argument")


def _clean(path: str, *, is_directory: bool = False) -> str:
    if len(path) > 1 and path[1] == ":":
        return path  # a Windows path is kept as it is written
    cleaned = normpath(path)
    if cleaned.startswith("//"):
        cleaned = cleaned[1:]
    return f"{cleaned}/" if is_directory and cleaned != "/" else cleaned


_HANDLERS: dict[str, Callable[[StageState, Instruction], None]] = {
    "ADD": _copy,
    "ARG": _arg,
    "CMD": _cmd,
    "COPY": _copy,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _label,
    "MAINTAINER": _maintainer,
    "ONBUILD": _onbuild,
    "RUN": _run,
    "SHELL": _shell,
    "STOPSIGNAL": _stopsignal,
    "USER": _user,
    "VOLUME": _volume,
    "WORKDIR": _workdir,
}
_NAMES = ("FROM", *_HANDLERS)
