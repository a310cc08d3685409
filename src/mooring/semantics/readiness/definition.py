"""
Definitions of kinds: ready when the API server serves the kind, which is later than it says so.

Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
"""

from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.verdicts import Verdict, current, failed, in_progress


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus."""
    names = conditions.condition(live, "NamesAccepted")
    if names.get("status") == "False":
        reason, message = conditions.said(names)
        return failed(reason or "NamesNotAccepted", message)
    established = conditions.condition(live, "Established")
    reason, message = conditions.said(established)
    if established.get("status") == "False" and reason != "Installing":
        return failed(reason or "NotEstablished", message)
    if established.get("status") == "True":
        return current("it is established")
    return in_progress("Installing", "it is being installed")


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: that of kstatus, once discovery serves the kind."""
    verdict = theirs(live)
    if verdict.is_current and around.is_served is False:
        return in_progress("NotServed", "the API server does not serve the kind yet")
    return verdict
