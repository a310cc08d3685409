"""
``ports``: which container ports are reachable from outside, and where.

A short text reads from the right: ``[[host address:]host ports:]container ports[/protocol]``.
Ranges are written out one by one; a range of host ports for a single container port is left as it
is, for the runtime to choose from.

Source: Compose Specification, "ports"; the edges are those of Docker's port parser (an address may
stand in brackets, a third part of a range is ignored, a range is sorted as text: 100 before 99).
"""

from mooring.compose.attributes import short_text
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.rewriting import added
from mooring.errors import InputError
from mooring.sources import Position

_DEFAULTS: dict[str, Node] = {"protocol": Scalar("tcp"), "mode": Scalar("ingress")}
_PROTOCOLS = ("tcp", "udp", "sctp")
_REMEDY = 'write ports as in "8080:80", "127.0.0.1:8080:80", "53:53/udp" or "8000-8002:80-82"'


class InvalidPort(InputError):
    """A short port text that cannot be read."""

    def __init__(self, text: str, fault: str, position: Position | None) -> None:
        super().__init__(f'port "{text}" {fault}', position=position, remedy=_REMEDY)


class PortRangeMismatch(InputError):
    """A published range and a container range differ in length."""

    def __init__(
        self, text: str, *, published: int, container: range, first: int, position: Position | None
    ) -> None:
        count = len(container)
        same_length = f"{first}-{first + count - 1}:{container.start}-{container.stop - 1}"
        super().__init__(
            f'port "{text}" publishes {published} port{"s" if published != 1 else ""}'
            f" for {count} container ports",
            position=position,
            remedy=f'give both ranges the same length, as in "{same_length}"',
        )


def canonical(node: Node) -> Node:
    """
    Return the list of ports in long form.

    Raises:
        InputError: a short text that cannot be read.
    """
    if not isinstance(node, Sequence):
        return node
    ports: list[Node] = []
    for item in node.items:
        if isinstance(item, Mapping):
            ports.append(item)
        elif isinstance(item, Scalar) and not isinstance(item.value, bool | float | None):
            ports.extend(_long_forms(item, str(item.value)))
        else:
            raise InvalidPort(_shown(item), "is no port", item.position)
    return Sequence(tuple(ports), node.position)


def identity(node: Node) -> str:
    """
    Return what identifies a port: address, both ports and protocol.

    A host port written as a number and one written as a text are two, as in Compose.

    Raises:
        InputError: a long form without a target.
    """
    if isinstance(node, Mapping):
        target = node.get("target")
        if target is None:
            raise InputError(
                "a port has no target",
                position=node.position,
                remedy="add the container's port, as in target: 80",
            )
        host = _value(node, "host_ip", "0.0.0.0")  # noqa: S104  (what Docker listens on)
        protocol = _value(node, "protocol", "tcp")
        return (
            f"{host}:{_value(node, 'published', None)!r}:{_value(node, 'target', None)}/{protocol}"
        )
    if isinstance(node, Scalar) and isinstance(node.value, int | str):
        return str(node.value)
    return ""


def with_defaults(node: Node) -> Node:
    """Return a port with its protocol and mode."""
    return added(node, _DEFAULTS) if isinstance(node, Mapping) else node


def fault(node: Node) -> InputError | None:
    """Return what is wrong with the address of a port in long form, or None."""
    address = node.get("host_ip") if isinstance(node, Mapping) else None
    if isinstance(address, Scalar) and not is_address(str(address.value)):
        return InputError(
            f'host_ip "{address.value}" is no IP address',
            position=address.position,
            remedy="write an address of this machine, as in 127.0.0.1; names are not allowed",
        )
    return None


def is_address(text: str) -> bool:
    """Return whether ``text`` is an IPv4 or IPv6 address, without brackets, zone or mask."""
    parts = text.split(".")
    if len(parts) == 4 and ":" not in text:
        return all(
            part.isascii() and part.isdigit() and str(int(part)) == part and int(part) < 256
            for part in parts
        )
    if ":" not in text or "%" in text:
        return False
    # Rare, and not free to import.
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def _long_forms(source: Scalar, text: str) -> list[Mapping]:
    """Return the ports that ``text`` stands for, sorted by container port as texts."""
    address, published, target = _split(text)
    target, _, protocol = target.partition("/")
    protocol = protocol.partition("/")[0].lower() or "tcp"
    address = _address(address, text, source.position)
    if not target:
        raise InvalidPort(text, "has no container port", source.position)
    container = _range(target, text, "container port", source.position)
    if container.start == 0:
        raise InvalidPort(
            text, "has the container port 0, which no program can use", source.position
        )
    host = _range(published, text, "host port", source.position) if published else None
    if protocol not in _PROTOCOLS:
        raise InvalidPort(text, f'has the unknown protocol "{protocol}"', source.position)
    if host is not None and len(host) != len(container) != 1:
        raise PortRangeMismatch(
            text,
            published=len(host),
            container=container,
            first=host.start,
            position=source.position,
        )
    made = []
    for index, port in enumerate(container):
        at = None
        if host is not None:
            at = str(host.start + index)
            if len(container) == 1 and len(host) > 1:
                at = f"{host.start}-{host.stop - 1}"
        made.append((str(port), at))
    made.sort(key=lambda one: f"{one[0]}/")
    return [
        short_text.long_form(
            source,
            mode="ingress",
            host_ip=address or None,
            target=int(port),
            published=at,
            protocol=protocol,
        )
        for port, at in made
    ]


def _split(text: str) -> tuple[str, str, str]:
    """Return address, host ports and container ports with protocol; what is absent is empty."""
    front, _, target = text.rpartition(":")
    address, _, published = front.rpartition(":")
    return address, published, target


def _address(address: str, text: str, position: Position | None) -> str:
    """Return ``address`` without its brackets."""
    bare = address
    if address.startswith("[") and address.endswith("]"):
        bare = address[1:-1]
    elif ":" in address:
        raise InvalidPort(text, f"has the address {address}, which needs brackets", position)
    if bare and not is_address(bare):
        raise InvalidPort(text, f'has the address "{bare}", which is no IP address', position)
    return bare


def _range(ports: str, text: str, name: str, position: Position | None) -> range:
    first, dash, last = ports.partition("-")
    last = last.partition("-")[0] if dash else first
    if not (_is_port(first) and _is_port(last)):
        is_number = first.isdecimal() and last.isdecimal()
        why = "which is no port: those end at 65535" if is_number else "which is no number"
        raise InvalidPort(text, f'has the {name} "{ports}", {why}', position)
    if int(last) < int(first):
        raise InvalidPort(text, f"has the {name}s {ports}, which end before they begin", position)
    return range(int(first), int(last) + 1)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < 65536


def _value(node: Mapping, name: str, default: object) -> object:
    found = node.get(name)
    return found.value if isinstance(found, Scalar) else default


def _shown(node: Node) -> str:
    return str(node.value) if isinstance(node, Scalar) else "of several lines"
