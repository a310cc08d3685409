"""
The labels and annotations that all our objects carry.

The recommended labels tell tools which objects belong together; the selector is a subset of them
that never changes during the life of a workload (the API server refuses another selector for a
Deployment), so neither version nor component is part of it.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
"""

from collections.abc import Mapping

NAME = "app.kubernetes.io/name"
INSTANCE = "app.kubernetes.io/instance"
VERSION = "app.kubernetes.io/version"
COMPONENT = "app.kubernetes.io/component"
PART_OF = "app.kubernetes.io/part-of"
MANAGED_BY = "app.kubernetes.io/managed-by"

POD_NAME = "statefulset.kubernetes.io/pod-name"
"""Label that each pod of a StatefulSet gets: its own name."""

POD_INDEX = "apps.kubernetes.io/pod-index"
"""Label that each pod of a StatefulSet gets from Kubernetes 1.28 on: its ordinal."""

ORIGIN = "mooring.dev/origin"
"""Annotation: the ``file:line`` that an object was made from."""

DEPENDS_ON = "mooring.dev/depends-on"
"""
Annotation of workloads: what must have come how far first, as ``db=healthy,seed=completed``.

The names are those of the label `NAME`, the conditions "started", "healthy" and "completed".
"""

OWNER = "mooring.dev/owner"
"""Annotation of what was deployed: the project and environment that it belongs to, ``shop.dev``."""

WAY_BACK = "mooring.dev/way-back"
"""
Annotation of Jobs: what its first container runs to undo what it did.

JSON with ``command`` and ``args``, which take the place of those of the container.
"""

CONFIG_CHECKSUM = "checksum/config"
"""Annotation of pod templates: changes with the ConfigMaps that the pod reads."""


def selector(name: str, *, instance: str) -> dict[str, str]:
    """Return the labels that select the pods of workload ``name`` of project ``instance``."""
    return {NAME: name, INSTANCE: instance}


def recommended(
    name: str,
    *,
    instance: str,
    component: str | None = None,
    part_of: str | None = None,
    version: str | None = None,
) -> dict[str, str]:
    """
    Return the recommended labels of an object of workload ``name``.

    The values must be label values already (``names.label_value``); what is None is left out.
    """
    labels = selector(name, instance=instance)
    for key, value in ((VERSION, version), (COMPONENT, component), (PART_OF, part_of)):
        if value is not None:
            labels[key] = value
    labels[MANAGED_BY] = "mooring"
    return labels


def selects(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Return whether an object with ``labels`` has all of ``wanted``."""
    return all(labels.get(key) == value for key, value in wanted.items())
