"""ReplicaSets and ReplicationControllers; a refusal of their pods is told at once."""

from mooring.semantics import failing
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.conditions import number
from mooring.semantics.readiness.verdicts import Verdict, current, in_progress


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus."""
    if conditions.is_true(live, "ReplicaFailure"):
        reason, message = conditions.said(conditions.condition(live, "ReplicaFailure"))
        return in_progress(reason or "ReplicaFailure", message)
    wanted = number(live, "spec", "replicas", default=1)
    total = number(live, "status", "replicas")
    for reason, name, words in (
        ("LessLabelled", "fullyLabeledReplicas", "are labelled"),
        ("LessAvailable", "availableReplicas", "are available"),
        ("LessReady", "readyReplicas", "are ready"),
    ):
        found = number(live, "status", name)
        if wanted > found:
            return in_progress(reason, f"{found} of {wanted} replicas {words}")
    if total > wanted:
        return in_progress("ExtraPods", f"{total - wanted} replicas too many")
    return current(f"{wanted} of {wanted} replicas are ready")


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: that of kstatus, and what keeps its pods away."""
    verdict = theirs(live)
    if verdict.is_current:
        return verdict
    return failing.judged(verdict, around.pods, around, refused=(live,))
