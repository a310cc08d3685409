"""
The files of a project, as they are named, shown and read.

Whatever a load reads goes through here, so that a missing file, a directory in place of a file or
a device is one error with the position of the text that asked for it.
"""

import os
import stat

import msgspec

from mooring.errors import InputError, InputErrors
from mooring.sources import Position

STDIN = "-"
_SIZE_LIMIT = 100 * 1024 * 1024


class UnreadableFile(InputError):
    """A file that the project names cannot be read; ``missing`` tells that nothing is there."""

    def __init__(
        self, message: str, *, position: Position, remedy: str, missing: bool = False
    ) -> None:
        super().__init__(message, position=position, remedy=remedy)
        self.missing = missing


def absolute(base: str, path: str) -> str:
    """Return ``path``, taken from the directory ``base``, without ``.`` and ``..`` parts."""
    joined = os.path.normpath(os.path.join(base, path))
    # POSIX lets "//" mean something of its own; nothing here does.
    return joined[1:] if joined.startswith("//") else joined


class SourceFiles(msgspec.Struct, frozen=True, kw_only=True):
    """
    The file system as seen from ``directory``, where the command runs.

    ``stdin`` is what the file named ``-`` holds; None where nothing is offered there.
    """

    directory: str
    stdin: bytes | None = None

    def shown(self, path: str) -> str:
        """Return the absolute ``path`` as it is shown to the user: relative where that is less."""
        if path == STDIN:
            return "<stdin>"
        relative = os.path.relpath(path, self.directory)
        return relative if len(relative) < len(path) else path

    def read(
        self,
        path: str,
        what: str,
        *,
        asked_at: Position | None = None,
        pipes: bool = False,
    ) -> bytes:
        """
        Return the content of the absolute ``path``, or of standard input for ``-``.

        ``what`` names the kind of file in an error ("compose file"), ``asked_at`` is the text that
        asks for it.  ``pipes`` lets the user name a pipe, as shells do for ``<(command)``.

        Raises:
            InputErrors: one `UnreadableFile`.
        """
        if path == STDIN:
            return self.stdin or b""
        position = asked_at or Position(self.shown(path))
        try:
            with open(path, "rb", opener=_open_at_once if not pipes else None) as file:
                kind = os.fstat(file.fileno()).st_mode
                if not (stat.S_ISREG(kind) or path == "/dev/null" or (pipes and _is_pipe(kind))):
                    raise _unreadable(f"{self._named(what, path)} is not a regular file", position)
                content = file.read(_SIZE_LIMIT + 1)
        except (OSError, ValueError) as error:
            raise self._refused(path, what, position, error) from error
        if len(content) > _SIZE_LIMIT:
            raise _unreadable(f"{self._named(what, path)} is larger than 100 MiB", position)
        return content

    def _refused(
        self, path: str, what: str, position: Position, error: OSError | ValueError
    ) -> InputErrors:
        named = self._named(what, path)
        if isinstance(error, FileNotFoundError):
            return _unreadable(f"{named} does not exist", position, missing=True)
        if isinstance(error, IsADirectoryError):
            return _unreadable(f"{named} is a directory, not a file", position)
        # A name that no file can have (it holds a NUL) is a ValueError.
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return _unreadable(f"{named} cannot be read: {reason}", position)

    def _named(self, what: str, path: str) -> str:
        return f'{what} "{self.shown(path)}"'


def _is_pipe(kind: int) -> bool:
    return stat.S_ISFIFO(kind)


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting: a pipe that nobody writes to must not hold up the load."""
    return os.open(path, flags | os.O_NONBLOCK)


def _unreadable(message: str, position: Position, *, missing: bool = False) -> InputErrors:
    remedy = "create it, or correct the path" if missing else "name a file that can be read"
    return InputErrors([UnreadableFile(message, position=position, remedy=remedy, missing=missing)])
