"""
Fixes carried out on the files that the objects stand in.

What is written is read again before it is given back: a document that does not hold exactly what
the fix means stays as it was, and the fix is told as not done.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Safety
from mooring.manifests import documents, editing, json_patch, places
from mooring.manifests.documents import Document
from mooring.manifests.entries import Entry


class Refused(msgspec.Struct, frozen=True):
    """A fix that was not carried out, and why."""

    finding: Finding
    reason: str


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """``contents`` has the new content of each file that changes."""

    contents: dict[str, bytes]
    done: tuple[Finding, ...]
    refused: tuple[Refused, ...]


def repaired(
    bundles: Sequence[Bundle],
    findings: Iterable[Finding],
    contents: Mapping[str, bytes],
    *,
    safeties: frozenset[Safety] = frozenset({Safety.SAFE}),
) -> Repair:
    """
    Return the files with the fixes of ``findings`` carried out that are of the ``safeties``.

    ``contents`` has what stands in the files now, by the names that positions carry.  An object
    that a kustomization changed is not what its file says, and is left alone.
    """
    wanted: dict[int, tuple[Entry, list[Finding]]] = {}
    refused: list[Refused] = []
    for finding in findings:
        if finding.fix is None or finding.fix.safety not in safeties or finding.ref is None:
            continue
        entry = _entry(bundles, finding)
        if entry is None or entry.document is None or entry.document.file not in contents:
            refused.append(Refused(finding, "the object stands in no file that can be written"))
        else:
            wanted.setdefault(id(entry.manifest), (entry, []))[1].append(finding)
    changed: dict[str, list[tuple[Document, bytes]]] = {}
    done: list[Finding] = []
    for document, group in _by_document(wanted.values()):
        text, good, bad = _document(document, group)
        done += good
        refused += bad
        if good:
            changed.setdefault(document.file, []).append((document, text))
    return Repair(
        contents={file: _spliced(contents[file], pieces) for file, pieces in changed.items()},
        done=tuple(done),
        refused=tuple(refused),
    )


class Edit(NamedTuple):
    """Whole lines of a file to be replaced: ``first`` to ``last``, ``last`` below it for none."""

    file: str
    first: int
    last: int
    text: str


def edit(bundles: Sequence[Bundle], finding: Finding, contents: Mapping[str, bytes]) -> Edit | None:
    """Return what the safe fix of ``finding`` changes in its file; None where it has none."""
    if finding.fix is None or finding.fix.safety is not Safety.SAFE:
        return None
    for file, content in repaired(bundles, [finding], contents).contents.items():
        return _edit(file, contents[file], content)
    return None


def _edit(file: str, before: bytes, after: bytes) -> Edit:
    """Return the change between two contents of ``file`` as one block of lines."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    start = next(
        (index for index, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]),
        min(len(old), len(new)),
    )
    same = 0
    while same < min(len(old), len(new)) - start and old[-1 - same] == new[-1 - same]:
        same += 1
    text = b"".join(new[start : len(new) - same]).decode("utf-8", "replace")
    return Edit(file, start + 1, len(old) - same, text)


def _entry(bundles: Sequence[Bundle], finding: Finding) -> Entry | None:
    """Return what the file of the finding holds of its object, as it stands there."""
    assert finding.ref is not None
    for bundle in bundles:
        entry = bundle.entry(finding.ref)
        if entry is not None and entry.document is not None and entry.is_as_written:
            return entry
    return None


def _by_document(
    wanted: Iterable[tuple[Entry, list[Finding]]],
) -> list[tuple[Document, list[tuple[Entry, list[Finding]]]]]:
    found: dict[int, tuple[Document, list[tuple[Entry, list[Finding]]]]] = {}
    for entry, group in wanted:
        assert entry.document is not None
        found.setdefault(id(entry.document), (entry.document, []))[1].append((entry, group))
    return list(found.values())


def _document(
    document: Document, groups: list[tuple[Entry, list[Finding]]]
) -> tuple[bytes, list[Finding], list[Refused]]:
    text = document.content
    value = document.value
    done: list[Finding] = []
    refused: list[Refused] = []
    for entry, findings in groups:
        prefix = places.steps(entry.prefix, document.value)
        # Removals last and from behind, so that no index shifts under another fix.
        for finding in sorted(findings, key=_order):
            assert finding.fix is not None
            try:
                after = json_patch.patched(value, finding.fix.patch, prefix)
                edited = editing.edited(text, finding.fix.patch, prefix=prefix)
            except (editing.CannotEdit, json_patch.PatchFailed) as error:
                refused.append(Refused(finding, str(error)))
                continue
            read = documents.read(edited, document.file)
            if read.faults or [one.value for one in read.documents] != [after]:
                refused.append(Refused(finding, "the text around it does not allow it"))
                continue
            text, value = edited, after
            done.append(finding)
    return text, done, refused


def _order(finding: Finding) -> tuple[bool, tuple[tuple[bool, int, str], ...]]:
    assert finding.fix is not None
    first = finding.fix.patch[0] if finding.fix.patch else {}
    parts = str(first.get("path", "")).split("/")
    key = tuple((part.isdigit(), -int(part) if part.isdigit() else 0, part) for part in parts)
    return first.get("op") == "remove", key


def _spliced(content: bytes, pieces: list[tuple[Document, bytes]]) -> bytes:
    """Return ``content`` with the text of each document replaced, from behind."""
    lines = content.splitlines(keepends=True)
    for document, text in sorted(pieces, key=lambda piece: piece[0].line, reverse=True):
        first = document.line - 1
        count = len(document.content.splitlines())
        lines[first : first + count] = [text]
    return b"".join(lines)
