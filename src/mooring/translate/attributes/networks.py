"""
On which networks a service stands, and under which further names: `networks`.

## What it means
Services that share a network reach each other, by name and by any of the aliases that a network
gives; others do not.  Without a word, a service stands on the network `default`.

## What it becomes
All pods of a namespace share one network, so whoever could reach a service still does.  In staging
and production each network becomes a network policy that lets its members talk to one another, and
everything else is closed.  An alias becomes a Service of its own in front of the same pods.

## What is lost
Networks also keep services **apart**; in development nothing does.
Fixed addresses (`ipv4_address`), interfaces and priorities belong to a network that pods do not
have: address a service by its name.  An alias that is a domain (`api.example.com`) can be no
Service, and a finding says so; another that is no DNS label (`my_api`) is changed, and so is every
place here that dials it.

## Example
    networks:
      backend:
        aliases: [database]     # a Service "database" beside the service's own

## References
- https://docs.docker.com/reference/compose-file/services/#networks
- https://kubernetes.io/docs/concepts/cluster-administration/networking/
"""

import msgspec

from mooring.accounting import Path
from mooring.compose.nodes import Mapping, Node
from mooring.findings import Rule, Severity
from mooring.kube.names import is_service_name, service_name
from mooring.translate.extensions import extension_note
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, items, text

ATTRIBUTES: tuple[str, ...] = ("networks",)

ALIAS_LEFT_OUT = Rule(id="alias-left-out", severity=Severity.WARNING, since="0.1")

_DEFAULT = "default"
_TO = "the network that all pods of a namespace share; networks.<name> says whom it kept apart"

_FIELDS = {
    "ipv4_address": "a pod's address is given by the cluster and changes: dial the service's name",
    "ipv6_address": "a pod's address is given by the cluster and changes: dial the service's name",
    "link_local_ips": "a pod has no link-local addresses of its own",
    "mac_address": "a pod's network interface is made by the cluster",
    "interface_name": "a pod has one network interface, and the cluster names it",
    "driver_opts": "the cluster's network takes no options of a single pod",
    "priority": "a pod stands on one network, so there is no order among several",
    "gw_priority": "a pod stands on one network, which is its way out",
    "use_service_name_alias": "a Service has the name that peers dial in any case",
}


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """The networks by name, and the further names, in lower case, under which peers dial it."""

    networks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


_NOTHING = Translated(Membership())
_ONLY_DEFAULT = Membership(networks=(_DEFAULT,))


def translate(service: ServiceView) -> Translated[Membership]:
    """Return the networks on which the service stands and its aliases there."""
    node = service.get("networks")
    if node is None:
        return _NOTHING
    path = service.path("networks")
    assert isinstance(node, Mapping)
    members = node.entries
    notes: list[Note] = [carried(path, _TO)]
    aliases: dict[str, None] = {}
    for network, options in members.items():
        if isinstance(options, Mapping):
            _options(service, (*path, network), options, aliases, notes)
    networks = tuple(members)
    if not aliases and networks == (_DEFAULT,):
        return Translated(_ONLY_DEFAULT, tuple(notes))
    return Translated(Membership(networks=networks, aliases=tuple(aliases)), tuple(notes))


def _options(
    service: ServiceView,
    path: Path,
    options: Mapping,
    aliases: dict[str, None],
    notes: list[Note],
) -> None:
    """Take what a service says of one network."""
    for name, node in entries(options):
        place = (*path, name)
        if name == "aliases":
            for index, item in items(node):
                _alias(service, (*place, index), item, aliases, notes)
        elif name in _FIELDS:
            notes.append(dropped(place, _FIELDS[name]))
        elif name.startswith("x-"):
            notes.append(extension_note(place))


def _alias(
    service: ServiceView, path: Path, node: Node, aliases: dict[str, None], notes: list[Note]
) -> None:
    given = text(node)
    # Names are looked up without regard to case.
    name = given.lower()
    if not name:
        notes.append(dropped(path, "it is empty, as a variable without a value leaves it"))
    elif name == service.name:
        notes.append(carried(path, "Service.metadata.name: it is the service's own"))
    elif is_service_name(name):
        aliases[name] = None
        notes.append(carried(path, "Service.metadata.name: an additional Service"))
    elif "." not in name:
        aliases[name] = None
        reason = f'a Service has a DNS label for its name, so it is called "{service_name(name)}"'
        notes.append(approximated(path, reason, "Service.metadata.name: an additional Service"))
    else:
        notes.append(dropped(path, "a Service has one DNS label for a name, and this is none"))
        notes.append(
            ALIAS_LEFT_OUT.finding(
                node.position or service.position("networks"),
                f'service "{service.name}" is not found under the alias "{given}"',
                remedy="let those who dial it use the service's name",
            )
        )
