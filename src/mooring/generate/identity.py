"""
Names, labels and origins of the objects of a part.

Selectors hold two labels, the part's name and the application's: they can never be changed once a
workload exists, so nothing that may change belongs in them.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
"""

from mooring.app.application import Application
from mooring.app.workloads import Task, Workload
from mooring.kube.labels import INSTANCE, MANAGED_BY, ORIGIN, recommended, selector
from mooring.kube.objects.meta import ObjectMeta
from mooring.sources import Position


def selector_labels(application: Application, part: Workload | Task) -> dict[str, str]:
    """Return the labels by which Services and workloads find the pods of ``part``."""
    return selector(part.name, instance=application.name)


def labels(application: Application, part: Workload | Task | None = None) -> dict[str, str]:
    """Return the labels of an object that belongs to ``part``, or to the whole application."""
    if part is None:
        return {INSTANCE: application.name, MANAGED_BY: "mooring"}
    return recommended(part.name, instance=application.name)


def metadata(
    name: str,
    application: Application,
    part: Workload | Task | None = None,
    *,
    position: Position | None = None,
    more_labels: dict[str, str] | None = None,
    annotations: dict[str, str] | None = None,
) -> ObjectMeta:
    """Return the metadata of an object; ``position`` becomes its origin."""
    at = position or (part.position if part else None)
    # From the stack's own folder: the same wherever the command runs.
    origin = {ORIGIN: at.short_from(application.folder)} if at else {}
    return ObjectMeta(
        name=name,
        labels={**(more_labels or {}), **labels(application, part)},
        annotations={**(annotations or {}), **origin},
    )
