"""Four times the objects take four times the work: no rule compares all with all."""

from collections import Counter
from typing import Any

from tests.check.cases import cases
from tests.support.copies import copied
from tests.support.lines import lines_of

from mooring.check import catalogue, engine
from mooring.check.bundle import Bundle
from mooring.check.selection import Profile, Selection
from mooring.findings import Rule
from mooring.manifests import documents
from mooring.manifests.entries import Entry
from mooring.semantics import kinds

EVERY = 60
"""One case of so many: all kinds of objects, and all kinds of faults, are among them."""
FEW, MANY = 1, 4
NEGLIGIBLE = 0.001
"""Of all work: what a function may take more than its share, as sorting does."""


class _All(Selection, frozen=True):
    """Every rule looks, and all is shown."""

    def wants(self, rule: Rule) -> bool:
        return True


def _objects() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, case in enumerate(cases()[::EVERY]):
        for document in documents.read(case.path.read_bytes(), case.path.name).documents:
            one = document.value
            if isinstance(one, dict) and isinstance(one.get("metadata"), dict):
                found.append({**one, "metadata": {**one["metadata"], "case": number}})
    return found


def _copied(objects: list[dict[str, Any]], times: int) -> list[Entry]:
    """Return ``objects`` so often, each time and each case in a namespace of its own."""
    made = []
    for copy in range(times):
        for one in objects:
            again = copied(one)
            metadata = again["metadata"]
            namespace = f"n{metadata.pop('case')}-{copy}"
            kind = kinds.group_kind(str(one.get("apiVersion")), str(one.get("kind")))
            if kinds.is_cluster_scoped(kind):
                metadata["name"] = f"{metadata.get('name')}-{copy}"
            else:
                metadata["namespace"] = namespace
            made.append(Entry(again))
    return made


def _work(objects: list[dict[str, Any]], times: int) -> Counter[str]:
    """Return how many lines of each function run to judge so many copies, and what they were."""
    entries, before = _copied(objects, times), _copied(objects, times)
    for one in before:
        one.manifest.setdefault("metadata", {})["labels"] = {"was": "here"}
    return lines_of(lambda: _judge(entries, before))


def _judge(entries: list[Entry], before: list[Entry]) -> None:
    bundle = Bundle(entries, is_closed=True)
    bundle.before = Bundle(before)
    judged = engine.judge(bundle, catalogue.checks(), _All(profile=Profile.ALL))
    assert not judged.broken
    assert judged.findings


def test_no_rule_grows_faster_than_what_it_looks_at() -> None:
    objects = _objects()
    _judge(_copied(objects, 1), [])  # loads modules and fills caches
    few, many = _work(objects, FEW), _work(objects, MANY)
    allowed = many.total() * NEGLIGIBLE
    grown = {
        name: (few[name], lines)
        for name, lines in many.items()
        if lines - few[name] * MANY / FEW > allowed
        # A name that is meant is looked for among all of its kind, which has a bound of its own.
        and "/difflib.py: " not in name
    }
    assert grown == {}
