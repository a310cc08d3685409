"""
What the user allows: findings that are known, with the reason, and until when.

Where an allowance is written is the concern of `written_allowances`, and of mooring.yaml.  One
without a reason, past its day, for an unknown rule, for none or without anything to allow is itself
told, or it would stay for ever.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from mooring.compose.suggest import closest, did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.sources import Position

_WORD = LazyPattern("[a-z0-9-]+")

BROKEN = Rule(id="allowance-without-effect", severity=Severity.WARNING, since="0.1", group="api")


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """
    One rule allowed at one place.

    ``instead`` is what was written where no rule could be read, and ``form`` how an allowance is
    written there, with RULE for the rule; otherwise both are empty.  One that ``is_shared`` stands
    for several environments, and may be needed in another.
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
    instead: str = ""
    form: str = ""
    is_shared: bool = False

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
    if one.form:
        told = f'"{one.instead}" allows nothing' if one.instead else "it allows nothing"
        yield (
            f"{told}: no rule can be read from it",
            f"write {one.form.replace('RULE', _meant(one.instead, rules))}",
        )
    elif one.rule not in rules:
        remedy = did_you_mean(one.rule, rules) or "remove it"
        yield f"it allows {one.rule}, and there is no such rule", remedy
    elif not one.reason:
        yield f"it allows {one.rule} without a reason", 'write why after "--"'
    elif is_used and _is_over(one, today):
        yield f"it allowed {one.rule} until {one.until}, which is over", "mend it, or allow it anew"
    elif not is_used and one.rule in looked and not one.is_shared:
        yield f"it allows {one.rule}, which finds nothing here", "remove it"


def _is_over(one: Allowance, today: date) -> bool:
    return one.until is not None and one.until < today


def _meant(text: str, rules: Collection[str]) -> str:
    """Return the rule that ``text`` speaks of, as far as one can see; else a place for it."""
    words: list[str] = _WORD.findall(text.replace("_", "-").lower())
    named = [word for word in words if word in rules]
    if named:
        return named[0]
    near = (closest(word, rules) for word in words if "-" in word)
    return next(filter(None, near), "<rule>")
