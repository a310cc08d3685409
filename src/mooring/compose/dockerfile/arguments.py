"""
The arguments of Dockerfile instructions, each in the grammar of its instruction.

Every function takes an instruction apart or says why the builder would refuse it.

Source: https://docs.docker.com/reference/dockerfile/
"""

from collections.abc import Mapping
from datetime import timedelta

from mooring.compose.dockerfile import words
from mooring.compose.dockerfile.facts import CommandLine, ExposedPort, Form, HealthCheck
from mooring.compose.dockerfile.reader import Instruction, json_list
from mooring.patterns import LazyPattern
from mooring.sources import Position

_FIELD = LazyPattern(r"[^\t\v\f\r ]+")
_DURATION = LazyPattern(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_UNIT_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
}
_LONGEST_SECONDS = 2**63 / 1e9  # a duration is 64 bits of nanoseconds
_PROTOCOLS = ("tcp", "udp", "sctp")
_HIGHEST_PORT = 65535
_HIGHEST_RETRIES = 2**31 - 1
_SIGNALS = (
    "HUP INT QUIT ILL TRAP ABRT IOT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CLD "
    "CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO POLL PWR SYS RTMIN RTMAX"
)
_REALTIME = LazyPattern(r"RTMIN\+([1-9]|1[0-5])$|RTMAX-([1-9]|1[0-4])$")

FLAGS: dict[str, tuple[str, ...]] = {
    "FROM": ("platform",),
    "COPY": ("chown", "chmod", "link", "from", "exclude", "parents"),
    "ADD": ("chown", "chmod", "link", "keep-git-dir", "checksum", "unpack", "exclude"),
    "HEALTHCHECK": ("interval", "timeout", "start-period", "start-interval", "retries"),
}
_SWITCHES = ("link", "keep-git-dir", "unpack", "parents")
_REPEATED = ("exclude",)


