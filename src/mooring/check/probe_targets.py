"""Where probes of the network knock: port, scheme, host and place, with names resolved."""

from typing import NamedTuple

from mooring.check.pods import Container
from mooring.semantics import fields
from mooring.semantics.fields import Manifest


class Target(NamedTuple):
    """
    What a probe asks.

    ``action`` is httpGet, tcpSocket or grpc, and ``field`` the place of its port.  ``number`` is
    None for a name that no port has; ``port_name`` is that of the port, where it has one.
    """

    action: str
    field: str
    number: int | None
    port_name: str | None
    is_named: bool
    raw: Manifest

    @property
    def scheme(self) -> str:
        """HTTP or HTTPS; HTTP where nothing is said."""
        return (fields.text(self.raw.get("scheme")) or "HTTP").upper()

    @property
    def host(self) -> str | None:
        """The host that is asked instead of the pod."""
        return fields.text(self.raw.get("host"))


def target(container: Container, name: str) -> Target | None:
    """Return what the probe called ``name`` asks; None where it asks nothing by network."""
    probe = container.probe(name)
    for action in ("httpGet", "tcpSocket", "grpc"):
        raw = fields.mapping(probe.get(action))
        if not raw:
            continue
        asked, number = fields.text(raw.get("port")), fields.integer(raw.get("port"))
        if asked is not None and asked.isdecimal():
            number = int(asked)
            asked = None
        wanted = number if asked is None else asked
        if wanted is None:
            return None
        port = next((one for one in container.ports if wanted in (one.name, one.number)), None)
        return Target(
            action,
            f"{container.path}.{name}.{action}.port",
            port.number if port is not None else number,
            port.name if port is not None else None,
            asked is not None,
            raw,
        )
    return None
