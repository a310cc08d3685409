"""
What a workload waits for, in its annotation: the order in which a deployment goes.

Init containers hold the order at run time (`waits`); the annotation says the same to whoever
applies the objects, so that a part is not even started before what it needs is there, and a crash
is known for an early one.
"""

from mooring.app.workloads import Task, Workload
from mooring.generate.context import Context
from mooring.kube.labels import DEPENDS_ON


def depends_on(part: Workload | Task, context: Context) -> dict[str, str]:
    """Return the annotation that names what ``part`` depends on; nothing where there is nothing."""
    found: dict[str, str] = {}
    for dependency in part.dependencies:
        other = context.parts.get(dependency.on)
        if other is not None and other is not part:
            found.setdefault(other.name, dependency.condition.value)
    if not found:
        return {}
    return {DEPENDS_ON: ",".join(f"{name}={condition}" for name, condition in found.items())}
