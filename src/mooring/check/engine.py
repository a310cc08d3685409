"""
All rules over one bundle: their findings with places, in one order, each once.

A rule that breaks is a bug of ours and is told as one; it never takes the findings of the others
with it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from mooring.check import allowances, baseline, besides, open_questions, written_allowances
from mooring.check.bundle import Bundle
from mooring.check.catalogue import Check
from mooring.check.selection import Selection
from mooring.check.told_before import Before
from mooring.findings import Finding, Severity
from mooring.refs import ObjectRef
from mooring.sources import Position


class Input(NamedTuple):
    """
    What is judged at a time.

    ``others`` were found in what the objects are read or made from, and ``before`` knows what of
    the objects need not be told again.  ``unseen`` says what could not be looked at though it is
    there.  ``place`` is where it stands among the others, by which it is found again in what they
    were before.
    """

    bundle: Bundle
    others: tuple[Finding, ...] = ()
    before: Before | None = None
    unseen: tuple[str, ...] = ()
    place: str = ""


class Broken(msgspec.Struct, frozen=True):
    """A rule that failed, and how."""

    rule: str
    error: str


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """
    What was found, how many objects and rules there were, and which rules failed.

    ``hidden`` counts the findings that are less than what the selection shows.  ``allowed`` are
    those that the user allows, ``known`` those of the baseline; neither is among ``findings``.
    ``looked`` are the rules that looked, ``unseen`` says what could not be looked at.
    """

    findings: tuple[Finding, ...]
    objects: int
    rules: int
    hidden: int = 0
    broken: tuple[Broken, ...] = ()
    looked: frozenset[str] = frozenset()
    allowed: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    unseen: tuple[str, ...] = ()


def judge(
    bundle: Bundle,
    checks: Iterable[Check],
    selection: Selection,
    *,
    others: Iterable[Finding] = (),
    before: Before | None = None,
) -> Judgement:
    """
    Return what ``checks`` find in ``bundle``, as far as ``selection`` wants it.

    ``others`` and ``before`` are those of an `Input`.
    """
    found: list[Finding] = []
    broken: list[Broken] = []
    looked: set[str] = set()
    for one in checks:
        if not selection.wants(one.rule):
            continue
        looked.add(one.rule.id)
        try:
            found.extend(one.look(bundle))
        except Exception as error:  # whatever it is, the others go on
            broken.append(Broken(one.rule.id, f"{type(error).__name__}: {error}"))
    every = [one for one in found if one.ref not in bundle.background]
    if before is not None:
        at_their_place = (_placed(one, bundle) for one in every)
        asked = selection.heeds(open_questions.RULE.id, _group(open_questions.RULE.id))
        every = [one for one in at_their_place if not before.tells(one, with_questions=asked)]
    every += [one for one in others if selection.heeds(one.rule, _group(one.rule))]
    # Finding a place means reading a document: where nothing is told, none is looked for.
    shown = (_placed(one, bundle) for one in every if selection.shows(one))
    placed = {_rank(one): one for one in shown}
    return Judgement(
        findings=tuple(placed[rank] for rank in sorted(placed)),
        objects=len(bundle.objects) - len(bundle.background),
        rules=len(looked),
        looked=frozenset(looked),
        hidden=sum(not selection.shows(one) for one in every),
        broken=tuple(broken),
    )


_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_NOWHERE = Position("")
_NOTHING = ObjectRef("", "", "")


def _rank(finding: Finding) -> tuple[object, ...]:
    """Return what findings are sorted by: the worst first, then where they stand."""
    return (
        _SEVERITIES.index(finding.severity),
        finding.position or _NOWHERE,
        finding.ref.namespace or "" if finding.ref else "",
        finding.ref or _NOTHING,
        finding.rule,
        finding.field or "",
        finding.message,
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return ``findings`` as they are told: the worst first, then by where they stand."""
    return tuple(sorted(findings, key=_rank))


def _group(name: str) -> str:
    """Return the chapter of what is told under ``name`` and that no rule looks for."""
    found = besides.page(name)
    return found.rule.group if found is not None else ""


def _placed(finding: Finding, bundle: Bundle) -> Finding:
    if finding.position is not None or finding.ref is None:
        return finding
    position = bundle.position(finding.ref, finding.field)
    return finding if position is None else msgspec.structs.replace(finding, position=position)


def sifted(judged: Judgement, bundle: Bundle, *, today: date, names: Collection[str]) -> Judgement:
    """
    Return ``judged`` without what the user allows in the objects, and with what is wrong there.

    ``names`` are the ids of all rules.
    """
    written = tuple(written_allowances.written(bundle))
    if not written:
        return judged
    known = {*names, *(finding.rule for finding in judged.findings)}
    done = allowances.sift(judged.findings, written, today=today, rules=known, looked=judged.looked)
    return msgspec.structs.replace(
        judged,
        findings=in_order((*done.left, *done.told)),
        allowed=done.allowed,
    )


def beyond(judged: Judgement, before: baseline.Baseline) -> Judgement:
    """Return ``judged`` without the findings that were there before."""
    found = baseline.compared(judged.findings, before)
    return msgspec.structs.replace(judged, findings=found.new, known=(*judged.known, *found.known))


def together(judged: Sequence[Judgement]) -> Judgement:
    """Return one judgement of inputs that were judged apart, such as environments of one base."""
    if len(judged) == 1:
        return judged[0]
    placed = {_rank(one): one for each in judged for one in each.findings}
    return Judgement(
        findings=tuple(placed[rank] for rank in sorted(placed)),
        objects=sum(one.objects for one in judged),
        rules=max((one.rules for one in judged), default=0),
        hidden=sum(one.hidden for one in judged),
        broken=tuple(dict.fromkeys(broken for one in judged for broken in one.broken)),
        looked=frozenset().union(*(one.looked for one in judged)),
        allowed=tuple(finding for one in judged for finding in one.allowed),
    )
