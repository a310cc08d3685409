"""
The stacks that whole-road tests convert: those of real people, our example, our small cases.

A stack is copied before anything is done with it, so that nothing is ever written beside it.
"""

import csv
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.compose import conformance

from mooring.compose.discovery import FILE_NAMES, LoadRequest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
EXAMPLES = ROOT / "examples"


class Stack(NamedTuple):
    """A folder with Compose files; ``files`` is empty where they have their usual names."""

    name: str
    folder: Path
    files: tuple[str, ...] = ()

    def copied(self, folder: Path) -> LoadRequest:
        """Return what to load, from a copy of the stack below ``folder``."""
        # The folder's name becomes the project's; it tells stacks apart in the API server.
        target = folder / self.name
        shutil.copytree(self.folder, target, symlinks=True)
        return LoadRequest(
            directory=str(target),
            files=self.files,
            profiles=("*",),
            environment={"HOME": str(target)},
        )


def corpus() -> list[Stack]:
    """Return the stacks of the corpus that Docker Compose loads; none where it is absent."""
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index, delimiter="\t") if row["oracle"] == "ok"]
    return [
        Stack(
            name=f"{row['set']}-{row['stack']}",
            folder=CORPUS / row["set"] / row["stack"],
            # Files with a usual name are left for Mooring to find, with those of environments.
            files=() if row["files"] in FILE_NAMES else tuple(row["files"].split(",")),
        )
        for row in rows
    ]


def examples() -> list[Stack]:
    """Return our own example stacks."""
    return [
        Stack(name=folder.name, folder=folder)
        for folder in sorted(EXAMPLES.iterdir())
        if folder.is_dir()
    ]


def parameters(stacks: list[Stack]) -> list[object]:
    """Return ``stacks`` as the cases of a test; one skipped case where there are none."""
    if not stacks:
        reason = "the corpus of real stacks is not beside the clone"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="corpus")]
    return [pytest.param(stack, id=stack.name) for stack in stacks]


def accepted_cases() -> list[Path]:
    """Return the files of the conformance cases that Docker Compose loads, sorted."""
    found = ((path, conformance.read(path)) for path in conformance.paths())
    return [path for path, case in found if not case.rejected]
