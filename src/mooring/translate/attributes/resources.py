"""
What a container may use and is promised: `deploy.resources`, `mem_limit`, `cpus`, `gpus` and kin.

## What it means
Limits are ceilings: a container that needs more memory is killed, one that needs more CPU waits.
Reservations are promises.  Compose counts memory in powers of 1024 (`50M` is 50 MiB), and CPUs in
cores.

## What it becomes
| Compose | Kubernetes, in `container.resources` |
|---|---|
| `deploy.resources.limits`, `mem_limit`, `cpus` | `limits.memory`, `limits.cpu` |
| `cpu_quota` / `cpu_period`, `cpu_count` | `limits.cpu` |
| `deploy.resources.reservations`, `mem_reservation` | `requests` |
| `cpu_shares` | `requests.cpu`: 1024 shares count as one core |
| `gpus`, reserved devices, CDI names in `devices` | `limits` and `requests` of a device resource |
| `storage_opt: {size: 10G}` | `limits.ephemeral-storage` |

## What is lost
A cluster counts devices instead of naming them: "all" becomes one, and ids become their number.
The number of processes (`pids`) is limited by the node, not by the pod.  A path in `devices`
reaches a container only where it is privileged; elsewhere it needs a device plugin, so it is left
out, and a finding says so.  A promise above the limit is cut to the limit: the API refuses it.

## Example
    deploy:
      resources:
        limits: {cpus: "0.5", memory: 512M}    # limits: {cpu: 500m, memory: 512Mi}

## References
- https://docs.docker.com/reference/compose-file/deploy/#resources
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
- https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/
"""

from decimal import ROUND_CEILING, Decimal

import msgspec

from mooring.accounting import Path
from mooring.app.resources import Resources
from mooring.compose.nodes import Node, Scalar
from mooring.compose.units import parse_bytes
from mooring.findings import Rule, Severity
from mooring.settings.choices import Choices
from mooring.translate.device_requests import Requested, cdi_resource
from mooring.translate.extensions import extension_notes
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, field, items, text, truth, whole

ATTRIBUTES: tuple[str, ...] = (
    "deploy.resources",
    "mem_limit",
    "mem_reservation",
    "cpus",
    "cpu_shares",
    "cpu_quota",
    "cpu_period",
    "cpu_count",
    "cpu_percent",
    "gpus",
    "devices",
    "storage_opt",
    "pids_limit",
)

REQUEST_ABOVE_LIMIT = Rule(id="request-above-limit", severity=Severity.WARNING, since="0.1")
DEVICE_LEFT_OUT = Rule(id="device-left-out", severity=Severity.ERROR, since="0.1")

_NAMES = frozenset((*(name for name in ATTRIBUTES if "." not in name), "deploy"))
_NOTHING = Translated(Resources())
_DEFAULT_PERIOD = 100_000
"""Microseconds of `cpu_period` where only the quota is given."""
_SHARES_OF_A_CORE = 1024
_THOUSANDTH = Decimal("0.001")

_CPU_LIMIT = "container.resources.limits.cpu"
_CPU_REQUEST = "container.resources.requests.cpu"
_MEMORY_LIMIT = "container.resources.limits.memory"
_MEMORY_REQUEST = "container.resources.requests.memory"
_DISK_LIMIT = "container.resources.limits.ephemeral-storage"
_PIDS = "a pod cannot limit its processes: the kubelet does, for every pod (podPidsLimit)"


