"""
A file tree onto the disk, without ever losing what the user wrote.

What happens to a file depends on whose it is (``file_tree.Owner``) and on ``mooring.lock``, which
holds the hash of each file that we wrote:

- ours and untouched: replaced when the content is another one, removed when it is no longer made;
- ours and edited, while we would write the same as before: the edit stays, and is reported;
- ours and edited, and we would write something else: nothing at all is written, and one error
  lists every such file; ``force`` overwrites them;
- ours and edited, but no longer made: it stays, and is reported;
- the user's: written where there is none;
- secret values: keys are added, values never changed; a value that differs is reported.

A file that exists is written beside its place and renamed, so no reader sees half of it.  Before
the first change the lock gets the hashes of what is to come, so that a crash leaves nothing that
the next run would take for the user's.
"""

import os
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import msgspec

from mooring.beside import Beside
from mooring.errors import OutputError
from mooring.render import lock as locks
from mooring.render import secret_values
from mooring.render.file_tree import File, FileTree, Owner
from mooring.render.lock import Lock

_TEMPORARY = ".mooring-part"
_MANY = 64
"""From so many new files on a second process is worth what it costs."""


class Change(msgspec.Struct, frozen=True, gc=False):
    """A file to write."""

    path: str
    content: bytes
    mode: int

    def __repr__(self) -> str:
        return f"Change({self.path}, {len(self.content)} bytes)"


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """
    What writing a tree does, decided before anything is done.

    ``kept`` are edited files that stay, ``left`` edited files that are no longer made,
    ``differing`` secret values in the user's files that are not those computed, as
    ``path: key``.  Paths are relative to the output.
    """

    write: tuple[Change, ...]
    remove: tuple[str, ...]
    unchanged: int
    kept: tuple[str, ...]
    left: tuple[str, ...]
    differing: tuple[str, ...]
    lock: Lock


class EditedFiles(OutputError):
    """Files that we would write hold something that we did not write."""

    def __init__(self, output: str, paths: Sequence[str]) -> None:
        self.paths = tuple(paths)
        many = len(paths) != 1
        listing = "".join(f"\n  {os.path.join(output, path)}" for path in paths)
        super().__init__(
            f"{len(paths)} file{'s' if many else ''} changed since mooring wrote "
            f"{'them' if many else 'it'} would be overwritten:{listing}",
            remedy="move the changes into a patch, where they survive, or overwrite with --force",
        )


class ForeignOutput(OutputError):
    """The output is not ours to write into."""


def write(tree: FileTree, output: str, *, lock: str, force: bool = False) -> Changes:
    """
    Write ``tree`` into the folder ``output`` and its hashes into the file ``lock``.

    Args:
        force: overwrite files that the user edited, and write into a folder that is not ours.
            Secret values and files of the user are kept even so.

    Returns:
        What was done.

    Raises:
        OutputError: see ``changes``; or the file system refuses.
    """
    planned = changes(tree, output, lock=lock, force=force)
    apply(planned, output, lock=lock)
    return planned


def changes(tree: FileTree, output: str, *, lock: str, force: bool = False) -> Changes:
    """
    Return what ``write`` would do, without doing it.

    Raises:
        ForeignOutput: ``output`` is a file, or holds files and no lock tells that they are ours.
        EditedFiles: files to write were edited by the user; without ``force``.
        OutputError: a file cannot be read, or the lock or a file of values is damaged.
    """
    known = _known(output, lock, force=force)
    is_empty = not _names_in(output)
    write: list[Change] = []
    unchanged = 0
    conflicts: list[str] = []
    kept: list[str] = []
    differing: list[str] = []
    files: dict[str, str] = {}
    siblings = _Siblings(tree, output)
    for path, file in tree.items():
        present = None if is_empty else _read(output, path)
        if file.owner is Owner.MOORING:
            files[path] = locks.digest(file.content)
            if present is None or (force and present != file.content):
                pass
            elif present == file.content:
                unchanged += 1
                continue
            elif not known.is_ours(path, present):
                if known.files.get(path) == files[path]:
                    kept.append(path)
                else:
                    conflicts.append(path)
                continue
            write.append(Change(path, file.content, file.mode))
            continue
        content, different = _with_users_values(path, file, present, siblings, output)
        differing += [f"{path}: {key}" if key else path for key in different]
        if content == present:
            unchanged += 1
        else:
            write.append(Change(path, content, file.mode))
    if conflicts:
        raise EditedFiles(output, conflicts)
    remove, left = _no_longer_made(tree, output, known)
    return Changes(
        write=tuple(write),
        remove=tuple(remove),
        unchanged=unchanged,
        kept=tuple(kept),
        left=tuple(left),
        differing=tuple(differing),
        lock=Lock(output=known.output, files=files),
    )


