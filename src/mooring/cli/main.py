"""
Where the process begins and ends: the one place where errors become exit statuses.

Little is imported here and nothing heavy: `--version` is answered before click is loaded, and
the modules that render an error are loaded when there is one.
"""

import gc
import os
import sys

from mooring import __version__
from mooring.cli import statuses

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the time that importing typing takes
if TYPE_CHECKING:
    from typing import NoReturn

    from mooring.cli.invocation import Stages

_VERSION = (["--version"], ["-V"])
"""Command lines that are answered before anything is loaded."""


def main() -> "NoReturn":
    """
    Run this process's command line and end the process with its exit status.

    The garbage collector is off: a conversion makes a few large trees that live until its end,
    and walking them again and again takes longer than the work.  At the end they are not freed
    value by value either: the system takes the memory back at once.

    Modules of this package are found in a shorter way, see `own_modules`.
    """
    gc.disable()
    if sys.argv[1:] not in _VERSION:
        from mooring.cli import own_modules

        own_modules.install()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a process may be started with closed streams
            # Any locale: what we write is UTF-8, and text that is none is shown escaped.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    status = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            continue  # said already, or nobody is there to be told
    pattern_cache = sys.modules.get("mooring.cli.pattern_cache")
    if pattern_cache is not None and pattern_cache.CACHE is not None:
        pattern_cache.CACHE.save()
    os._exit(status)


def run(arguments: list[str], stages: "Stages | None" = None) -> int:
    """
    Run one command line and return its exit status; no error escapes.

    ``stages`` stands in for `mooring.pipeline` in tests.
    """
    try:
        if arguments in _VERSION:
            print(version())  # noqa: T201 - the command's result, before anything is loaded
            status = statuses.FINE
        else:
            from mooring.cli import plain

            call = plain.read(arguments, stages)
            if call is not None:
                status = call.command(call.invocation, **call.values)
            else:
                from mooring.cli import group

                status = group.invoke(arguments, stages)
        _flush_output()
    except KeyboardInterrupt:
        _say("interrupted")
        return statuses.INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return statuses.BROKEN_PIPE
    except Exception as error:
        return _fail(error, arguments)
    return status


def version() -> str:
    """Return what `mooring --version` prints."""
    return f"mooring {__version__}"


def _fail(error: Exception, arguments: list[str]) -> int:
    """Tell the user of ``error`` and return the status that stands for it."""
    if _debugging(arguments):
        import traceback

        _say("".join(traceback.format_exception(error)).rstrip())
    try:
        from mooring.cli import failures

        failure = failures.describe(error, arguments)
    except Exception as second:
        # Telling of the error failed, too (a damaged installation, out of memory).
        _say(f"error: a bug of mooring, not of your files: {type(second).__name__}")
        return statuses.BUG
    _say(failure.text)
    return failure.status


def _debugging(arguments: list[str]) -> bool:
    return "--debug" in arguments or os.environ.get("MOORING_DEBUG", "") not in {"", "0"}


def _say(text: str) -> None:
    """Write to the error stream, which may be closed, too."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def _flush_output() -> None:
    """
    Hand everything that was printed to the system, while a failure can still be told.

    Raises:
        OutputError: the output cannot be written, as on a full disk.
    """
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from mooring.errors import OutputError

        _discard_output()
        raise OutputError(f"cannot write the output: {error.strerror}") from error


def _discard_output() -> None:
    """Point standard output to nowhere, so that the interpreter's last flush stays quiet."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