class _Amounts(msgspec.Struct):
    """What has been gathered so far: each value with the entry of the attribute that gave it."""

    service: ServiceView
    notes: list[Note]
    cpu_limit: Decimal | None = None
    cpu_request: Decimal | None = None
    memory_limit: int | None = None
    memory_request: int | None = None

    def memory_limit_at(self, path: Path, node: Node) -> None:
        """Take a ceiling of bytes; 0 and less mean that there is none."""
        self.memory_limit = self.memory_limit or _bytes(node)
        self.notes.append(carried(path, _MEMORY_LIMIT))

    def memory_request_at(self, path: Path, node: Node) -> None:
        """Take a promise of bytes."""
        wanted, limit = _bytes(node), self.memory_limit
        if wanted and limit and wanted > limit:
            self._cut(path, node, "memory", _MEMORY_REQUEST)
            wanted = limit
        else:
            self.notes.append(carried(path, _MEMORY_REQUEST))
        self.memory_request = self.memory_request or wanted

    def cpu_limit_at(self, path: Path, cores: Decimal | None) -> None:
        """Take a ceiling of cores; None means that there is none."""
        self.cpu_limit = self.cpu_limit or cores
        self.notes.append(carried(path, _CPU_LIMIT))

    def cpu_request_at(self, path: Path, node: Node, cores: Decimal | None) -> None:
        """Take a promise of cores."""
        if cores and self.cpu_limit and cores > self.cpu_limit:
            self._cut(path, node, "CPU", _CPU_REQUEST)
            cores = self.cpu_limit
        else:
            self.notes.append(carried(path, _CPU_REQUEST))
        self.cpu_request = self.cpu_request or cores

    def _cut(self, path: Path, node: Node, what: str, to: str) -> None:
        self.notes.append(approximated(path, "a promise above the limit is cut to the limit", to))
        self.notes.append(
            REQUEST_ABOVE_LIMIT.finding(
                node.position,
                f'service "{self.service.name}" reserves more {what} than its limit allows',
                remedy="lower the reservation or raise the limit",
            )
        )


def translate(service: ServiceView, choices: Choices) -> Translated[Resources]:
    """Return what the service's container may use and is promised."""
    chosen = choices.service(service.name).devices
    attributes = service.attributes.entries
    if _NAMES.isdisjoint(attributes) and not chosen:
        return _NOTHING
    amounts = _Amounts(service, [])
    requested = Requested(service)
    deploy = service.get("deploy")
    resources = field(deploy, "resources") if deploy is not None else None
    # Every limit comes before every promise, since promises are held against limits.
    if resources is not None:
        _deployed_limits(resources, amounts)
    _short_limits(service, amounts)
    if resources is not None:
        _deployed_reservations(resources, amounts, requested)
    _short_reservations(service, amounts)
    for index, request in items(service.get("gpus")):
        requested.request(request, service.path("gpus", index), is_gpu=True)
    notes = amounts.notes
    for index, device in items(service.get("devices")):
        _device(service, index, device, requested)
    disk_limit = _disk_limit(service, notes) if "storage_opt" in attributes else None
    for name in ("gpus", "devices"):
        if name in attributes and not tuple(items(service.get(name))):
            notes.append(carried(service.path(name), "no devices"))
    value = Resources(
        cpu_limit=amounts.cpu_limit,
        cpu_request=amounts.cpu_request,
        memory_limit=amounts.memory_limit,
        memory_request=amounts.memory_request,
        disk_limit=disk_limit,
        devices=requested.devices(chosen),
    )
    return Translated(value, (*notes, *requested.notes))


def _deployed_limits(resources: Node, amounts: _Amounts) -> None:
    path = amounts.service.path("deploy", "resources")
    notes = amounts.notes
    notes.append(carried(path, "container.resources"))
    notes.extend(extension_notes(resources, path))
    limits = field(resources, "limits")
    if limits is None:
        return
    place = (*path, "limits")
    notes.extend(extension_notes(limits, place))
    for name, node in entries(limits):
        if name == "cpus":
            amounts.cpu_limit_at((*place, name), _cores(node))
        elif name == "memory":
            amounts.memory_limit_at((*place, name), node)
        elif name == "pids":
            notes.append(dropped((*place, name), _PIDS))


def _deployed_reservations(resources: Node, amounts: _Amounts, requested: Requested) -> None:
    reservations = field(resources, "reservations")
    if reservations is None:
        return
    place = amounts.service.path("deploy", "resources", "reservations")
    notes = amounts.notes
    notes.extend(extension_notes(reservations, place))
    for name, node in entries(reservations):
        if name == "cpus":
            amounts.cpu_request_at((*place, name), node, _cores(node))
        elif name == "memory":
            amounts.memory_request_at((*place, name), node)
        elif name == "pids":
            notes.append(dropped((*place, name), _PIDS))
        elif name == "devices":
            for index, request in items(node):
                requested.request(request, (*place, name, index))
        elif name == "generic_resources":
            requested.generic(node, (*place, name))