def apply(planned: Changes, output: str, *, lock: str) -> None:
    """
    Do what ``changes`` decided.

    Raises:
        OutputError: the file system refuses; what was written until then is seen as ours by the
            next run.
    """
    with _refusals():
        before = _present_lock(lock)
        is_new = not _names_in(output)
        if planned.write or planned.remove:
            pending = Lock(
                output=planned.lock.output,
                files=before.files if before else {},
                pending=planned.lock.files,
            )
            os.makedirs(output, exist_ok=True)
            _write(lock, locks.content(pending), 0o644)
        half = len(planned.write) // 2
        second = partial(_write_all, planned.write[half:], output)
        # Two processes would take one temporary name for two files that exist.
        with Beside(second, pays=is_new and len(planned.write) >= _MANY) as other:
            _write_all(planned.write[:half], output)
            other.result()
        for path in planned.remove:
            _remove(output, path)
        if planned.write or planned.remove or before != planned.lock:
            os.makedirs(os.path.dirname(lock) or ".", exist_ok=True)
            _write(lock, locks.content(planned.lock), 0o644)


def _known(output: str, lock: str, *, force: bool) -> Lock:
    """Return the lock of ``output``; an empty one where nothing was written yet."""
    relative = os.path.relpath(output, os.path.dirname(lock) or ".").replace(os.sep, "/")
    nothing = Lock(output=relative, files={})
    with _refusals():
        if os.path.lexists(output) and not os.path.isdir(output):
            raise ForeignOutput(f"{output} is a file", remedy="name a folder with --output")
        found = _present_lock(lock)
        if found is not None and found.output == relative:
            return found
    # A lock inside the output that names another folder came there with a moved output.
    if set(_names_in(output)) - {locks.NAME, _TEMPORARY} and not force:
        raise ForeignOutput(
            f"{output} holds files that mooring did not write",
            remedy="name another folder with --output, or write into this one with --force",
        )
    return nothing


