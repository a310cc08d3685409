"""
What `mooring check` compares with: the same input as it was before.

It was before at a revision of git, in a folder of manifests, or is what a cluster has now.  Two
things come of it: findings that were there already are not told again, and rules see what changes.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from mooring.check import baseline, catalogue, engine
from mooring.check.baseline import Baseline
from mooring.check.bundle import Bundle
from mooring.check.engine import Input
from mooring.check.selection import Selection
from mooring.findings import Finding
from mooring.manifests.entries import Entry

CLUSTER = "cluster"
"""In place of a file or folder: what the cluster has."""

EVERYWHERE = "*"
"""The place of what a cluster has."""

WRITTEN_TO = "MOORING_INPUTS_TO"
"""Names the file into which a run of this program that is asked by another writes its inputs."""


class _Written(msgspec.Struct, frozen=True):
    """An input as one run tells it to another."""

    place: str
    namespace: str | None
    manifests: list[dict[str, Any]]


def write(inputs: Iterable[Input], file: str) -> None:
    """Write what ``inputs`` hold into ``file``, which only its owner reads."""
    every = [
        _Written(
            one.place, one.bundle.objects.namespace, [each.manifest for each in one.bundle.entries]
        )
        for one in inputs
    ]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(msgspec.json.encode(every))


def read(file: str) -> tuple[Input, ...]:
    """Return what `write` wrote; nothing where it wrote nothing."""
    try:
        with open(file, "rb") as stream:
            every = msgspec.json.decode(stream.read(), type=list[_Written])
    except OSError:
        return ()
    return tuple(
        Input(Bundle(map(Entry, one.manifests), namespace=one.namespace), place=one.place)
        for one in every
    )


def known_in(inputs: Iterable[Input], chosen: Selection) -> Baseline:
    """Return what is found in ``inputs``, which were before."""
    found: list[Finding] = []
    for one in inputs:
        judged = engine.judge(one.bundle, catalogue.checks(), chosen, others=one.others)
        found.extend(judged.findings)
        found.extend(_of_no_namespace(judged.findings, one.bundle.objects.namespace))
    return baseline.read(baseline.of(found), "")


def _of_no_namespace(findings: Iterable[Finding], namespace: str | None) -> Iterator[Finding]:
    """Yield what is found in ``namespace`` as it is found in manifests that name none."""
    for one in findings:
        if one.ref is not None and namespace is not None and one.ref.namespace == namespace:
            ref = msgspec.structs.replace(one.ref, namespace=None)
            yield msgspec.structs.replace(one, ref=ref)


def compare(inputs: Sequence[Input], before: Sequence[Input]) -> None:
    """
    Let the rules see what ``inputs`` were ``before``.

    Inputs of one place belong together, such as overlays of one name; one alone, and one alone
    before, do so wherever they stand.  What is `EVERYWHERE` was before all of them.
    """
    if len(inputs) == len(before) == 1:
        inputs[0].bundle.before = before[0].bundle
        return
    places = {one.place: one.bundle for one in before}
    for one in inputs:
        one.bundle.before = places.get(one.place, places.get(EVERYWHERE))
