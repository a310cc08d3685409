"""
Who goes first of those that could all go now: what most time hangs on.

A workload needs a while until it is ready; what it waits for does not.  So the way to the first
workload is gone to its end before that to the second is begun, and those first at which the longest
chain of workloads hangs: while the rest is written they already come up.  This only orders what has
its turn anyway; who waits for whom is `order`'s to say.
"""

from collections.abc import Collection

from mooring.deploy import watches
from mooring.deploy.order import Graph
from mooring.refs import ObjectRef
from mooring.semantics import kinds
from mooring.semantics.objects import Item


def takes_long(item: Item) -> bool:
    """
    Tell whether ``item`` is not ready once it is written.

    A Service waits for the workload behind it, which is what takes long; only for an address from
    outside does it wait itself.
    """
    if item.kind == kinds.SERVICE:
        return item.spec.get("type") == "LoadBalancer"
    return item.kind.kind not in watches.AS_WRITTEN


def places(graph: Graph, slow: Collection[ObjectRef]) -> dict[ObjectRef, int]:
    """Return the place of each object, the first being 0; ``slow`` are not ready once written."""
    found: dict[ObjectRef, int] = {}
    chains = _chains(graph, slow)
    ordered = sorted((ref for ref in graph.parents if ref in slow), key=lambda ref: -chains[ref])
    for goal in (*ordered, *graph.parents):
        pending = [goal]
        while pending:
            ref = pending[-1]
            if ref in found:
                pending.pop()
                continue
            missing = [parent for parent in graph.parents[ref] if parent not in found]
            if missing:
                pending.extend(reversed(missing))
            else:
                found[pending.pop()] = len(found)
    return found


def _chains(graph: Graph, slow: Collection[ObjectRef]) -> dict[ObjectRef, int]:
    """Return how many slow objects one after the other begin with each."""
    children = graph.children()
    chains: dict[ObjectRef, int] = {}
    for ref in reversed(graph.parents):
        # The graph has parents before children.
        after = max((chains[child] for child in children[ref]), default=0)
        chains[ref] = after + (ref in slow)
    return chains
