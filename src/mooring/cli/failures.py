"""
What a user reads when a command fails, and the status that goes with it.

Loaded only when something failed.  A fault of ours is told without its message and values, which
could hold a secret of the user's; `--debug` shows all.
"""

import platform
import sys
import traceback

import click
import msgspec

from mooring import __version__
from mooring.cli import statuses, terminal
from mooring.errors import MooringError
from mooring.report import text


class Failure(msgspec.Struct, frozen=True):
    """The text for the error stream, without a final line break, and the exit status."""

    text: str
    status: int


def describe(error: Exception, arguments: list[str]) -> Failure:
    """Return what to say of ``error``, which ended the command line ``arguments``."""
    palette = terminal.palette(sys.stderr, arguments)
    if isinstance(error, MooringError):
        lines_of = terminal.lines_of(sys.stderr)
        return Failure(text.error(error, palette=palette, lines_of=lines_of), error.exit_status)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return Failure(error.format_message(), statuses.USAGE)
    if isinstance(error, click.UsageError):
        return Failure(text.error(_usage(error), palette=palette), statuses.USAGE)
    if isinstance(error, click.Abort):
        return Failure("interrupted", statuses.INTERRUPTED)
    if isinstance(error, MemoryError):
        fault = MooringError("out of memory", remedy="convert fewer services at once")
        return Failure(text.error(fault, palette=palette), statuses.BUG)
    return Failure(text.error(_bug(error), palette=palette), statuses.BUG)


def _usage(error: click.UsageError) -> MooringError:
    """Return click's complaint in our form, with what was probably meant."""
    likely: list[str] = list(getattr(error, "possibilities", None) or ())
    message = error.message if likely else error.format_message()
    message = message[:1].lower() + message[1:].rstrip(".")
    command = error.ctx.command_path if error.ctx is not None else "mooring"
    remedy = f"did you mean {likely[0]}?" if likely else f"{command} --help lists what there is"
    return MooringError(message, remedy=remedy)


def _bug(error: Exception) -> MooringError:
    return MooringError(
        f"a bug of mooring, not of your files: {type(error).__name__}{_place(error)}",
        remedy=(
            "please report it with this line, the versions "
            f"(mooring {__version__}, Python {platform.python_version()}, {sys.platform}) and what "
            "the same command prints with --debug\n"
            "(read that through first: it may hold values from your files)"
        ),
    )


def _place(error: Exception) -> str:
    """Return where in mooring ``error`` was raised, or as near to it as is known."""
    frames = [
        (file.rpartition("/mooring/")[2], frame)
        for frame in traceback.extract_tb(error.__traceback__)
        if "/mooring/" in (file := frame.filename.replace("\\", "/"))
    ]
    if not frames:
        return ""
    file, frame = frames[-1]
    return f" at {file}:{frame.lineno} in {frame.name}"
