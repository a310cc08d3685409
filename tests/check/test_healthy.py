"""
Manifests in which nothing is wrong: no rule says anything of them by default.

Each file under ``healthy`` is a bundle of our own, shaped like what well-known charts render and
operators are given; its first line says what there is to be mistaken about.  A finding here is a
bug of the rule.
"""

from pathlib import Path

import pytest

from mooring.check import catalogue, engine, releases
from mooring.check.bundle import Bundle
from mooring.check.selection import Selection
from mooring.manifests import documents, entries

FOLDER = Path(__file__).parent / "healthy"
HEALTHY = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", HEALTHY, ids=lambda path: path.stem)
def test_nothing_is_found_where_nothing_is_wrong(path: Path) -> None:
    read = documents.read(path.read_bytes(), path.name)
    assert not read.faults
    found = tuple(entries.entries(read.documents))
    bundle = Bundle(found, namespace=releases.namespace(found))
    judged = engine.judge(bundle, catalogue.checks(), Selection())
    assert not judged.broken
    assert not [f"{one.position}: {one.rule}: {one.ref}: {one.message}" for one in judged.findings]


@pytest.mark.parametrize("path", HEALTHY, ids=lambda path: path.stem)
def test_a_healthy_case_says_what_there_is_to_be_mistaken_about(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert first.endswith(".")


def test_there_are_as_many_cases_as_are_promised() -> None:
    assert len(HEALTHY) >= 60
