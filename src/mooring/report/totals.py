"""
What an environment asks for, in one line and for machines.

    12 pods asking for 1250m of cpu and 3008Mi of memory (limits 5Gi), 25Gi of storage in 4 claims;
    at most 20 pods, 2100m, 5Gi
"""

from collections.abc import Mapping
from decimal import Decimal

from mooring.kube import quantity
from mooring.report import printable
from mooring.semantics.fitting import Room
from mooring.semantics.placement import Fit
from mooring.semantics.rollout import Load
from mooring.semantics.totals import Amounts, Totals


def text(totals: Totals) -> str:
    """Return the sums in one line; what updates and tasks add only where they add something."""
    resting, most = totals.under(Load.RESTING), totals.under(Load.MOST)
    said = f"{printable.many(resting.pods, 'pod')} asking for {_asked(resting)}"
    if totals.claims:
        size = quantity.whole_mebibytes(totals.storage)
        said += f", {size} of storage in {printable.many(totals.claims, 'claim')}"
    if totals.unlimited:
        names = ", ".join(printable.one_line(ref.name) for ref in totals.unlimited)
        said += f"; without a limit of memory: {names}"
    if most != resting:
        said += f"; at most {printable.many(most.pods, 'pod')} asking for {_asked(most)}"
    return said


def room_text(room: Room) -> str:
    """Return in one line whether everything fits on the nodes, and how full they are."""
    fits = {
        Fit.FITS: "fits on",
        Fit.IMPOSSIBLE: "does not fit on",
        Fit.OPEN: "may not fit on",
    }[room.fit]
    pools: dict[str, list[str]] = {}
    for taken in room.taken:
        pools.setdefault(taken.pool, []).append(f"{taken.percent} % of {taken.resource}")
    used = "; ".join(f"{pool} {' and '.join(said)}" for pool, said in pools.items())
    return f"{fits} the nodes of {room.cluster} while updates roll: {used}"


def room_plain(room: Room) -> dict[str, object]:
    """Return the same for JSON."""
    return {
        "cluster": room.cluster,
        "fit": room.fit.value,
        "pools": [
            {
                "pool": taken.pool,
                "resource": taken.resource,
                "asked": quantity.shown(taken.resource, taken.asked),
                "capacity": quantity.shown(taken.resource, taken.capacity),
            }
            for taken in room.taken
        ],
    }


def plain(totals: Totals) -> dict[str, object]:
    """Return the sums, and each workload's part, for JSON: quantities as Kubernetes writes them."""
    return {
        **{load.value: _plain(totals.under(load)) for load in Load},
        "claims": totals.claims,
        "storage": quantity.memory(totals.storage),
        "workloads": [
            {
                "kind": line.ref.kind,
                "name": line.ref.name,
                "replicas": line.count.resting,
                "requests": _quantities(line.requests),
                "limits": _quantities(line.limits),
                "storage": quantity.memory(line.storage),
            }
            for line in totals.lines
        ],
    }


def _asked(amounts: Amounts) -> str:
    requests, limits = amounts.requests, amounts.limits
    cpu, memory = quantity.cpu(requests.get("cpu", _ZERO)), requests.get("memory", _ZERO)
    bound = (
        f" (limits {quantity.whole_mebibytes(limits['memory'])})" if limits.get("memory") else ""
    )
    others = "".join(
        f", {size.normalize():f} {printable.one_line(name)}"
        for name, size in requests.items()
        if "/" in name
    )
    return f"{cpu} of cpu and {quantity.whole_mebibytes(memory)} of memory{bound}{others}"


_ZERO = Decimal(0)


def _plain(amounts: Amounts) -> dict[str, object]:
    return {
        "pods": amounts.pods,
        "requests": _quantities(amounts.requests),
        "limits": _quantities(amounts.limits),
    }


def _quantities(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: quantity.shown(name, size) for name, size in amounts.items()}
