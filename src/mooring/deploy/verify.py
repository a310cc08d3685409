"""
Verifies what is deployed, now: everything ready, everything that speaks HTTP answers, nothing
starts again while we look.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, cast

from mooring.cluster import errors
from mooring.deploy import checks
from mooring.deploy.checks import Checked
from mooring.deploy.health import Health
from mooring.deploy.view import View
from mooring.errors import ClusterError
from mooring.refs import ObjectRef
from mooring.semantics import failing, fields, kinds
from mooring.semantics.objects import ManifestSet

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_SERVER_FAULT = 500


async def verify(
    client: "Client",
    objects: ManifestSet,
    look: Callable[[], Awaitable[Health]],
    *,
    hold_seconds: float,
) -> tuple[Checked, ...]:
    """Return every check; ``look`` looks at the health anew, before and after the hold period."""
    before = await look()
    found = list(_of_health(before))
    found.extend(await _answers(client, objects))
    if hold_seconds > 0:
        await asyncio.sleep(hold_seconds)
        after = await look()
        found.extend(_of_hold(before, after, hold_seconds))
    return tuple(found)


def _of_health(health: Health) -> list[Checked]:
    found: list[Checked] = []
    for ref, verdict in health.verdicts.items():
        kind = kinds.group_kind(ref.api_version, ref.kind)
        is_told = kinds.pod_path(kind) is not None or kind in (kinds.SERVICE, kinds.CLAIM)
        if is_told or not verdict.is_current:
            what = "has ready endpoints" if kind == kinds.SERVICE else "is ready"
            what = "has completed" if kind == kinds.JOB else what
            seen = verdict.warning or verdict.message or verdict.reason
            found.append(Checked(ref, what, verdict.is_current, seen))
    return found


async def _answers(client: "Client", objects: ManifestSet) -> list[Checked]:
    """Ask what speaks HTTP, through the API server, which asks from inside the cluster."""

    async def one(check: checks.HttpCheck) -> Checked:
        what = f"answers at port {check.port}{check.path}"
        scheme = cast('Literal["http", "https"]', check.scheme)
        try:
            answer = await client.proxy_get(check.service, check.port, check.path, scheme=scheme)
        except errors.Forbidden:
            told = "not asked: we may not use the proxy of the API server"
            return Checked(check.service, what, True, told)
        except ClusterError as error:
            return Checked(check.service, what, False, error.message)
        holds = answer.status < _SERVER_FAULT
        return Checked(check.service, what, holds, f"status {answer.status}")

    return list(await asyncio.gather(*map(one, checks.http_checks(objects))))


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
            found.append(Checked(ref, f"stays up for {seconds:g} s", False, told))
    for ref, verdict in after.unready.items():
        if before.verdicts[ref].is_current:
            told = verdict.message or verdict.reason
            found.append(Checked(ref, f"stays ready for {seconds:g} s", False, told))
    return found


def _restarts(view: View, ref: ObjectRef) -> dict[str, int]:
    live = view.get(ref)
    pods = view.pods_of(live) if live is not None else ()
    return {
        fields.text(fields.at(pod, "metadata", "name")) or "": failing.restarts(pod) for pod in pods
    }
