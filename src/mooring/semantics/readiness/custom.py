"""
Every other kind: custom resources, by their condition "Ready".

kstatus takes one without conditions for Current, so one that was just written passes before its
operator has seen it.  Where its definition has a status, we wait a little for it.
"""

from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.verdicts import Status, Verdict, current, in_progress

_STATUS_SECONDS = 15


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus."""
    ready = conditions.condition(live, "Ready")
    reason, message = conditions.said(ready)
    match ready.get("status"):
        case "False":
            return in_progress(reason or "NotReady", message)
        case "Unknown":
            return in_progress(reason or "ReadyUnknown", message)
        case _:
            return current()


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: that of kstatus, for what the operator has seen."""
    ready = conditions.condition(live, "Ready")
    generation = fields.integer(fields.at(live, "metadata", "generation"))
    observed = fields.integer(ready.get("observedGeneration"))
    if observed is not None and generation is not None and observed < generation:
        told = f"its operator has judged generation {observed} of {generation}"
        return in_progress("LatestGenerationNotObserved", told)
    if around.has_status and not fields.at(live, "status", "conditions"):
        waited = around.now - around.applied_at if around.applied_at is not None else None
        if waited is not None and waited < _STATUS_SECONDS:
            return Verdict(Status.IN_PROGRESS, "NoStatus", "no operator has looked at it yet")
    return theirs(live)
