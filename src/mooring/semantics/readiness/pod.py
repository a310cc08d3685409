"""
Pods by themselves.

kstatus takes a failed pod for Current and sees neither what keeps an image away nor what goes wrong
in init containers.
"""

from mooring.semantics import failing, fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.verdicts import Verdict, current, failed, in_progress

_UNSCHEDULABLE_SECONDS = 15


def theirs(live: Manifest, now: float = 0.0) -> Verdict:
    """Return the verdict of kstatus at the time ``now``, in seconds since 1970."""
    phase = fields.at(live, "status", "phase")
    if phase == "Succeeded":
        return current("it succeeded")
    if phase == "Failed":
        return current("it failed")
    if phase == "Running":
        if conditions.is_true(live, "Ready"):
            return current("it is ready")
        for _, one in fields.mappings(fields.at(live, "status", "containerStatuses")):
            if fields.at(one, "state", "waiting", "reason") == "CrashLoopBackOff":
                return failed("CrashLoopBackOff", f"{one.get('name')} crashes again and again")
        return in_progress("PodRunningNotReady", "it runs and is not ready")
    if phase == "Pending":
        scheduled = conditions.condition(live, "PodScheduled")
        reason, message = conditions.said(scheduled)
        since = conditions.seconds(scheduled.get("lastTransitionTime"))
        if (
            scheduled.get("status") == "False"
            and reason == "Unschedulable"
            and since is not None
            and now - since > _UNSCHEDULABLE_SECONDS
        ):
            return failed("Unschedulable", message)
        return in_progress("PodPending", "it is pending")
    return in_progress("PodUnknown", "its phase is not known")


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: a failed pod has failed, and the causes of a pending one are named."""
    phase = fields.at(live, "status", "phase")
    if phase == "Succeeded":
        return current("it succeeded")
    if phase == "Failed":
        cause = failing.worst((live,), around)
        message = fields.text(fields.at(live, "status", "message")) or "it failed"
        return failed(
            fields.text(fields.at(live, "status", "reason")) or "PodFailed",
            cause.message if cause else message,
        )
    if conditions.is_true(live, "Ready"):
        return current("it is ready")
    words = "it runs and is not ready" if phase == "Running" else "it is pending"
    return failing.judged(in_progress(f"Pod{phase}", words), (live,), around)
