"""
Kinds for which nothing waits, but of which something may be worth knowing.

Ingresses get an address from controllers that publish one, and many do not; autoscalers scale when
they have metrics; budgets of a single pod let nobody drain a node.
"""

from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.conditions import number
from mooring.semantics.readiness.verdicts import Verdict, current

_METRICS_SECONDS = 300
"""How long metrics may be missing after an autoscaler was made."""


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus, which has no rule for these kinds."""
    return current()


def ingress(live: Manifest, around: Around) -> Verdict:
    """Return our verdict on an Ingress."""
    addresses = fields.items(fields.at(live, "status", "loadBalancer", "ingress"))
    return current(warning="" if addresses else "no controller has given it an address")


def autoscaler(live: Manifest, around: Around) -> Verdict:
    """Return our verdict on a HorizontalPodAutoscaler: never a reason to wait."""
    able = conditions.condition(live, "AbleToScale")
    if able.get("status") == "False":
        return current(warning=f"it cannot scale: {conditions.said(able)[1]}")
    active = conditions.condition(live, "ScalingActive")
    reason, message = conditions.said(active)
    if active.get("status") == "False" and reason != "ScalingDisabled":
        made = conditions.seconds(fields.at(live, "metadata", "creationTimestamp"))
        if made is None or around.now - made > _METRICS_SECONDS:
            return current(warning=f"it does not scale: {message}")
    return current()


def budget(live: Manifest, around: Around) -> Verdict:
    """Return our verdict on a PodDisruptionBudget."""
    expected = number(live, "status", "expectedPods")
    allowed = fields.integer(fields.at(live, "status", "disruptionsAllowed"))
    if expected == 1 and allowed == 0:
        return current(warning="its only pod may not go: a node cannot be drained")
    return current()