class Refused(Exception):
    """
    The builder refuses this; ``position`` is more exact than the instruction's, if known.

    ``late`` means that it does so when it comes to the instruction, and never comes to the
    instructions of a stage that nothing needs.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        position: Position | None = None,
        late: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.position = position
        self.late = late


def fields(text: str) -> list[tuple[int, str]]:
    """Return what stands between blanks, with offsets; quotes mean nothing here."""
    return [(match.start(), match[0]) for match in _FIELD.finditer(text)]


def fields_or_list(instruction: Instruction) -> list[tuple[int, str]]:
    """
    Return the items of a JSON array, or else the fields, with offsets.

    Raises:
        Refused: a JSON array holds something else than texts.
    """
    items = _json_list(instruction)
    if items is None:
        return fields(instruction.text)
    return [(0, item) for item in items]


def flag_values(instruction: Instruction) -> dict[str, str]:
    """
    Return the flags by name; a switch without a value is "true".

    Raises:
        Refused: a flag that the instruction does not have, a flag given twice, a missing value.
    """
    known = FLAGS.get(instruction.name, ())
    values: dict[str, str] = {}
    for flag in instruction.flags:
        name, equals, value = flag[2:].partition("=")
        if name not in known:
            offer = "use one of " + ", ".join(f"--{name}" for name in known) if known else None
            raise Refused(f"{instruction.name} has no flag --{name}", remedy=offer)
        if name in values and name not in _REPEATED:
            raise Refused(f"--{name} is given twice", remedy="keep one of them")
        if name in _SWITCHES:
            if value.lower() not in ("true", "false", "") or (equals and not value):
                raise Refused(f'--{name} is "{value}", neither true nor false')
            value = value.lower() or "true"
        elif not equals:
            raise Refused(f"--{name} has no value", remedy=f"write --{name}=VALUE")
        values[name] = value
    return values


def pairs(instruction: Instruction, escape: str) -> list[tuple[int, str, str]]:
    """
    Return the names and values of an ENV or LABEL with their offsets, both still quoted.

    ``ENV name value with blanks`` sets one name; ``ENV name=value ...`` sets several.

    Raises:
        Refused: no pair at all, a word without ``=``, a name without a value, a blank name.
    """
    text = instruction.text
    found = words.split(text, escape)
    if not found:
        raise Refused(
            f"{instruction.name} has no arguments", remedy=f"write {instruction.name} NAME=value"
        )
    if "=" not in found[0][1]:
        listed = fields(text)
        if len(listed) < 2:
            raise Refused(
                f'{instruction.name} {text} sets "{text}" to nothing',
                remedy=f"write {instruction.name} {text}=value",
            )
        return [(0, listed[0][1], text[listed[1][0] :])]
    result: list[tuple[int, str, str]] = []
    for offset, word in found:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise Refused(
                f'"{word}" is not of the form NAME=value',
                remedy="put quotes around a value with blanks in it",
                position=instruction.at(offset),
            )
        result.append((offset, name, value))
    return result


def declarations(instruction: Instruction, escape: str) -> list[tuple[int, str, str | None]]:
    """
    Return the names that an ARG declares with their offsets and defaults, both still quoted.

    Raises:
        Refused: no name at all, or a blank one.
    """
    found = words.split(instruction.text, escape)
    if not found:
        raise Refused("ARG has no arguments", remedy="write ARG NAME or ARG NAME=default")
    result: list[tuple[int, str, str | None]] = []
    for offset, word in found:
        name, equals, default = word.partition("=")
        if not name:
            raise Refused(f'"{word}" has no name', position=instruction.at(offset))
        result.append((offset, name, default if equals else None))
    return result


def command_line(instruction: Instruction, shell: tuple[str, ...]) -> CommandLine:
    """
    Return an ENTRYPOINT or CMD; ``shell`` is the one that SHELL set last.

    Raises:
        Refused: a JSON array holds something else than texts.
    """
    items = _json_list(instruction)
    if items is None:
        return CommandLine(
            form=Form.SHELL,
            words=(instruction.text,),
            position=instruction.position,
            shell=shell,
        )
    return CommandLine(form=Form.EXEC, words=items, position=instruction.position, shell=shell)


def shell(instruction: Instruction) -> tuple[str, ...]:
    """
    Return the words of a SHELL.

    Raises:
        Refused: it is no JSON array, or an empty one.
    """
    items = _json_list(instruction)
    if not items:
        raise Refused(
            "SHELL needs its arguments as a JSON array", remedy='write SHELL ["/bin/sh", "-c"]'
        )
    return items


def healthcheck(instruction: Instruction) -> HealthCheck:
    """
    Return a HEALTHCHECK.

    Raises:
        Refused: neither NONE nor CMD, a missing command, a bad interval or number of retries.
    """
    kind, _, rest = _first_word(instruction.text)
    kind = kind.upper()
    if kind == "NONE":
        if rest:
            raise Refused("HEALTHCHECK NONE takes no arguments")
        return HealthCheck(test=("NONE",), position=instruction.position)
    flags = flag_values(instruction)
    if kind != "CMD":
        stated = f'HEALTHCHECK "{kind}"' if kind else "HEALTHCHECK alone"
        raise Refused(f"{stated} is neither NONE nor CMD", remedy="write HEALTHCHECK CMD command")
    try:
        listed = json_list(rest)
    except TypeError as error:
        raise _not_texts() from error
    if not rest or listed == ():
        raise Refused("HEALTHCHECK CMD has no command")
    return HealthCheck(
        test=("CMD-SHELL", rest) if listed is None else ("CMD", *listed),
        position=instruction.position,
        interval=_interval(flags, "interval"),
        timeout=_interval(flags, "timeout"),
        start_period=_interval(flags, "start-period"),
        start_interval=_interval(flags, "start-interval"),
        retries=_retries(flags.get("retries", "")),
    )


def port(text: str, position: Position) -> ExposedPort:
    """
    Return the ports that one word of an EXPOSE names: ``80``, ``53/udp``, ``8000-8010/tcp``.

    A host part (``8080:80``) is accepted and ignored, as the builder does.

    Raises:
        Refused: no number, a number that is no port, an unknown protocol, a reversed range.
    """
    number, _, protocol = text.rpartition(":")[2].partition("/")
    protocol = protocol.lower() or "tcp"
    if protocol not in _PROTOCOLS:
        raise Refused(
            f'"{text}" has the protocol {protocol}',
            remedy="use tcp, udp or sctp",
            position=position,
            late=True,
        )
    start, dash, end = number.partition("-")
    first = _port_number(start)
    last = _port_number(end) if dash else first
    if first is None or last is None or last < first:
        raise Refused(
            f'"{text}" is no port',
            remedy="write a number up to 65535",
            position=position,
            late=True,
        )
    return ExposedPort(first=first, last=last, protocol=protocol, position=position)


def is_signal(text: str) -> bool:
    """Return whether ``text`` is a signal of Linux: a number, or a name with or without SIG."""
    number = text.removeprefix("-")
    if number.isascii() and number.isdigit():
        return number.strip("0") != ""
    name = text.upper().removeprefix("SIG")
    return name in _SIGNALS.split() or _REALTIME.match(name) is not None


def _first_word(text: str) -> tuple[str, int, str]:
    for at, character in enumerate(text):
        if character in words.SPACES:
            rest = text[at:].lstrip(words.SPACES)
            return text[:at], len(text) - len(rest), rest
    return text, len(text), ""


def _json_list(instruction: Instruction) -> tuple[str, ...] | None:
    try:
        return json_list(instruction.text)
    except TypeError as error:
        raise _not_texts() from error


def _not_texts() -> Refused:
    return Refused(
        "the JSON array holds something else than texts", remedy="put quotes around every item"
    )


def _port_number(text: str) -> int | None:
    text = text.removeprefix("+")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        return None
    number = int(text)
    return number if number <= _HIGHEST_PORT else None


def _retries(text: str) -> int | None:
    if not text:
        return None
    digits = text.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        raise Refused(f'--retries is "{text}", not a whole number from 0 on')
    number = int(digits)
    if number > _HIGHEST_RETRIES:
        raise Refused(f"--retries is {text}, more than {_HIGHEST_RETRIES}")
    return number


def _interval(flags: Mapping[str, str], name: str) -> timedelta | None:
    text = flags.get(name, "")
    if not text:
        return None
    seconds = _seconds(text)
    if seconds is None or not 0 <= seconds < _LONGEST_SECONDS:
        raise Refused(f'--{name} is "{text}", not a duration', remedy="write one like 1m30s")
    if 0 < seconds < 0.001:
        raise Refused(f"--{name} is {text}, less than a millisecond")
    return timedelta(seconds=seconds)


def _seconds(text: str) -> float | None:
    """Return a Go duration ("1h30m", "1.5s", "0") in seconds, or None where it is none."""
    negative = text.startswith("-")
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0.0
    total = 0.0
    at = 0
    while at < len(body):
        match = _DURATION.match(body, at)
        if match is None:
            return None
        total += float(match[1]) * _UNIT_SECONDS[match[2]]
        at = match.end()
    if not body:
        return None
    return -total if negative else total