def _short_limits(service: ServiceView, amounts: _Amounts) -> None:
    """Gather the limits that stand at the service itself; what `deploy` says wins."""
    notes = amounts.notes
    if (node := service.get("mem_limit")) is not None:
        amounts.memory_limit_at(service.path("mem_limit"), node)
    if (node := service.get("cpus")) is not None:
        amounts.cpu_limit_at(service.path("cpus"), _cores(node))
    period = service.get("cpu_period")
    if (node := service.get("cpu_quota")) is not None:
        quota, length = _number(node), _number(period) or _DEFAULT_PERIOD
        amounts.cpu_limit_at(
            service.path("cpu_quota"), _rounded(Decimal(quota) / length) if quota > 0 else None
        )
        if period is not None:
            notes.append(carried(service.path("cpu_period"), _CPU_LIMIT))
    elif period is not None:
        reason = "a period without a quota limits nothing"
        notes.append(dropped(service.path("cpu_period"), reason))
    if (node := service.get("cpu_count")) is not None:
        amounts.cpu_limit_at(service.path("cpu_count"), _cores(node))
    if service.get("cpu_percent") is not None:
        reason = "it limits Windows containers of one machine"
        notes.append(dropped(service.path("cpu_percent"), reason))
    if service.get("pids_limit") is not None:
        notes.append(dropped(service.path("pids_limit"), _PIDS))


def _short_reservations(service: ServiceView, amounts: _Amounts) -> None:
    """Gather the promises that stand at the service itself."""
    if (node := service.get("mem_reservation")) is not None:
        amounts.memory_request_at(service.path("mem_reservation"), node)
    if (node := service.get("cpu_shares")) is not None:
        _shares(service, amounts, node)


def _shares(service: ServiceView, amounts: _Amounts, node: Node) -> None:
    path = service.path("cpu_shares")
    if amounts.cpu_request is not None:
        reason = "the reservation of CPU says how much the container weighs against others"
        amounts.notes.append(dropped(path, reason))
        return
    cores = _rounded(Decimal(_number(node)) / _SHARES_OF_A_CORE)
    limit = amounts.cpu_limit
    amounts.cpu_request = (min(cores, limit) if limit else cores) or None
    amounts.notes.append(
        approximated(
            path,
            "a weight becomes a promise, with 1024 shares for a core"
            + (", cut to the limit" if limit and cores > limit else ""),
            _CPU_REQUEST,
        )
    )


def _device(service: ServiceView, index: int, node: Node, requested: Requested) -> None:
    """Say what becomes of an item of `devices`: a CDI name or a path of the machine."""
    path = service.path("devices", index)
    source = text(found) if (found := field(node, "source")) is not None else ""
    target = text(found) if (found := field(node, "target")) is not None else source
    requested.notes.extend(extension_notes(node, path))
    if source == target and cdi_resource(source) is not None:
        requested.cdi(source, path)
        return
    if truth(service.get("privileged")) and source == target:
        requested.notes.append(
            carried(path, "container.securityContext.privileged: it sees all devices of its node")
        )
        return
    requested.notes.append(
        dropped(path, "a pod has no path to a device of its node unless it is privileged")
    )
    requested.notes.append(
        DEVICE_LEFT_OUT.finding(
            node.position,
            f'service "{service.name}" does not get the device {source}',
            remedy="offer it by a device plugin, and ask for it by services: "
            f"{{{service.name}: {{devices: {{example.com/device: 1}}}}}} in mooring.yaml",
        )
    )


def _disk_limit(service: ServiceView, notes: list[Note]) -> int | None:
    limit: int | None = None
    path = service.path("storage_opt")
    notes.append(dropped(path, "it is an option of Docker's storage driver"))
    node = service.get("storage_opt")
    for name, value in entries(node):
        if name == "size" and isinstance(value, Scalar):
            limit = parse_bytes(text(value))
            notes.append(
                approximated(
                    (*path, name),
                    "logs and emptied directories count too, and a pod that uses more is evicted",
                    _DISK_LIMIT,
                )
            )
    return limit


def _number(node: Node | None) -> int:
    return whole(node) if node is not None else 0


def _bytes(node: Node) -> int | None:
    value = whole(node)
    return value if value > 0 else None


def _cores(node: Node) -> Decimal | None:
    """Return cores, rounded up to the thousandths that Kubernetes counts; None: no limit."""
    assert isinstance(node, Scalar)
    value = Decimal(str(node.value))
    return _rounded(value) if value > 0 else None


def _rounded(cores: Decimal) -> Decimal:
    return cores.quantize(_THOUSANDTH, ROUND_CEILING).normalize()
