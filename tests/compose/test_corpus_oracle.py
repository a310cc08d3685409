"""Every real stack of the corpus loads to the project that Docker Compose makes of it."""

import csv
import json
from pathlib import Path

import pytest
from tests.compose.differences import differences

from mooring.compose import canonical_print, loader
from mooring.compose.discovery import LoadRequest
from mooring.compose.nodes import Path as NodePath
from mooring.compose.nodes import leaves

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def _rows() -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8") as index:
        return list(csv.DictReader(index, delimiter="\t"))


ROWS = _rows()

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not ROWS, reason="the corpus of real stacks is not beside the clone"),
]


def _request(row: dict[str, str]) -> LoadRequest:
    stack = CORPUS / row["set"] / row["stack"]
    return LoadRequest(
        directory=str(stack),
        files=tuple(row["files"].split(",")),
        profiles=("*",),
        environment={"HOME": str(stack)},
    )


def test_the_corpus_is_whole() -> None:
    assert len(ROWS) >= 59


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['set']}/{row['stack']}")
def test_stack(row: dict[str, str]) -> None:
    request = _request(row)
    text = (Path(request.directory) / "ORACLE.json").read_text(encoding="utf-8")
    expected = json.loads(text.replace("@STACK@", request.directory))
    project = loader.load(request).project
    ours = {
        name: value
        for name, value in canonical_print.as_plain(project).items()
        if not name.startswith("x-")
    }
    environments = {
        service: {name: one.value for name, one in environment.items()}
        for service, environment in project.resolved_environments.items()
    }
    assert list(differences({**ours, "x-resolved-environment": environments}, expected)) == []


MADE_UP = {
    "networks.*.ipam",
    "networks.*.name",
    "secrets.*.name",
    "services.*.build.dockerfile",
    "services.*.command",
    "services.*.depends_on.*.condition",
    "services.*.depends_on.*.required",
    "services.*.deploy.placement",
    "services.*.deploy.resources",
    "services.*.entrypoint",
    "services.*.networks.*",
    "volumes.*.name",
}
"""What Compose adds to a project: all that may be without a position."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['set']}/{row['stack']}")
def test_what_the_user_wrote_has_a_position(row: dict[str, str]) -> None:
    project = loader.load(_request(row)).project
    without = {_pattern(path) for path, leaf in leaves(project.root) if leaf.position is None}
    assert without - MADE_UP == set()


def _pattern(path: NodePath) -> str:
    """Return ``path`` with a star for each name that the user chose."""
    chosen = {1, 3} if {"networks", "depends_on"} & set(path[2:3]) else {1}
    return ".".join("*" if i in chosen else str(part) for i, part in enumerate(path))
