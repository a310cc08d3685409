"""
Single controls of the Pod Security Standards, as findings about what may be better.

Where a namespace enforces a level its pods are refused, and that is told as an error of its own;
these are about pods that start.
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule
from mooring.semantics import kinds
from mooring.semantics.security_controls import CONTROLS, Found
from mooring.semantics.security_levels import Level


def unmet(bundle: Bundle, name: str, level: Level) -> Iterator[tuple[Pod, Found]]:
    """Yield the values that the control ``name`` of ``level`` forbids, with their pods."""
    control = next(one for one in CONTROLS if one.id == name and one.level is level)
    for pod in bundle.pods:
        for found in control.find(pod.template, bundle.minor):
            yield pod, found


def of_container(found: Found, pod: Pod) -> str:
    """Return who is meant by the place of ``found``, in words."""
    named = (one for one in pod.containers if found.field.startswith(f"{one.path}."))
    container = next(named, None)
    return f"the container {container.name}" if container is not None else "the pod"


def told(
    bundle: Bundle, rule: Rule, name: str, level: Level, *, says: str, remedy: str
) -> Iterator[Finding]:
    """
    Yield a finding of ``rule`` for each value that the control forbids.

    ``says`` is what is told of it.  An agent of the nodes, which a DaemonSet is, may well need what
    others do not.
    """
    for pod, found in unmet(bundle, name, level):
        yield rule.finding(
            pod.owner,
            f"{of_container(found, pod)} {says}",
            field=found.field,
            remedy=remedy,
            confidence=Confidence.LOW if pod.kind == kinds.DAEMON_SET else None,
        )
