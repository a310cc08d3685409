"""What is rendered: the whole set of objects of one environment, made without regard to others."""

from collections.abc import Sequence

import msgspec

from mooring.builds import Build
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.meta import KubeObject
from mooring.kube.objects.rbac import RoleBinding


class EnvironmentObjects(msgspec.Struct, frozen=True, kw_only=True):
    """
    An environment: its name, the namespace it lives in, its objects.

    An object's own namespace is None (then it is ``namespace``) or ``namespace`` itself.  The
    values of secrets are in its Secrets.  ``builds`` are the images that have to be built for it.
    """

    name: str
    namespace: str
    objects: ObjectSet
    builds: tuple[Build, ...] = ()


def check_namespaces(environments: Sequence[EnvironmentObjects]) -> None:
    """
    Hold the rule that an environment has one namespace.

    Raises:
        ValueError: an object of an environment says another namespace; that is a bug of ours.
    """
    for environment in environments:
        for item in environment.objects:
            if item.metadata.namespace not in (None, environment.namespace):
                raise ValueError(f"{item.ref} is outside namespace {environment.namespace}")


def in_namespace(item: KubeObject, namespace: str | None) -> KubeObject:
    """Return ``item`` with ``namespace``, where its kind has one, and so its own accounts."""
    if not item.namespaced or item.metadata.namespace == namespace:
        return item
    previous = item.metadata.namespace
    metadata = msgspec.structs.replace(item.metadata, namespace=namespace)
    moved = msgspec.structs.replace(item, metadata=metadata)
    if not isinstance(moved, RoleBinding):
        return moved
    # The API server wants the namespace of an account even where it is that of the binding.
    subjects = tuple(
        msgspec.structs.replace(subject, namespace=namespace)
        if subject.kind == "ServiceAccount" and subject.namespace in (None, previous)
        else subject
        for subject in moved.subjects
    )
    return msgspec.structs.replace(moved, subjects=subjects)
