"""
Verifies what is deployed, now: everything ready, what speaks answers, Jobs have completed, nothing
starts again while we look.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from mooring.deploy import check_pod, checks, reaching
from mooring.deploy.checks import Checked, PortCheck, Result, result
from mooring.deploy.health import Health
from mooring.deploy.view import View
from mooring.refs import ObjectRef
from mooring.semantics import failing, fields, kinds
from mooring.semantics.objects import ManifestSet

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_KNOWN = (Result.HOLDS, Result.FAILS, Result.DOUBTFUL)


async def verify(
    client: "Client",
    objects: ManifestSet,
    look: Callable[[], Awaitable[Health]],
    *,
    hold_seconds: float,
    check_image: str | None = None,
) -> tuple[Checked, ...]:
    """
    Return every check; ``look`` looks at the health anew, before and after the hold period.

    With ``check_image`` a pod of that image asks from inside of each namespace first.
    """
    before = await look()
    found = list(_of_health(before))
    wanted = tuple(checks.port_checks(objects))
    if check_image is None:
        found.extend(await reaching.answers(client, wanted, before.view))
    else:
        found.extend(await from_inside(client, wanted, objects, before.view, check_image))
    if hold_seconds > 0:
        await asyncio.sleep(hold_seconds)
        after = await look()
        found.extend(_of_hold(before, after, hold_seconds))
    return tuple(found)


async def from_inside(
    client: "Client", wanted: Sequence[PortCheck], objects: ManifestSet, view: View, image: str
) -> list[Checked]:
    """Return what a pod of ``image`` is answered; what it cannot try is asked from here instead."""
    inside = await check_pod.answers(client, wanted, objects, image)
    untried = {
        one.asks_the_same: one
        for one, told in zip(wanted, inside, strict=True)
        if told.result is Result.UNTRIED
    }
    outside = await reaching.answers(client, untried.values(), view)
    instead = dict(zip(untried, outside, strict=True))
    found: list[Checked] = []
    for one, told in zip(wanted, inside, strict=True):
        other = instead.get(one.asks_the_same)
        if told.result is Result.UNTRIED and other is not None and other.result in _KNOWN:
            seen = f"{other.seen}, asked from outside; from inside: {told.seen}"
            told = Checked(told.ref, told.what, other.result, seen)
        found.append(told)
    return found


def _of_health(health: Health) -> list[Checked]:
    found: list[Checked] = []
    for ref, verdict in health.verdicts.items():
        kind = kinds.group_kind(ref.api_version, ref.kind)
        is_told = kinds.pod_path(kind) is not None or kind in (kinds.SERVICE, kinds.CLAIM)
        if is_told or not verdict.is_current:
            what = "has ready endpoints" if kind == kinds.SERVICE else "is ready"
            what = "has completed" if kind == kinds.JOB else what
            seen = verdict.warning or verdict.message or verdict.reason
            found.append(Checked(ref, what, result(verdict.is_current), seen))
    return found


def _of_hold(before: Health, after: Health, seconds: float) -> list[Checked]:
    found: list[Checked] = []
    for ref in before.verdicts:
        live = after.view.get(ref)
        if live is None or not after.view.pods_of(live):
            continue
        again = [
            name
            for name, count in _restarts(after.view, ref).items()
            if count > _restarts(before.view, ref).get(name, count)
        ]
        if again:
            told = f"{', '.join(again)} started again"
            found.append(Checked(ref, f"stays up for {seconds:g} s", Result.FAILS, told))
    for ref, verdict in after.unready.items():
        if before.verdicts[ref].is_current:
            told = verdict.message or verdict.reason
            found.append(Checked(ref, f"stays ready for {seconds:g} s", Result.FAILS, told))
    return found


def _restarts(view: View, ref: ObjectRef) -> dict[str, int]:
    live = view.get(ref)
    pods = view.pods_of(live) if live is not None else ()
    return {
        fields.text(fields.at(pod, "metadata", "name")) or "": failing.restarts(pod) for pod in pods
    }
