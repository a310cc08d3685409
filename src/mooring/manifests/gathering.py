"""
Which files hold the manifests that somebody names: files, folders, standard input.

A folder is walked in a fixed order; hidden folders and those of package managers are passed over.
In a folder, what holds no manifest (a values file, a Compose file) is none of our business and is
counted; a file that was named by itself and holds none is a fault.  A folder with a kustomization
is one thing and is not walked, nor is one with a chart.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from mooring.errors import InputError, UsageError
from mooring.manifests import documents
from mooring.manifests.documents import Document, Fault
from mooring.manifests.entries import Entry, entries, unfinished
from mooring.sources import Position

STANDARD_INPUT = "-"
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
CHART = "Chart.yaml"

_ENDINGS = (".yaml", ".yml", ".json")
_LARGEST = 256 * 1024 * 1024


class Gathered(NamedTuple):
    """
    The objects and faults of some inputs, and what was looked at.

    ``files`` were read; ``others`` of them hold no manifest; ``kustomizations`` and ``charts`` are
    folders that were met and have to be built before they can be read.
    """

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    documents: tuple[Document, ...] = ()
    files: int = 0
    others: tuple[str, ...] = ()
    kustomizations: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every object of the inputs is among ``entries``."""
        swallowed = any(one.key == "apiVersion" for each in self.documents for one in each.repeated)
        return not (self.faults or swallowed)

    @property
    def builds(self) -> bool:
        """Whether there are folders that have to be built."""
        return bool(self.kustomizations or self.charts)


def gather(
    paths: Iterable[str], *, shown: Callable[[str], str] = str, stdin: bytes | None = None
) -> Gathered:
    """
    Return what the files at ``paths``, and those in the folders among them, hold, by path.

    The order in which they are named means nothing: which of two objects of one name is judged
    must not hang on it.

    ``shown`` says how a path is shown to the user; ``stdin`` is the content of ``-``.

    Raises:
        UsageError: a path does not exist.
        InputError: a file cannot be read.
    """
    found: list[Entry] = []
    faults: list[Fault] = []
    all_documents: list[Document] = []
    others: list[str] = []
    kustomizations: list[str] = []
    charts: list[str] = []
    files = 0
    for path in sorted(paths):
        for file, is_named in _files(path, kustomizations, charts):
            name = "<stdin>" if file == STANDARD_INPUT else shown(file)
            content = (stdin or b"") if file == STANDARD_INPUT else _content(file, name)
            files += 1
            read = documents.read(content, name)
            held = list(entries(read.documents))
            half = list(unfinished(read.documents))
            if not held and not is_named and not read.faults and not half:
                others.append(name)
                continue
            if read.faults and not is_named and not held and not _looks_like_a_manifest(content):
                others.append(name)
                continue
            found.extend(held)
            all_documents.extend(read.documents)
            faults.extend(read.faults)
            faults.extend(half)
            if is_named and not held and not read.faults and not half:
                told = "there is no manifest in it: no document has apiVersion and kind"
                faults.append(Fault(told, Position(name)))
    return Gathered(
        tuple(found),
        tuple(faults),
        tuple(all_documents),
        files,
        tuple(others),
        tuple(kustomizations),
        tuple(charts),
    )


def _files(path: str, kustomizations: list[str], charts: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield the files at ``path``, each with whether it was named itself."""
    if path == STANDARD_INPUT:
        yield path, True
    elif os.path.isdir(path):
        built: list[str] = []  # folders whose files are taken together by a kustomization
        for folder, folders, names in os.walk(path):
            if CHART in names:
                charts.append(folder)
                folders.clear()
                continue
            found = next((name for name in KUSTOMIZATIONS if name in names), None)
            if found is not None:
                # What it takes together lies beside it and below; a component is none by itself.
                if not _is_component(os.path.join(folder, found)):
                    kustomizations.append(folder)
                built.append(os.path.join(folder, ""))
            if folder.startswith(tuple(built)) or found is not None:
                names = []
            folders[:] = sorted(
                one for one in folders if not one.startswith(".") and one not in _FOREIGN
            )
            for name in sorted(names):
                if name.endswith(_ENDINGS) and not name.startswith("."):
                    yield os.path.join(folder, name), False
    elif os.path.exists(path):
        yield path, True
    else:
        raise UsageError(f"there is no file or folder {path}", remedy="correct the path")


def _is_component(file: str) -> bool:
    with open(file, "rb") as stream:
        return any(line.split() == [b"kind:", b"Component"] for line in stream)


_FOREIGN = frozenset({"node_modules", "vendor", "__pycache__", "venv"})


def _content(file: str, name: str) -> bytes:
    try:
        if os.path.getsize(file) > _LARGEST:
            raise InputError("the file is too large", position=Position(name))
        with open(file, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise InputError(
            f"the file cannot be read: {error.strerror}", position=Position(name)
        ) from error


def _looks_like_a_manifest(content: bytes) -> bool:
    """Tell whether an unreadable file was meant to be a manifest: some line says ``kind:``."""
    return any(
        line.startswith((b"kind:", b"apiVersion:", b'"kind"', b'"apiVersion"'))
        for line in (one.strip() for one in content.splitlines())
    )
