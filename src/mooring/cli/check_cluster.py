"""What `mooring check --from-cluster` judges: what was declared in a live cluster."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mooring.check.bundle import NEWEST_MINOR, Bundle, Going
from mooring.check.engine import Input
from mooring.cluster import collecting
from mooring.cluster.collecting import Collected
from mooring.cluster.connecting import connected
from mooring.compose.suggest import did_you_mean
from mooring.errors import UsageError
from mooring.facts import declared
from mooring.manifests.entries import Entry
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

if TYPE_CHECKING:
    from datetime import date

    from mooring.settings.clusters import Cluster


def of_cluster(
    *,
    context: str | None,
    namespace: str | None,
    cluster: "Cluster | None",
    registries: tuple[str, ...],
    today: "date",
    tell: Callable[[str], None],
) -> Input:
    """
    Return the objects of the cluster that ``context`` names, of all namespaces unless one is named.

    ``tell`` is told what the server warns of, and how much of what is there is nobody's statement.

    Raises:
        ClusterError: it cannot be reached, or does not let us in.
        UsageError: there is no such namespace.
    """

    async def collect() -> Collected:
        async with connected(context=context, environment=os.environ, warn=tell) as client:
            return await collecting.collected(client, namespace=namespace)

    found = asyncio.run(collect())
    _refuse_unknown(namespace, found)
    seen = declared.declared(found.objects)
    made = found.made + seen.made
    if made or seen.going:
        tell(f"left out: {made} objects that controllers made, {seen.going} that are being deleted")
    background = seen.background
    if namespace in declared.SYSTEM_NAMESPACES:
        background = frozenset(one for one in background if one.namespace != namespace)
    bundle = Bundle(
        (Entry(manifest) for manifest in seen.manifests),
        is_whole=not found.unread,
        namespace=namespace or "default",
        is_closed=namespace is None and not found.unread,
        minor=_minor(found.version),
        cluster=cluster,
        today=today,
        registries=registries,
        background=background,
    )
    now = datetime.now(UTC)
    bundle.going = tuple(Going(one, _minutes(one, now)) for one in seen.held)
    return Input(bundle, unseen=tuple(f"{one.kind}: {one.reason}" for one in found.unread))


def _refuse_unknown(namespace: str | None, found: Collected) -> None:
    names = [str(one["metadata"]["name"]) for one in found.objects if one["kind"] == "Namespace"]
    if namespace is None or not names or namespace in names:
        return
    raise UsageError(
        f"the cluster has no namespace {namespace}",
        remedy=did_you_mean(namespace, names) or f"there are: {', '.join(sorted(names))}",
    )


def _minutes(item: Manifest, now: datetime) -> int | None:
    """Return for how many minutes an object is being deleted; None where that cannot be read."""
    written = fields.text(fields.at(item, "metadata", "deletionTimestamp"))
    try:
        since = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return int((now - since).total_seconds() // 60) if since.tzinfo is not None else None


def _minor(version: str) -> int:
    """Return the minor version of "v1.36.3"; the newest that rules know where it has none."""
    parts = version.split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else NEWEST_MINOR
