"""
Where allowances are written: comments and annotations.

    # mooring: allow image-without-version until 2027-03-01 -- the vendor has no versions

above or beside a line of a manifest or of a Compose file; or the annotation
``mooring.dev/allow.<rule>`` of an object or of its pods, whose value is the reason.  A comment of
its own holds for what begins below it: an entry, a block, or the whole document at its top.  What
is found in the objects of a service stands at its first line, so a comment within a service of a
Compose file holds for that, too.

What is meant for an allowance and cannot be read as one is kept as such, to be told: nobody should
believe that it holds.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from mooring.check.allowances import Allowance
from mooring.check.bundle import Bundle, origin
from mooring.manifests.documents import Document
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import fields, pods
from mooring.sources import Position

ANNOTATION = "mooring.dev/allow."
"""Before the id of a rule; the value is the reason, which may end in ``until 2027-03-01``."""

_OURS = "mooring.dev/"
_SIGN = b"mooring:"
_COMMENT = LazyPattern(
    r"#\s*mooring:\s*allow\s+(?P<rules>[a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)"
    r"(?:\s+until\s+(?P<until>\S+))?\s*(?:--\s*(?P<reason>.*\S)?)?\s*$"
)
_MEANT = LazyPattern(
    r"#\s*mooring:\s*(?:allow|ignore|disable|skip|suppress|silence|noqa)\w*\b(?P<rest>.*)$"
)
"""Comments that ask for silence in other words, or in ours without their form."""
_WORDS = ("allow", "ignore", "disable", "skip", "suppress", "silence", "noqa")
_RULE = LazyPattern("[a-z0-9-]+$")
_UNTIL = LazyPattern(r"\s*\buntil\s+(\S+)\s*$")
_AS_COMMENT = "# mooring: allow RULE -- <reason>"
_AS_ANNOTATION = f"{ANNOTATION}RULE: <reason>"


def written(bundle: Bundle) -> Iterator[Allowance]:
    """Yield the allowances in comments and annotations of the bundle's objects."""
    seen: set[int] = set()
    for entry in bundle.entries:
        document = entry.document
        if document is not None and id(document) not in seen:
            seen.add(id(document))
            if _SIGN in document.content:
                yield from _in_comments(document)
    yield from _in_sources(bundle)
    for item in bundle.objects:
        placed = {"metadata.annotations": fields.mapping(item.metadata.get("annotations"))}
        template = pods.template(item.ref, item.kind, item.manifest)
        if template is not None:
            place = fields.below(template.path, "metadata.annotations")
            placed[place] = fields.mapping(template.metadata.get("annotations"))
        for place, annotations in placed.items():
            yield from _in_annotations(bundle, item.ref, place, annotations)


def _in_annotations(
    bundle: Bundle, ref: ObjectRef, place: str, annotations: Mapping[str, object]
) -> Iterator[Allowance]:
    for key, value in annotations.items():
        if not isinstance(key, str) or not key.startswith(_OURS):
            continue
        rule = key.removeprefix(ANNOTATION)
        text = value if isinstance(value, str) else ""
        if rule != key and _RULE.match(rule):
            until = _UNTIL.search(text)
            reason = text[: until.start()] if until else text
            yield Allowance(
                rule=rule,
                reason=reason.strip(),
                until=_day(until[1]) if until else None,
                position=bundle.position(ref, f'{place}["{key}"]'),
                ref=ref,
            )
        elif key.removeprefix(_OURS).startswith(_WORDS):
            yield Allowance(
                rule="",
                reason="",
                position=bundle.position(ref, f'{place}["{key}"]'),
                ref=ref,
                instead=f"{key}: {text}" if text else key,
                form=_AS_ANNOTATION,
            )


def _in_sources(bundle: Bundle) -> Iterator[Allowance]:
    """Yield the allowances in Compose files; they hold for the service in which they stand."""
    starts: dict[str, set[int]] = {}
    for item in bundle.objects if bundle.sources else ():
        at = origin(item, bundle.origins_begin)
        if at is not None:
            starts.setdefault(at.file, set()).add(at.line)
    for file, content in bundle.sources.items():
        if _SIGN not in content:
            continue
        begun = sorted(starts.get(file, ()))
        for one in _in_comments(Document(file, 1, None, content, 1)):
            if one.lines is None:
                yield one
                continue
            first, last = one.lines
            service = next((line for line in reversed(begun) if line <= first), first)
            yield msgspec.structs.replace(one, lines=(service, last), is_shared=True)


def _in_comments(document: Document) -> Iterator[Allowance]:
    lines = document.content.decode("utf-8", "replace").split("\n")
    for index, line in enumerate(lines):
        if "mooring:" not in line:
            continue
        found = _COMMENT.search(line)
        if found is None:
            meant = _MEANT.search(line)
            if meant is not None:
                yield Allowance(
                    rule="",
                    reason="",
                    position=Position(document.file, document.line + index, meant.start() + 1),
                    instead=meant[0].strip(),
                    form=_AS_COMMENT,
                )
            continue
        first, last = (index, index) if line[: found.start()].strip() else _below(lines, index)
        for rule in found["rules"].split(","):
            yield Allowance(
                rule=rule.strip(),
                reason=found["reason"] or "",
                until=_day(found["until"]) if found["until"] else None,
                position=Position(document.file, document.line + index, found.start() + 1),
                lines=(document.line + first, document.line + last),
            )


def _below(lines: list[str], comment: int) -> tuple[int, int]:
    """Return the first and last line of what begins below a comment of its own."""
    first = comment + 1
    while first < len(lines) and lines[first].lstrip().startswith(("#", "---")):
        first += 1
    if first >= len(lines):
        return comment, comment
    if not any(line.strip(" -\t#") and not line.lstrip().startswith("#") for line in lines[:first]):
        return first, len(lines)  # at the top: the whole document
    indent = len(lines[first]) - len(lines[first].lstrip())
    last = first
    for index in range(first + 1, len(lines)):
        line = lines[index]
        if not line.strip():
            continue
        deeper = len(line) - len(line.lstrip())
        is_item_of_it = deeper == indent and line.lstrip().startswith("- ")
        starts_with_key = not lines[first].lstrip().startswith("- ")
        if deeper <= indent and not (is_item_of_it and starts_with_key):
            break
        last = index
    return first, last


def _day(text: str) -> date:
    """Return the day; one that cannot be read is long over, so that it is told."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
