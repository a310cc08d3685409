"""
What is looked at, beside what it was before: the same objects, and the same containers.

A rule that compares looks only where there is something to compare with (`Bundle.before`).
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container, Pod
from mooring.refs import ObjectRef
from mooring.semantics import kinds
from mooring.semantics.objects import Item


def pairs(bundle: Bundle) -> Iterator[tuple[Item, Item]]:
    """Yield each object that was there before, as it is and as it was."""
    for item in bundle.objects if bundle.before is not None else ():
        was = before(bundle, item.ref)
        if was is not None and was.manifest != item.manifest:
            yield item, was


def before(bundle: Bundle, ref: ObjectRef) -> Item | None:
    """
    Return what the object ``ref`` was before, None where it was not there.

    One without a namespace is in that of what was before, if there is only one.
    """
    was = bundle.before
    if was is None:
        return None
    found = was.objects.get(ref)
    if found is None and not ref.namespace and was.objects.namespace:
        kind = kinds.group_kind(ref.api_version, ref.kind)
        found = was.objects.find(kind, ref.name, was.objects.namespace)
    return found


def pods(bundle: Bundle) -> Iterator[tuple[Pod, Pod]]:
    """Yield the pods of each object that made some before, as they are and as they were."""
    if bundle.before is None:
        return
    for pod in bundle.pods:
        was = before(bundle, pod.owner)
        made = bundle.before.pod_of.get(was.ref) if was is not None else None
        if made is not None:
            yield pod, made


def containers(bundle: Bundle) -> Iterator[tuple[Container, Container]]:
    """Yield each container that was there before, as it is and as it was."""
    for pod, made in pods(bundle):
        by_name = {one.name: one for one in made.containers}
        for container in pod.containers:
            if container.name in by_name:
                yield container, by_name[container.name]


def keeps_data(pod: Pod, made: Pod) -> bool:
    """Tell whether the pods find the volumes again that they had before."""
    return bool(_kept(pod) & _kept(made))


def _kept(pod: Pod) -> set[tuple[str, str]]:
    found = {("template", name) for name in pod.claim_templates}
    for _, volume in pod.volumes.values():
        for kind, key in (("persistentVolumeClaim", "claimName"), ("hostPath", "path")):
            source = volume.get(kind)
            if isinstance(source, dict) and isinstance(source.get(key), str):
                found.add((kind, source[key]))
    return found
