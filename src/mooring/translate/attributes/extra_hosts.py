"""
Names with fixed addresses: `extra_hosts`.

## What it means
Lines that are added to the container's `/etc/hosts`.  `host-gateway` stands for the machine.

## What it becomes
`Pod.spec.hostAliases`, one entry for each address, IPv4 and IPv6 alike.

## What is lost
`host-gateway`: a pod has no fixed address for "the machine", and what listened there is not on
the node.  Give the program a Service or an address that the cluster can reach.  A name that DNS
does not allow (`my_host`) is left out: the API refuses it.

## Example
    extra_hosts: ["db.internal=10.0.0.5"]    # hostAliases: [{ip: 10.0.0.5, hostnames: [...]}]

## References
- https://docs.docker.com/reference/compose-file/services/#extra_hosts
- https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/
"""

from collections.abc import Iterator

from mooring.accounting import Path
from mooring.app.endpoints import HostEntry
from mooring.compose.attributes.ports import is_address
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.findings import Rule, Severity
from mooring.kube.names import is_subdomain
from mooring.translate.notes import Note, Translated, carried, dropped
from mooring.translate.view import ServiceView, entries, items, text

ATTRIBUTES: tuple[str, ...] = ("extra_hosts",)

HOST_NOT_REACHABLE = Rule(id="host-entry-left-out", severity=Severity.WARNING, since="0.1")

_NOTHING: Translated[tuple[HostEntry, ...]] = Translated(())
_TO = "Pod.spec.hostAliases"
_GATEWAY = "host-gateway"


def translate(service: ServiceView) -> Translated[tuple[HostEntry, ...]]:
    """Return the names with fixed addresses, in the order of the file."""
    node = service.get("extra_hosts")
    if node is None:
        return _NOTHING
    found: list[HostEntry] = []
    notes: list[Note] = []
    listed = tuple(_listed(node, service.path("extra_hosts")))
    if not listed:
        notes.append(carried(service.path("extra_hosts"), "no names"))
    for path, name, address, value in listed:
        fault = _fault(name, address)
        if fault is None:
            found.append(HostEntry(name=name, address=address))
            notes.append(carried(path, _TO))
            continue
        notes.append(dropped(path, fault))
        notes.append(
            HOST_NOT_REACHABLE.finding(
                value.position or service.position("extra_hosts"),
                f'service "{service.name}" does not know the host {name} ({address}): {fault}',
                remedy="give the program the name of a Service, or an address that the cluster "
                "reaches",
            )
        )
    return Translated(tuple(found), tuple(notes))


def names(service: ServiceView) -> Iterator[str]:
    """Yield the names of the service's lines, whatever their addresses."""
    node = service.get("extra_hosts")
    if node is not None:
        yield from (name for _, name, _, _ in _listed(node, ()))


def _listed(node: Node, path: Path) -> Iterator[tuple[Path, str, str, Node]]:
    """Yield path, name, address and node of each line: of `name=address` texts or of a mapping."""
    if isinstance(node, Mapping):
        for name, value in entries(node):
            if isinstance(value, Sequence):
                for index, item in items(value):
                    yield (*path, name, index), name, _address(item), item
            else:
                yield (*path, name), name, _address(value), value
        return
    for index, item in items(node):
        given = text(item)
        separator = "=" if "=" in given else ":"
        name, _, address = given.partition(separator)
        yield (*path, index), name, address.strip("[]"), item


def _address(node: Node) -> str:
    return text(node).strip("[]") if isinstance(node, Scalar) else ""


def _fault(name: str, address: str) -> str | None:
    """Return why the line cannot be kept, or None."""
    if address == _GATEWAY:
        return "a pod has no address for the machine below it"
    if not is_address(address):
        return "it has no IP address"
    return None if is_subdomain(name) else "DNS allows no such name"
