"""Small projects on disk, for tests of loading."""

from collections.abc import Mapping
from pathlib import Path

from mooring.compose import loader
from mooring.compose.discovery import LoadRequest
from mooring.compose.project import Loaded


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write ``files`` (path to text) below ``folder`` and return it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def load(folder: Path, there: Mapping[str, str], /, **asked: object) -> Loaded:
    """Write the files ``there`` and load them as a command in ``folder`` would, so ``asked``."""
    write(folder, there)
    return loader.load(LoadRequest(**{"directory": str(folder), **asked}))  # type: ignore[arg-type]
