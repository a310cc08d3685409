"""
Devices by number: what `gpus`, device reservations and CDI names mean in a cluster.

Docker hands a container certain devices of one machine.  A cluster counts devices under a
resource name that a device plugin offers on each node, and hands out whichever are free.
"""

from mooring.accounting import Path
from mooring.app.resources import Device
from mooring.compose.nodes import Mapping, Node
from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.patterns import LazyPattern
from mooring.sources import Position
from mooring.translate.extensions import extension_notes
from mooring.translate.notes import Note, approximated, carried, dropped
from mooring.translate.view import ServiceView, field, items, text, texts, whole

UNKNOWN_DEVICE = Rule(id="device-without-resource", severity=Severity.ERROR, since="0.1")

NVIDIA = "nvidia.com/gpu"

_TO = "container.resources.limits"
_BY_DRIVER = {
    "nvidia": NVIDIA,
    "amd": "amd.com/gpu",
    "intel": "gpu.intel.com/i915",
}
_BY_CAPABILITY = {
    "gpu": NVIDIA,
    "nvidia": NVIDIA,
    "amd": "amd.com/gpu",
    "tpu": "google.com/tpu",
}
_RESOURCE = LazyPattern(r"[a-z0-9][a-z0-9.-]*\.[a-z]{2,}/[A-Za-z0-9][A-Za-z0-9._-]{0,61}")
_CDI = LazyPattern(r"([A-Za-z][\w.-]*/[A-Za-z0-9][\w.-]*)=([A-Za-z0-9][\w.:-]*)")


def is_resource(text: str) -> bool:
    """Tell whether ``text`` can name a device resource: a domain, a slash and a name."""
    return _RESOURCE.fullmatch(text) is not None


def cdi_resource(name: str) -> str | None:
    """
    Return the resource that a CDI name as ``nvidia.com/gpu=0`` belongs to, or None for a path.

    Source: https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md
    """
    found = _CDI.fullmatch(name)
    return found[1] if found and is_resource(found[1]) else None


class Requested:
    """Device counts by resource, gathered from all the places that ask for some."""

    def __init__(self, service: ServiceView) -> None:
        self._service = service
        self._counts: dict[str, int] = {}
        self.notes: list[Note] = []

    def devices(self, chosen: dict[str, int]) -> tuple[Device, ...]:
        """Return what was asked for; ``chosen`` counts of mooring.yaml win, 0 takes away."""
        counts = {**self._counts, **chosen} if chosen else self._counts
        return tuple(
            Device(resource=resource, count=count) for resource, count in counts.items() if count
        )

    def add(self, resource: str, count: int) -> None:
        """Ask for ``count`` more devices of ``resource``."""
        self._counts[resource] = self._counts.get(resource, 0) + count

    def request(self, node: Node, path: Path, *, is_gpu: bool = False) -> None:
        """Add a device request of `gpus` (``is_gpu``) or of the reservations."""
        driver = text(found) if (found := field(node, "driver")) is not None else ""
        capabilities = texts(field(node, "capabilities"))
        ids = texts(field(node, "device_ids"))
        self.notes.extend(extension_notes(node, path))
        if driver == "cdi" or (ids and all(cdi_resource(one) for one in ids)):
            self._by_cdi_names(ids, path, node.position)
            return
        resource = _BY_DRIVER.get(driver) or next(
            (_BY_CAPABILITY[one] for one in capabilities if one in _BY_CAPABILITY), None
        )
        if resource is None and is_gpu:
            resource = NVIDIA
        if resource is None:
            what = driver or ", ".join(capabilities) or "no driver and no capability"
            self._unknown(f'"{what}"', path, node.position)
            return
        count = self._count(node, path, resource, ids)
        self.add(resource, count)
        if isinstance(node, Mapping) and "options" in node.entries:
            self.notes.append(
                dropped((*path, "options"), "a device plugin takes no options of a container")
            )

    def generic(self, node: Node | None, path: Path) -> None:
        """Add the generic resources of the reservations."""
        for index, item in items(node):
            place = (*path, index)
            spec = field(item, "discrete_resource_spec")
            kind_node = field(spec, "kind") if spec is not None else None
            value = field(spec, "value") if spec is not None else None
            kind = text(kind_node) if kind_node is not None else ""
            count = whole(value) if value is not None else 0
            if is_resource(kind):
                self.add(kind, count)
                self.notes.append(carried(place, f"{_TO}.{kind}"))
            elif "gpu" in kind.lower():
                self.add(NVIDIA, count)
                self.notes.append(
                    approximated(
                        place, f'"{kind}" is taken for the GPUs that nodes offer', f"{_TO}.{NVIDIA}"
                    )
                )
            else:
                self._unknown(f'the generic resource "{kind}"', place, item.position)

    def _count(self, node: Node, path: Path, resource: str, ids: tuple[str, ...]) -> int:
        """Return how many devices a request means, and say what became of the number."""
        to = f"{_TO}.{resource}"
        if ids and ids != ("all",):
            self.notes.append(carried(path, to))
            self.notes.append(
                approximated(
                    (*path, "device_ids"), "the scheduler hands out whichever devices are free", to
                )
            )
            return len(ids)
        given = field(node, "count")
        count = whole(given) if given is not None and text(given) != "all" else -1
        if count >= 0:
            self.notes.append(carried(path, to))
            return count
        self.notes.append(
            approximated(path, "a cluster hands out devices by number, so one stands for all", to)
        )
        self.notes.append(
            Decision(
                subject=f"services.{self._service.name}",
                topic="devices",
                choice=f"one {resource}",
                evidence=(
                    Evidence("it asks for all of a machine's, and nodes differ", node.position),
                ),
                overrule=f"services: {{{self._service.name}: {{devices: {{{resource}: 2}}}}}}",
            )
        )
        return 1

    def _by_cdi_names(self, ids: tuple[str, ...], path: Path, position: Position | None) -> None:
        unknown = [one for one in ids if cdi_resource(one) is None]
        if unknown or not ids:
            self._unknown(f'the CDI device "{", ".join(unknown)}"', path, position)
            return
        for one in ids:
            self.cdi(one, path)

    def cdi(self, name: str, path: Path) -> None:
        """Add one device by its CDI name, which `cdi_resource` knows."""
        resource = cdi_resource(name)
        assert resource is not None
        self.add(resource, 1)
        if not any(getattr(note, "path", None) == path for note in self.notes):
            self.notes.append(
                approximated(
                    path,
                    "a cluster hands out devices by number, whichever are free",
                    f"{_TO}.{resource}",
                )
            )

    def _unknown(self, what: str, path: Path, position: Position | None) -> None:
        self.notes.append(dropped(path, f"no resource of a cluster is known for {what}"))
        self.notes.append(
            UNKNOWN_DEVICE.finding(
                position,
                f'service "{self._service.name}" asks for {what}, for which no resource of a '
                "cluster is known: it gets none",
                remedy="name the resource that your nodes offer: services: "
                f"{{{self._service.name}: {{devices: {{example.com/device: 1}}}}}} in mooring.yaml",
            )
        )
