"""Where a workload listens, and under which names it is found."""

from enum import StrEnum

import msgspec

from mooring.sources import Position


class Protocol(StrEnum):
    """Transport protocols."""

    TCP = "tcp"
    UDP = "udp"
    SCTP = "sctp"


def shown_port(port: int, protocol: Protocol) -> str:
    """Return a port as users write it: its protocol follows where it is not TCP."""
    return str(port) if protocol is Protocol.TCP else f"{port}/{protocol.value}"


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """
    A wish to be reachable from outside: on this port of the machine.

    ``private`` is true where the author bound it to a loopback address.  ``port`` is None where
    any port will do; ``on_every_node`` asks for the machine's own port instead of a balanced one.
    """

    port: int | None
    address: str | None = None
    private: bool = False
    on_every_node: bool = False


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """
    A port on which the process listens, as its peers dial it.

    What is ``development_only`` has no place outside of development.
    """

    port: int
    protocol: Protocol = Protocol.TCP
    name: str | None = None
    application_protocol: str | None = None
    publications: tuple[Publication, ...] = ()
    development_only: bool = False
    position: Position | None = None


class HostEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A name that resolves to a fixed address inside a container."""

    name: str
    address: str


class NameResolution(msgspec.Struct, frozen=True, kw_only=True):
    """DNS servers, search domains and options asked for in addition to the platform's."""

    servers: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class NetworkAccess(StrEnum):
    """Which network a workload's process stands in."""

    OWN = "own"
    MACHINE = "machine"
    NONE = "none"
