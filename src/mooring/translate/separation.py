"""
Whom the networks of a project keep apart.

Services that share a network reach each other in Compose, and no others do.  In a namespace all
pods reach one another, so what the networks say is lost exactly where two services share none.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping


def kept_apart(services: ReadOnly[str, Mapping]) -> dict[str, tuple[str, ...]]:
    """
    Return by network the services that some service on it does not reach; none is left out.

    Services without a network of their own (those in the network of the machine, of another
    service or in none) are no matter of networks.
    """
    standing: dict[frozenset[str], list[str]] = {}
    for name, service in services.items():
        networks = service.get("networks")
        if isinstance(networks, Mapping) and networks.entries:
            standing.setdefault(frozenset(networks.entries), []).append(name)
    if not standing or frozenset.intersection(*standing):
        return {}
    places = {name: place for place, name in enumerate(services)}
    found: dict[str, dict[str, None]] = {}
    for network, others in _strangers(standing):
        found.setdefault(network, {}).update(dict.fromkeys(others))
    return {
        network: tuple(sorted(others, key=places.__getitem__)) for network, others in found.items()
    }


def _strangers(standing: dict[frozenset[str], list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield each network with services that share nothing with all networks of one on it."""
    for networks in standing:
        for others, names in standing.items():
            if networks.isdisjoint(others):
                for network in networks:
                    yield network, names
