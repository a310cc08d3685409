"""Claims that one node at a time can mount, where the input says how they are made."""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.semantics import fields, kinds
from mooring.semantics.views import Claim

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
