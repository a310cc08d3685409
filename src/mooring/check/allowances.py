"""
What the user allows: findings that are known, with the reason, and until when.

    # mooring: allow image-without-version until 2027-03-01 -- the vendor has no versions

above or beside a line of a manifest; the annotation ``mooring.dev/allow.<rule>`` of an object or of
its pods, whose value is the reason; or ``checks.allow`` in mooring.yaml.  A comment of its own
holds for what begins below it: an entry, a block, or the whole document at its top.

An allowance without a reason, past its day, for an unknown rule or without anything to allow is
itself told, or it would stay for ever.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.manifests.documents import Document
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import pods
from mooring.sources import Position

ANNOTATION = "mooring.dev/allow."
"""Before the id of a rule; the value is the reason, which may end in ``until 2027-03-01``."""

_SIGN = b"mooring: allow"
_COMMENT = LazyPattern(
    r"#\s*mooring:\s*allow\s+(?P<rules>[a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)"
    r"(?:\s+until\s+(?P<until>\S+))?\s*(?:--\s*(?P<reason>.*\S)?)?\s*$"
)
_UNTIL = LazyPattern(r"\s*\buntil\s+(\S+)\s*$")

BROKEN = Rule(id="allowance-without-effect", severity=Severity.WARNING, since="0.1", group="api")


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """
    One rule allowed at one place.

    ``lines`` are the first and last line of ``position.file`` that a comment holds for; ``ref`` is
    the object that an annotation stands at, and ``subject`` the one that the settings speak of, by
    kind and name as in ``Deployment/web``.
    """

    rule: str
    reason: str
    until: date | None = None
    position: Position | None = None
    lines: tuple[int, int] | None = None
    ref: ObjectRef | None = None
    subject: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Return whether ``finding`` is what is allowed here."""
        if finding.rule != self.rule:
            return False
        if self.subject is not None:
            named = finding.ref
            return named is not None and f"{named.kind}/{named.name}" == self.subject
        if self.lines is None:
            return self.ref is None or finding.ref == self.ref
        here, there = self.position, finding.position
        return (
            here is not None
            and there is not None
            and here.file == there.file
            and self.lines[0] <= there.line <= self.lines[1]
        )


class Sifted(NamedTuple):
    """The findings that are left, those that are allowed, and what is wrong with allowances."""

    left: tuple[Finding, ...]
    allowed: tuple[Finding, ...]
    told: tuple[Finding, ...]


def sift(
    findings: Iterable[Finding],
    allowances: Iterable[Allowance],
    *,
    today: date,
    rules: Collection[str],
    looked: Collection[str],
) -> Sifted:
    """
    Return ``findings`` without those that are allowed on the day ``today``.

    ``rules`` are the ids that exist, ``looked`` those of the rules that looked: of another rule's
    allowance nobody can say that it is needless.
    """
    every = tuple(allowances)
    used: set[int] = set()
    left: list[Finding] = []
    allowed: list[Finding] = []
    for finding in findings:
        covering = [index for index, one in enumerate(every) if one.covers(finding)]
        used.update(covering)
        holds = any(every[index].reason and not _is_over(every[index], today) for index in covering)
        (allowed if holds else left).append(finding)
    told = [
        BROKEN.finding(one.position, message, remedy=remedy)
        for index, one in enumerate(every)
        for message, remedy in _faults(one, index in used, today, rules, looked)
    ]
    return Sifted(tuple(left), tuple(allowed), tuple(told))


def _faults(
    one: Allowance, is_used: bool, today: date, rules: Collection[str], looked: Collection[str]
) -> Iterator[tuple[str, str]]:
    if one.rule not in rules:
        remedy = did_you_mean(one.rule, rules) or "remove it"
        yield f"it allows {one.rule}, and there is no such rule", remedy
    elif not one.reason:
        yield f"it allows {one.rule} without a reason", 'write why after "--"'
    elif is_used and _is_over(one, today):
        yield f"it allowed {one.rule} until {one.until}, which is over", "mend it, or allow it anew"
    elif not is_used and one.rule in looked:
        yield f"it allows {one.rule}, which finds nothing here", "remove it"


def _is_over(one: Allowance, today: date) -> bool:
    return one.until is not None and one.until < today


def written(bundle: Bundle) -> Iterator[Allowance]:
    """Yield the allowances in comments and annotations of the bundle's objects."""
    seen: set[int] = set()
    for entry in bundle.entries:
        document = entry.document
        if document is not None and id(document) not in seen:
            seen.add(id(document))
            if _SIGN in document.content:
                yield from _in_comments(document)
    for item in bundle.objects:
        annotations = dict(item.annotations)
        template = pods.template(item.ref, item.kind, item.manifest)
        if template is not None:
            annotations.update(template.annotations)
        for key, value in annotations.items():
            if key.startswith(ANNOTATION):
                until = _UNTIL.search(value)
                reason = value[: until.start()] if until else value
                yield Allowance(
                    rule=key.removeprefix(ANNOTATION),
                    reason=reason.strip(),
                    until=_day(until[1]) if until else None,
                    position=bundle.position(item.ref, f'metadata.annotations["{key}"]'),
                    ref=item.ref,
                )


def _in_comments(document: Document) -> Iterator[Allowance]:
    lines = document.content.decode("utf-8", "replace").split("\n")
    for index, line in enumerate(lines):
        found = _COMMENT.search(line) if "mooring:" in line else None
        if found is None:
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
