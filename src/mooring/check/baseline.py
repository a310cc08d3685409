"""
Findings that were there before: a file of fingerprints, so that only new ones count.

A fingerprint says what is found where, without lines, so that it outlives edits elsewhere in the
file: the rule, the object and the field, with names instead of positions in lists where the message
has them.  Two findings with one fingerprint are told apart by their number.

The file is JSON with one fingerprint a line, sorted, so that a diff of it reads as a list of what
came and went.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

import msgspec

from mooring.errors import InputError
from mooring.findings import Finding
from mooring.sources import Position

VERSION = 1


class Baseline(msgspec.Struct, frozen=True):
    """How many findings there were of each fingerprint."""

    version: int = VERSION
    findings: dict[str, int] = {}


class Compared(NamedTuple):
    """The findings that are new, those that were there, and how many fingerprints are gone."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: int


def fingerprint(finding: Finding) -> str:
    """Return what identifies ``finding`` across runs: 32 hexadecimal digits."""
    ref = finding.ref
    subject = (
        f"{ref.kind}/{ref.namespace or ''}/{ref.name}"
        if ref is not None
        else (finding.position.file if finding.position else "")
    )
    text = "\0".join((finding.rule, subject, finding.field or "", finding.message))
    return sha256(text.encode()).hexdigest()[:32]


def of(findings: Iterable[Finding]) -> bytes:
    """Return the content of the file that holds ``findings``."""
    counts = Counter(
        f"{one.rule} {one.ref or (one.position.file if one.position else '-')} {fingerprint(one)}"
        for one in findings
    )
    whole = Baseline(findings=dict(sorted(counts.items())))
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def read(content: bytes, file: str) -> Baseline:
    """
    Return what ``of`` wrote.

    Raises:
        InputError: ``content`` is no baseline, or one of a newer version.
    """
    try:
        found = msgspec.json.decode(content, type=Baseline)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError(
            f"this is no baseline: {error}",
            position=Position(file),
            remedy="make it anew with --write-baseline",
        ) from error
    if found.version != VERSION:
        raise InputError(
            f"this baseline has version {found.version}, and {VERSION} is known",
            position=Position(file),
            remedy="make it anew with --write-baseline",
        )
    return found


def compared(findings: Iterable[Finding], baseline: Baseline) -> Compared:
    """Return ``findings`` apart: those in ``baseline`` and those that are not."""
    left = Counter({key.rpartition(" ")[2]: count for key, count in baseline.findings.items()})
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in findings:
        identity = fingerprint(finding)
        if left[identity] > 0:
            left[identity] -= 1
            known.append(finding)
        else:
            new.append(finding)
    return Compared(tuple(new), tuple(known), sum(count > 0 for count in left.values()))
