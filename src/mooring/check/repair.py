"""
Fixes carried out on the files that the objects stand in.

What is written is read again before it is given back: a document that does not hold exactly what
the fix means stays as it was, and the fix is told as not done.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

import msgspec

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Safety
from mooring.manifests import documents, editing, places
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


Operation = Mapping[str, object]


def repaired(
    bundle: Bundle,
    findings: Iterable[Finding],
    contents: Mapping[str, bytes],
    *,
    safeties: frozenset[Safety] = frozenset({Safety.SAFE}),
) -> Repair:
    """
    Return the files with the fixes of ``findings`` carried out that are of the ``safeties``.

    ``contents`` has what stands in the files now, by the names that positions carry.
    """
    wanted: dict[int, tuple[Entry, list[Finding]]] = {}
    refused: list[Refused] = []
    for finding in findings:
        if finding.fix is None or finding.fix.safety not in safeties or finding.ref is None:
            continue
        entry = bundle.entry(finding.ref)
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
                after = _patched(value, finding.fix.patch, prefix)
                edited = editing.edited(text, finding.fix.patch, prefix=prefix)
            except (editing.CannotEdit, LookupError, ValueError, TypeError) as error:
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


def _patched(value: Any, patch: Iterable[Operation], prefix: tuple[places.Step, ...]) -> Any:
    """
    Return ``value`` with ``patch`` carried out below ``prefix``.

    Raises:
        LookupError: a path of the patch is not there.
    """
    made = deepcopy(value)
    for operation in patch:
        parts = [
            part.replace("~1", "/").replace("~0", "~")
            for part in str(operation["path"]).split("/")[1:]
        ]
        holder = made
        for step in prefix:
            holder = holder[step]
        for part in parts[:-1]:
            holder = holder[int(part)] if isinstance(holder, list) else holder[part]
        last = parts[-1]
        if isinstance(holder, list):
            index = len(holder) if last == "-" else int(last)
            if operation["op"] == "add":
                holder.insert(index, deepcopy(operation["value"]))
            elif operation["op"] == "replace":
                holder[index] = deepcopy(operation["value"])
            else:
                del holder[index]
        elif operation["op"] == "remove":
            del holder[last]
        else:
            holder[last] = deepcopy(operation["value"])
    return made


def _spliced(content: bytes, pieces: list[tuple[Document, bytes]]) -> bytes:
    """Return ``content`` with the text of each document replaced, from behind."""
    lines = content.splitlines(keepends=True)
    for document, text in sorted(pieces, key=lambda piece: piece[0].line, reverse=True):
        first = document.line - 1
        count = len(document.content.splitlines())
        lines[first : first + count] = [text]
    return b"".join(lines)
