"""What ``checks`` of mooring.yaml means for a judgement."""

from collections.abc import Collection, Iterable
from datetime import date

import msgspec

from mooring.check import allowances, engine
from mooring.check.allowances import Allowance
from mooring.check.engine import Judgement
from mooring.check.selection import Profile, Selection
from mooring.settings.check_choices import AllowedFinding, CheckChoices


def selection(
    choices: CheckChoices,
    *,
    level: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Selection:
    """
    Return what is settled together with what is asked for this time.

    ``level`` and ``select`` stand instead of what is settled, ``ignore`` is added to it.
    """
    chosen = frozenset(select)
    return Selection(
        profile=Profile(level or choices.level or Profile.DEFAULT.value),
        select=chosen or frozenset(choices.select),
        ignore=frozenset(ignore) | (frozenset() if chosen else frozenset(choices.ignore)),
    )


def sifted(
    judged: Judgement, choices: CheckChoices, *, today: date, names: Collection[str]
) -> Judgement:
    """
    Return ``judged`` without what is allowed in mooring.yaml, and with what is wrong there.

    An allowance that finds nothing is not told: what it is for may stand in another environment.
    """
    if not choices.allow:
        return judged
    known = {*names, *(finding.rule for finding in judged.findings)}
    written = [_allowance(one) for one in choices.allow]
    done = allowances.sift(judged.findings, written, today=today, rules=known, looked=())
    return msgspec.structs.replace(
        judged,
        findings=engine.in_order((*done.left, *done.told)),
        allowed=(*judged.allowed, *done.allowed),
    )


def _allowance(one: AllowedFinding) -> Allowance:
    return Allowance(
        rule=one.rule,
        reason=one.reason,
        until=date.fromisoformat(one.until) if one.until else None,
        position=one.position,
        subject=one.object,
    )
