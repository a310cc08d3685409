"""
``mooring.lock``: what was written, so that a change by the user is seen.

JSON with one line for each file, so that git merges it line by line.  It holds no hash of a file
with secret values: anybody could try passwords against it.
"""

from collections.abc import Iterable

import msgspec

from mooring import digests
from mooring.render.file_tree import is_inside

NAME = "mooring.lock"
_VERSION = 1


class UnreadableLock(Exception):
    """A lock is not in its form; the message says why."""


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """
    The hashes of generated files by path.

    ``output`` is the folder they are in, relative to the lock.  ``pending`` are hashes of what a
    run was about to write; they are there only after a crash.
    """

    output: str
    files: dict[str, str]
    pending: dict[str, str] = {}

    def is_ours(self, path: str, content: bytes) -> bool:
        """
        Return whether ``content`` is what we wrote to ``path``, line ends of git aside.

        A file that a crashed run was about to make is ours whatever it holds: the half of it.
        """
        if path in self.pending and path not in self.files:
            return True
        known = {self.files.get(path), self.pending.get(path)} - {None}
        if not known:
            return False
        if digest(content) in known:
            return True
        return b"\r\n" in content and digest(content.replace(b"\r\n", b"\n")) in known

    def paths(self) -> Iterable[str]:
        """Return the paths of all files that may be ours."""
        return {**self.files, **self.pending}


def digest(content: bytes) -> str:
    """Return the hash of ``content`` as a lock holds it."""
    return digests.hexadecimal(content)


def parse(content: bytes) -> Lock:
    """
    Return the lock of ``content``.

    Raises:
        UnreadableLock: it is not JSON of this form, or names paths outside the output.
    """
    try:
        raw = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        version = msgspec.json.decode(raw.get("version", msgspec.Raw(b"0")), type=int)
        if version > _VERSION:
            raise UnreadableLock("it was written by a newer mooring")
        found = msgspec.json.decode(content, type=Lock)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableLock(f"it is damaged ({error})") from error
    outside = [path for path in found.paths() if not is_inside(path)]
    if outside:
        raise UnreadableLock(f"it names {outside[0]!r}, which is no path inside the output")
    return found


def content(lock: Lock) -> bytes:
    """Return the content of ``lock`` as a file."""
    fields: dict[str, object] = {
        "version": _VERSION,
        "output": lock.output,
        "files": dict(sorted(lock.files.items())),
    }
    if lock.pending:
        fields["pending"] = dict(sorted(lock.pending.items()))
    return msgspec.json.format(msgspec.json.encode(fields), indent=1) + b"\n"
