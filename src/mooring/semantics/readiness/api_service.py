"""APIServices: available once what they lead to answers."""

from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.verdicts import Verdict, current, in_progress


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus, which waits for "Ready" only and finds none."""
    return current()


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: available or not."""
    reason, message = conditions.said(conditions.condition(live, "Available"))
    if conditions.is_true(live, "Available"):
        return current("it is available")
    return in_progress(reason or "NotAvailable", message or "it is not available yet")
