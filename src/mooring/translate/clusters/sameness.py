"""What members of a cluster must have in common, as no identity explains a difference in it."""

from collections.abc import Sequence

from mooring.app.workloads import Workload
from mooring.compose.nodes import plain
from mooring.translate.clusters.differences import Differences
from mooring.translate.clusters.texts import Fault
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView, field

_AMOUNTS = (
    ("mem_limit",),
    ("mem_reservation",),
    ("cpus",),
    ("shm_size",),
    ("deploy", "resources"),
)


def compare(
    services: Sequence[TranslatedService], views: Sequence[ServiceView], differences: Differences
) -> None:
    """Tell ``differences`` in what ``services`` are not the same, amounts of memory apart."""
    for path in _AMOUNTS:
        amounts = [_plainly(view, *path) for view in views]
        differences.equal(".".join(path), amounts, fault=Fault.AMOUNT)
    parts = [service.part for service in services]
    containers = [service.container for service in services]
    differences.equal("security", [one.security for one in containers])
    differences.equal("stop_signal", [one.stop_signal for one in containers])
    differences.equal("the pod's rights", [part.security for part in parts])
    differences.equal("deploy.placement", [part.placement for part in parts])
    differences.equal("networks", [frozenset(part.networks) for part in parts])
    differences.equal("pre_start", [_plainly(view, "pre_start") for view in views])
    counts = [part.replicas if isinstance(part, Workload) else 0 for part in parts]
    if set(counts) != {1}:
        differences.tell("deploy.replicas", [str(count) for count in counts])
    scales = [part.scale if isinstance(part, Workload) else None for part in parts]
    differences.equal("deploy.mode", scales)


def _plainly(view: ServiceView, attribute: str, *fields: str) -> str | None:
    node = view.get(attribute)
    for name in fields:
        node = field(node, name) if node is not None else None
    value = None if node is None else plain(node)
    return str(value) if value else None
