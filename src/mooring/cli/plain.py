"""
Command lines that are beyond doubt: a command, known options, values that are allowed.

Nearly all are, and reading them here saves loading click, which takes as long as converting a
small stack.  Whatever asks for help or has a fault, and every form that is rare (``-ofile``,
``-qv``, ``--``), is left to click, so that there is one voice for all of that; a test holds that
both understand the same.
"""

import os
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from mooring.cli import commands
from mooring.cli.invocation import Invocation, Stages
from mooring.cli.options import COMMON, Option

Value: TypeAlias = str | bool | tuple[str, ...] | None


class Call(NamedTuple):
    """A command to run, and what was given to it."""

    command: Callable[..., int]
    invocation: Invocation
    values: dict[str, Value]


def read(arguments: list[str], stages: Stages | None = None) -> Call | None:
    """Return the call that ``arguments`` ask for, or None where click has to look at them."""
    if "_MOORING_COMPLETE" in os.environ:
        return None
    invocation = Invocation(arguments, stages)
    own: dict[str, Option] = {}
    command: Callable[..., int] | None = None
    values: dict[str, Value] = {}
    missing: list[str] = []  # arguments of the command that have no value yet
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            if command is None and word in commands.COMMANDS:
                module = commands.load(word)
                if any(name.endswith(commands.MANY) for name in module.ARGUMENTS):
                    return None
                command = getattr(module, word)
                own = {flag: option for option in module.OPTIONS for flag in option.flags}
                values = {option.name: _unset(option) for option in module.OPTIONS}
                missing = list(module.ARGUMENTS)
                values.update(dict.fromkeys(missing))
            elif command is not None and missing and word:
                values[missing.pop(0)] = word
            else:
                return None
            continue
        flag, separator, value = word.partition("=")
        option = own.get(flag) or _COMMON.get(flag)
        if option is None or (separator and not flag.startswith("--")):
            return None
        if option.takes_value:
            if not separator:
                value = next(words, "")
            if not _is_beyond_doubt(value, option):
                return None
        elif separator:
            return None
        if flag in own:
            before = values[option.name]
            if isinstance(before, tuple):
                values[option.name] = (*before, value)
            else:
                values[option.name] = True if option.is_flag else value
        else:
            option.keep_in(invocation, value)
    return None if command is None else Call(command, invocation, values)


def _unset(option: Option) -> Value:
    if option.repeats:
        return ()
    return False if option.is_flag else option.default


_COMMON = {flag: option for option in COMMON for flag in option.flags}


def _is_beyond_doubt(value: str, option: Option) -> bool:
    if option.choices:
        return value in option.choices
    return value == "-" or (value != "" and not value.startswith("-"))
