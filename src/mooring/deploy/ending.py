"""
Pods on their way out: whose they are, when they have ended, and what keeps them.

A workload is gone as soon as it is deleted; its pods get a signal and time to end.  What they hold
(a volume, a connection, a lock) is free only once the very pods are gone, so they are known by
their uids: one of the same name is another.

Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from mooring.cluster import errors
from mooring.cluster.changes import KindName
from mooring.deploy import observed
from mooring.deploy.writing import Refusal
from mooring.refs import ObjectRef
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_POD, _NODE = KindName("v1", "Pod"), KindName("v1", "Node")
_BETWEEN = {
    "Deployment": KindName("apps/v1", "ReplicaSet"),
    "CronJob": KindName("batch/v1", "Job"),
}
"""What stands between a workload and its pods."""

_OWNERS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"}
)
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 1.0
_TELL_SECONDS = 5.0
_MOST = 3


def has_pods(ref: ObjectRef) -> bool:
    """Tell whether an object of that kind makes pods, or is one."""
    return ref.kind in _OWNERS


async def pods_of(client: "Client", owners: Mapping[ObjectRef, str]) -> dict[str, ObjectRef] | None:
    """
    Return the pods of ``owners``, which are given with their uids, by the pods' own uids.

    None: they may not be listed.
    """
    found: dict[str, ObjectRef] = {}
    spaces: dict[str | None, set[str]] = {}
    between: set[tuple[KindName, str | None]] = set()
    for ref, uid in owners.items():
        if not has_pods(ref):
            continue
        if ref.kind == "Pod":
            found[uid] = ref
            continue
        spaces.setdefault(ref.namespace, set()).add(uid)
        if ref.kind in _BETWEEN:
            between.add((_BETWEEN[ref.kind], ref.namespace))
    try:
        for kind, namespace in sorted(between, key=str):
            listing = await client.list(kind, namespace=namespace, metadata_only=True)
            uids = spaces[namespace]
            uids |= {observed.uid_of(one) for one in listing.items if _owners(one) & uids}
        for namespace, uids in spaces.items():
            listing = await client.list(_POD, namespace=namespace, metadata_only=True)
            for one in listing.items:
                if _owners(one) & uids:
                    name = fields.text(fields.at(one, "metadata", "name")) or ""
                    found[observed.uid_of(one)] = ObjectRef("v1", "Pod", name, namespace)
    except errors.Forbidden:
        return None
    return found


async def until_ended(
    client: "Client",
    pods: Mapping[str, ObjectRef],
    *,
    seconds: float,
    told: Callable[[str], None],
    clock: Callable[[], float],
    now: Callable[[], float],
) -> None:
    """
    Return when none of ``pods`` is there any more; tell ``told`` what keeps them, now and then.

    ``clock`` is monotonic, ``now`` the time in seconds since 1970.

    Raises:
        Refusal: some are still there after ``seconds``, naming them and what keeps them.
    """
    begun = said_at = clock()
    pause = _PAUSE_SECONDS
    said = ""
    while True:
        left = await _left(client, pods)
        if not left:
            return
        waited = clock() - begun
        if waited > seconds:
            words = await _words(client, left, now())
            raise Refusal("NotEnded", f"{words} after {waited:.0f} s")
        if clock() - said_at >= _TELL_SECONDS:
            said_at = clock()
            words = await _words(client, left, now())
            if words != said:
                said = words
                told(f"waits: {words}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)


async def _left(client: "Client", pods: Mapping[str, ObjectRef]) -> list[Manifest]:
    found: list[Manifest] = []
    for namespace in sorted({ref.namespace or "" for ref in pods.values()}):
        listing = await client.list(_POD, namespace=namespace)
        found.extend(one for one in listing.items if observed.uid_of(one) in pods)
    return found


async def _words(client: "Client", left: Iterable[Manifest], now: float) -> str:
    pods = list(left)
    shown = [
        f"Pod/{fields.text(fields.at(pod, 'metadata', 'name'))} ({await _why(client, pod, now)})"
        for pod in pods[:_MOST]
    ]
    more = f" and {len(pods) - _MOST} more" if len(pods) > _MOST else ""
    verb = "has" if len(pods) == 1 else "have"
    return f"{', '.join(shown)}{more} {verb} not ended"


async def _why(client: "Client", pod: Manifest, now: float) -> str:
    """Return what keeps ``pod``, as far as that can be seen."""
    until = fields.text(fields.at(pod, "metadata", "deletionTimestamp"))
    if until is None:
        return "nobody has deleted it yet: the controllers of the cluster are late"
    held = fields.items(fields.at(pod, "metadata", "finalizers"))
    if held:
        return f"held by the finalizer {', '.join(map(str, held))}"
    node = fields.text(fields.at(pod, "spec", "nodeName"))
    if node and (lost := await _lost(client, node)):
        return lost
    left = _seconds(until) - now
    if left > 0:
        return f"it has {left:.0f} s more to end by itself"
    on = f" on node {node}" if node else ""
    return f"its time to end is over, and its kubelet{on} has not confirmed that it is gone"


async def _lost(client: "Client", node: str) -> str:
    """Return that ``node`` is gone or does not answer; empty where it does, or cannot be seen."""
    try:
        live = await client.get(ObjectRef(_NODE.api_version, _NODE.kind, node))
    except errors.Refused:
        return ""
    if live is None:
        return f"its node {node} is gone"
    for _, one in fields.mappings(fields.at(live, "status", "conditions")):
        if one.get("type") == "Ready" and one.get("status") != "True":
            return f"its node {node} is not ready, and nobody else can confirm that it has ended"
    return ""


def _owners(live: Manifest) -> set[str]:
    return {
        fields.text(one.get("uid")) or ""
        for _, one in fields.mappings(fields.at(live, "metadata", "ownerReferences"))
    }


def _seconds(moment: str) -> float:
    try:
        return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0
