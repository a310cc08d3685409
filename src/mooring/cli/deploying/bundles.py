"""Bundles of evidence on their way to the disk: a folder, or one file of a folder's content."""

import gzip
import io
import os
import tarfile
from collections.abc import Callable, Mapping

from mooring.deploy.happenings import Happening
from mooring.errors import OutputError

_ENDINGS = (".tar.gz", ".tgz")
_MOST_HAPPENINGS = 20_000


class Recorder:
    """Keeps what is told, and tells it on."""

    def __init__(self, emit: Callable[[Happening], None]) -> None:
        self._emit = emit
        self.happened: list[Happening] = []

    def __call__(self, happening: Happening) -> None:
        """Take in ``happening``."""
        if len(self.happened) < _MOST_HAPPENINGS:
            self.happened.append(happening)
        self._emit(happening)


def write(place: str, files: Mapping[str, bytes]) -> None:
    """
    Write ``files``, by their paths, into the folder ``place`` or the archive of that name.

    An archive has the same bytes for the same files.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        if place.endswith(_ENDINGS):
            content = _archive(files)
            with open(place, "wb", opener=_for_owner) as stream:
                stream.write(content)
            return
        for path, content in files.items():
            target = os.path.join(place, path)
            os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
            with open(target, "wb", opener=_for_owner) as stream:
                stream.write(content)
    except OSError as error:
        raise OutputError(f"the evidence cannot be written to {place}: {error.strerror}") from error


def _for_owner(path: str, flags: int) -> int:
    # Logs are nobody else's business, even with secrets masked.
    return os.open(path, flags, 0o600)


def _archive(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, content in sorted(files.items()):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(content), 0o600
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
