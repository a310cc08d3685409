"""
DaemonSets: one pod on each node that fits.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
"""

from mooring.semantics import failing, fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.conditions import number
from mooring.semantics.readiness.verdicts import Verdict, current, in_progress


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus."""
    return _counted(live, with_updated=True)


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: nothing waits for what OnDelete leaves to people, and the pods tell."""
    on_delete = fields.at(live, "spec", "updateStrategy", "type") == "OnDelete"
    verdict = _counted(live, with_updated=not on_delete)
    if not verdict.is_current:
        return failing.judged(verdict, around.pods, around, refused=(live,))
    if number(live, "status", "desiredNumberScheduled") == 0:
        return current(verdict.message, warning="no node fits: it runs nowhere")
    updated = number(live, "status", "updatedNumberScheduled")
    old = number(live, "status", "desiredNumberScheduled") - updated
    if on_delete and old > 0:
        told = f"{old} pods are of the old revision until somebody deletes them"
        return current(verdict.message, warning=told)
    return verdict


def _counted(live: Manifest, *, with_updated: bool) -> Verdict:
    for path in (("metadata", "generation"), ("status", "observedGeneration")):
        if fields.integer(fields.at(live, *path)) is None:
            return in_progress("NoObservedGeneration", "its controller has not seen it yet")
    wanted = fields.integer(fields.at(live, "status", "desiredNumberScheduled"))
    if wanted is None:
        return in_progress("NoDesiredNumber", "it is not known yet on how many nodes it runs")
    counts = [
        ("LessCurrent", "currentNumberScheduled", "pods exist"),
        ("LessUpdated", "updatedNumberScheduled", "pods are updated"),
        ("LessAvailable", "numberAvailable", "pods are available"),
        ("LessReady", "numberReady", "pods are ready"),
    ]
    for reason, name, words in counts:
        found = number(live, "status", name)
        if found < wanted and (with_updated or reason != "LessUpdated"):
            return in_progress(reason, f"{found} of {wanted} {words}")
    return current(f"{wanted} of {wanted} pods are ready")