def _present_lock(lock: str) -> Lock | None:
    try:
        with open(lock, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        return None
    try:
        return locks.parse(content)
    except locks.UnreadableLock as error:
        raise OutputError(
            f"{lock} cannot be used: {error}",
            remedy="restore it from git, or delete it and run again with --force",
        ) from error


def _with_users_values(
    path: str, file: File, present: bytes | None, siblings: "_Siblings", output: str
) -> tuple[bytes, Sequence[str]]:
    """Return what a file of the user should hold, and which of its values are others than ours."""
    if present == file.content:
        return present, ()
    if file.owner is Owner.ENV_VALUES:
        if present is None and not (values := siblings.of(path)):
            return file.content, ()
        if present is None:
            heading = b"".join(
                line for line in file.content.splitlines(keepends=True) if line.startswith(b"#")
            )
            merged = secret_values.merge_env(heading, file.content, values)
        else:
            merged = secret_values.merge_env(present, file.content, siblings.files_of(path))
        return merged.content, merged.differing
    if present is None:
        return file.content, ()
    if file.owner is Owner.MANIFEST_VALUES:
        try:
            merged = secret_values.merge_manifests(present, file.content)
        except secret_values.UnreadableValues as error:
            raise OutputError(
                f"{os.path.join(output, path)} cannot be kept: {error.cause}",
                remedy="correct the file, or move it away and take the values over afterwards",
            ) from error
        return merged.content, merged.differing
    is_other_secret = file.owner is Owner.VALUE and present != file.content
    return present, ("",) if is_other_secret else ()


class _Siblings:
    """
    Values in the user's files beside a new one.

    When an environment gets a second Secret its values move from ``secrets.env`` to a file for
    each, and what stood in a file of its own may become a line; what the user filled in moves with
    them.
    """

    def __init__(self, tree: FileTree, output: str) -> None:
        self._output = output
        self._folders: dict[str, dict[str, bytes]] = {}

    def of(self, path: str) -> dict[str, bytes]:
        """Return the values in the folder of ``path`` whose key has one value only."""
        folder = posixpath.dirname(path)
        if folder not in self._folders:
            self._folders[folder] = self._values(folder)
        return self._folders[folder]

    def _values(self, folder: str) -> dict[str, bytes]:
        found: dict[str, set[bytes]] = {}
        try:
            names = sorted(os.listdir(os.path.join(self._output, folder)))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        for name in names:
            if name.startswith("secrets.") and name.endswith(".env"):
                content = _read(self._output, f"{folder}/{name}") or b""
                for key, value in secret_values.env_values(content).items():
                    if value:
                        found.setdefault(key, set()).add(value)
        for key, value in self._files(f"{folder}/secrets"):
            found.setdefault(key, set()).add(value)
        return {key: values.pop() for key, values in found.items() if len(values) == 1}

    def files_of(self, path: str) -> dict[str, bytes]:
        """Return the values of one line that stand in files of their own beside ``path``."""
        return dict(self._files(f"{posixpath.dirname(path)}/secrets"))

    def _files(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """Yield the one-line values below ``folder``, which has a folder for each Secret."""
        if not os.path.isdir(os.path.join(self._output, folder)):
            return
        for secret in _names_in(os.path.join(self._output, folder)):
            path = f"{folder}/{secret}"
            if not os.path.isdir(os.path.join(self._output, path)):
                continue
            for key in _names_in(os.path.join(self._output, path)):
                value = (_read(self._output, f"{path}/{key}") or b"").removesuffix(b"\n")
                if value and b"\n" not in value:
                    yield key, value


def _no_longer_made(tree: FileTree, output: str, known: Lock) -> tuple[list[str], list[str]]:
    """Return which files of the lock are to be removed, and which are edited and stay."""
    remove: list[str] = []
    left: list[str] = []
    for path in sorted(known.paths()):
        if path not in tree and (present := _read(output, path)) is not None:
            (remove if known.is_ours(path, present) else left).append(path)
    return remove, left


def _names_in(folder: str) -> list[str]:
    """Return the names in ``folder``; none where it is not there."""
    with _refusals():
        try:
            return os.listdir(folder)
        except FileNotFoundError:
            return []


def _read(output: str, path: str) -> bytes | None:
    with _refusals():
        try:
            with open(os.path.join(output, path), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None


def _write_all(changes: Iterable[Change], output: str) -> bytes:
    """Write the files of ``changes`` and return nothing; what is there already is no hindrance."""
    made = {output}
    for change in changes:
        target = f"{output}/{change.path}"
        folder = target[: target.rindex("/")]
        if folder not in made:
            _make(folder)
            made.add(folder)
        _write(target, change.content, change.mode)
    return b""


def _make(folder: str) -> None:
    """Make ``folder``, and those around it, where they are not there."""
    try:
        os.mkdir(folder)
    except (FileNotFoundError, FileExistsError):
        os.makedirs(folder, exist_ok=True)


def _write(target: str, content: bytes, mode: int) -> None:
    """Write a file: a new one in its place, one that exists by way of another name."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        _fill(os.open(target, flags, mode), content)
        return
    except FileExistsError:
        pass
    # One temporary name for each folder: we write one file at a time, and the next run removes
    # what an interrupted one left.  Never opened anew, since it keeps its first permissions.
    temporary = os.path.join(os.path.dirname(target), _TEMPORARY)
    try:
        descriptor = os.open(temporary, flags, mode)
    except FileExistsError:
        os.unlink(temporary)
        descriptor = os.open(temporary, flags, mode)
    try:
        _fill(descriptor, content)
        os.replace(temporary, target)
    except OSError as error:
        os.unlink(temporary)
        raise OSError(error.errno, error.strerror, target) from error


def _fill(descriptor: int, content: bytes) -> None:
    try:
        written = os.write(descriptor, content)
        while written < len(content):
            written += os.write(descriptor, content[written:])
    finally:
        os.close(descriptor)


def _remove(output: str, path: str) -> None:
    """Remove a file, and the folders that are empty without it."""
    target = os.path.join(output, path)
    try:
        os.unlink(target)
        folder = posixpath.dirname(path)
        while folder:
            os.rmdir(os.path.join(output, folder))
            folder = posixpath.dirname(folder)
    except OSError as error:
        if not isinstance(error, FileNotFoundError) and os.path.lexists(target):
            raise


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the file system refuses into an error for the user."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{error.filename or 'the output'}: {error.strerror}") from error
