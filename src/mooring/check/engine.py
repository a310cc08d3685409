"""
All rules over one bundle: their findings with places, in one order, each once.

A rule that breaks is a bug of ours and is told as one; it never takes the findings of the others
with it.
"""

from collections.abc import Iterable

import msgspec

from mooring.check.bundle import Bundle
from mooring.check.catalogue import Check
from mooring.check.selection import Selection
from mooring.findings import Finding, Severity
from mooring.refs import ObjectRef
from mooring.sources import Position


class Broken(msgspec.Struct, frozen=True):
    """A rule that failed, and how."""

    rule: str
    error: str


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """
    What was found, how many objects and rules there were, and which rules failed.

    ``hidden`` counts the findings that are less than what the selection shows.
    """

    findings: tuple[Finding, ...]
    objects: int
    rules: int
    hidden: int = 0
    broken: tuple[Broken, ...] = ()


def judge(
    bundle: Bundle,
    checks: Iterable[Check],
    selection: Selection,
    *,
    others: Iterable[Finding] = (),
) -> Judgement:
    """
    Return what ``checks`` find in ``bundle``, as far as ``selection`` wants it.

    ``others`` were found before the objects could be looked at, in what they are read or made from.
    """
    found: list[Finding] = [one for one in others if selection.heeds(one.rule)]
    broken: list[Broken] = []
    count = 0
    for one in checks:
        if not selection.wants(one.rule):
            continue
        count += 1
        try:
            found.extend(one.look(bundle))
        except Exception as error:  # whatever it is, the others go on
            broken.append(Broken(one.rule.id, f"{type(error).__name__}: {error}"))
    shown = [finding for finding in found if selection.shows(finding)]
    placed = {_rank(one): one for one in (_placed(finding, bundle) for finding in shown)}
    return Judgement(
        findings=tuple(placed[rank] for rank in sorted(placed)),
        objects=len(bundle.objects),
        rules=count,
        hidden=len(found) - len(shown),
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


def _placed(finding: Finding, bundle: Bundle) -> Finding:
    if finding.position is not None or finding.ref is None:
        return finding
    position = bundle.position(finding.ref, finding.field)
    return finding if position is None else msgspec.structs.replace(finding, position=position)
