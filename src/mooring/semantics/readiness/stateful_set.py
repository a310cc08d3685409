"""
StatefulSets: they have no condition that says they failed, so only their pods tell.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
"""

from mooring.semantics import failing, fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.conditions import number
from mooring.semantics.readiness.verdicts import Verdict, current, in_progress

_HASH = "controller-revision-hash"


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus."""
    if fields.at(live, "spec", "updateStrategy", "type") == "OnDelete":
        return current("its strategy is OnDelete")
    wanted = number(live, "spec", "replicas", default=1)
    total = number(live, "status", "replicas")
    ready = number(live, "status", "readyReplicas")
    if wanted > total:
        return in_progress("LessReplicas", f"{total} of {wanted} replicas exist")
    if wanted > ready:
        return in_progress("LessReady", f"{ready} of {wanted} replicas are ready")
    if total > wanted:
        return in_progress("ExtraPods", f"{total - wanted} replicas too many")
    partition = fields.integer(
        fields.at(live, "spec", "updateStrategy", "rollingUpdate", "partition")
    )
    updated = number(live, "status", "updatedReplicas")
    if partition is not None:
        if updated < wanted - partition:
            told = f"{updated} of {wanted - partition} replicas are updated"
            return in_progress("PartitionRollout", told)
        return current(f"{ready} of {wanted} replicas are ready")
    if wanted > number(live, "status", "currentReplicas"):
        return in_progress("LessCurrent", "not all replicas are current")
    if _revision(live, "currentRevision") != _revision(live, "updateRevision"):
        return in_progress("RollingUpdate", "replicas of the old revision are left")
    return current(f"{ready} of {wanted} replicas are ready")


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: that of kstatus, and what the pods tell."""
    verdict = theirs(live)
    newest = _revision(live, "updateRevision")
    if verdict.is_current:
        old = [pod for pod in around.pods if newest and pod_revision(pod) != newest]
        if old and fields.at(live, "spec", "updateStrategy", "type") == "OnDelete":
            told = f"{len(old)} pods are of the old revision until somebody deletes them"
            return current(verdict.message, warning=told)
        return verdict
    # An old pod that is broken holds up the new revision under OrderedReady: it counts.
    return failing.judged(verdict, around.pods, around, refused=(live,))


def stuck_pods(live: Manifest, pods: tuple[Manifest, ...]) -> tuple[Manifest, ...]:
    """
    Return broken pods of an old revision, which hold up every newer one until they are deleted.

    Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
    """
    if fields.at(live, "spec", "podManagementPolicy") == "Parallel":
        return ()
    newest = _revision(live, "updateRevision")
    return tuple(
        pod for pod in pods if newest and pod_revision(pod) != newest and not failing.is_ready(pod)
    )


def pod_revision(pod: Manifest) -> object:
    """Return the revision that ``pod`` is made of."""
    return fields.at(pod, "metadata", "labels", _HASH)


def _revision(live: Manifest, name: str) -> object:
    return fields.at(live, "status", name)
