"""Claims: all that an input makes, and those that one node at a time can mount."""

from collections.abc import Iterator
from typing import NamedTuple

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.views import Claim


class Placed(NamedTuple):
    """A claim whose spec stands at ``field`` of ``ref``: the claim itself, or a StatefulSet."""

    ref: ObjectRef
    field: str
    claim: Claim


def every(bundle: Bundle) -> Iterator[Placed]:
    """Yield the claims of the input, and then those of which StatefulSets make one for each pod."""
    for item in bundle.of_kind(kinds.CLAIM):
        yield Placed(item.ref, "spec", Claim(item.spec))
    for pod in bundle.pods:
        for path, template in pod.claim_templates.values():
            spec = fields.mapping(template.get("spec"))
            yield Placed(pod.owner, f"{path}.spec", Claim(spec))


_MANY = ("ReadWriteMany", "ReadOnlyMany")


def single(bundle: Bundle, pod: Pod) -> Iterator[tuple[str, str]]:
    """
    Yield the claims that the pods of ``pod`` share and one node can mount: path and name.

    A claim that the input does not hold may be any; one that is mounted to be read alone counts.
    """
    for path, volume in pod.volumes.values():
        name = fields.text(fields.at(volume, "persistentVolumeClaim", "claimName"))
        item = bundle.objects.find(kinds.CLAIM, name, pod.namespace) if name else None
        if name is None or item is None:
            continue
        modes = Claim(item.spec).access_modes
        if modes and not any(mode in _MANY for mode in modes):
            yield path, name
