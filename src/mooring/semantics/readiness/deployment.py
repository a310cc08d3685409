"""
Deployments.

kstatus waits for its replica counts and fails only after ``progressDeadlineSeconds`` (600 by
default).  We also look at the pods of the new ReplicaSet: they tell at once.  Broken pods of an old
ReplicaSet are what this rollout replaces, so they do not count against it.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
"""

from mooring.semantics import failing, fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.conditions import number
from mooring.semantics.readiness.verdicts import PAUSED, Verdict, current, failed, in_progress

_REVISION = "deployment.kubernetes.io/revision"
_NO_DEADLINE = 2**31 - 1


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus."""
    progressing = conditions.condition(live, "Progressing")
    deadline = number(live, "spec", "progressDeadlineSeconds", default=600)
    reason, message = conditions.said(progressing)
    if deadline != _NO_DEADLINE and reason == "ProgressDeadlineExceeded":
        return failed(reason, message or f"no progress within {deadline} s")
    wanted = number(live, "spec", "replicas", default=1)
    total = number(live, "status", "replicas")
    updated = number(live, "status", "updatedReplicas")
    ready = number(live, "status", "readyReplicas")
    available = number(live, "status", "availableReplicas")
    if wanted > total:
        return in_progress("LessReplicas", f"{total} of {wanted} replicas exist")
    if wanted > updated:
        return in_progress("LessUpdated", f"{updated} of {wanted} replicas are updated")
    if total > wanted:
        told = f"{total - wanted} old replicas have yet to end"
        return in_progress("ExtraPods", told)
    if updated > available:
        return in_progress("LessAvailable", f"{available} of {updated} replicas are available")
    if wanted > ready:
        return in_progress("LessReady", f"{ready} of {wanted} replicas are ready")
    has_no_deadline = deadline == _NO_DEADLINE
    done = has_no_deadline or (
        progressing.get("status") == "True" and reason == "NewReplicaSetAvailable"
    )
    if not done:
        return in_progress("ReplicaSetNotAvailable", "the new ReplicaSet is not available yet")
    if not conditions.is_true(live, "Available"):
        return in_progress("DeploymentNotAvailable", "it is not available yet")
    return current(f"{ready} of {wanted} replicas are ready")


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: that of kstatus, and what the pods of the new ReplicaSet tell."""
    verdict = theirs(live)
    if fields.at(live, "spec", "paused") is True and not verdict.is_current:
        return in_progress(PAUSED, "the rollout is paused: it never ends by itself")
    if verdict.is_current:
        return verdict
    newest = newest_replica_set(live, around.replica_sets)
    if newest is None and around.replica_sets:
        return verdict
    pods = of_owner(around.pods, newest) if newest is not None else around.pods
    return failing.judged(verdict, pods, around, refused=(live, *filter(None, (newest,))))


def newest_replica_set(live: Manifest, found: tuple[Manifest, ...]) -> Manifest | None:
    """
    Return the ReplicaSet of the Deployment's own revision; None: it does not exist yet.

    A Deployment that does not say its revision has that of its newest ReplicaSet.
    """
    wanted = _revision(live)
    if not wanted:
        return max(found, key=_revision, default=None)
    return next((one for one in found if _revision(one) == wanted), None)


def _revision(live: Manifest) -> int:
    text = fields.text(fields.at(live, "metadata", "annotations", _REVISION)) or ""
    return int(text) if text.isdigit() else 0


def of_owner(pods: tuple[Manifest, ...], owner: Manifest) -> tuple[Manifest, ...]:
    """Return those of ``pods`` that ``owner`` controls."""
    uid = fields.at(owner, "metadata", "uid")
    return tuple(
        pod
        for pod in pods
        if any(
            one.get("uid") == uid
            for _, one in fields.mappings(fields.at(pod, "metadata", "ownerReferences"))
        )
    )
