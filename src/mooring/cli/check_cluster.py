"""What `mooring check --from-cluster` judges: what was declared in a live cluster."""

import asyncio
import os
from typing import TYPE_CHECKING

from mooring.check.bundle import NEWEST_MINOR, Bundle
from mooring.check.engine import Input
from mooring.cluster import collecting
from mooring.cluster.collecting import Collected
from mooring.cluster.connecting import connected
from mooring.facts import declared
from mooring.manifests.entries import Entry

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
) -> Input:
    """
    Return the objects of the cluster that ``context`` names, of all namespaces unless one is named.

    Raises:
        ClusterError: it cannot be reached, or does not let us in.
    """
    from mooring.cli import terminal

    async def collect() -> Collected:
        async with connected(context=context, environment=os.environ, warn=terminal.say) as client:
            return await collecting.collected(client, namespace=namespace)

    found = asyncio.run(collect())
    seen = declared.declared(found.objects)
    background = seen.background
    if namespace in declared.SYSTEM_NAMESPACES:
        background = frozenset(one for one in background if one.namespace != namespace)
    bundle = Bundle(
        (Entry(manifest) for manifest in seen.manifests),
        is_whole=not found.unread,
        is_closed=namespace is None and not found.unread,
        minor=_minor(found.version),
        cluster=cluster,
        today=today,
        registries=registries,
        background=background,
    )
    return Input(bundle, unseen=tuple(f"{one.kind}: {one.reason}" for one in found.unread))


def _minor(version: str) -> int:
    """Return the minor version of "v1.36.3"; the newest that rules know where it has none."""
    parts = version.split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else NEWEST_MINOR
