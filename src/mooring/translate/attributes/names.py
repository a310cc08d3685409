"""
Further names of a service: `container_name`, `links`, `external_links`, network aliases.

## What it means
Inside its networks a service answers to its own name, its container's name, its hostname, the
aliases of each network and the aliases under which others link to it.

## What it becomes
Its own name stays the name of its Service.  Aliases and link aliases become Services of their
own; so do a container's name and hostname when some value in the stack uses them.  A name that is
no DNS label (`my_box`) is changed, and so is every place here that dials it.

## References
- https://docs.docker.com/reference/compose-file/services/#links
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

import msgspec

from mooring.findings import Rule, Severity
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, items, text

ATTRIBUTES = ("container_name", "links", "external_links")

NAME_LEFT_OUT = Rule(id="container-name-left-out", severity=Severity.WARNING, since="0.1")


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link to the service ``to``, which this service also calls ``alias``."""

    to: str
    alias: str


def links(service: ServiceView) -> Translated[tuple[Link, ...]]:
    """Return the service's links; each alias is a further name of the service it leads to."""
    found: list[Link] = []
    notes: list[Note] = []
    for index, node in items(service.get("links")):
        to, _, alias = text(node).partition(":")
        found.append(Link(to=to, alias=alias or to))
        notes.append(
            carried(service.path("links", index), "Service.metadata.name")
            if not alias or alias == to
            else approximated(
                service.path("links", index),
                f'all of the namespace knows the name "{alias}", where Compose tells this service',
                "Service.metadata.name",
            )
        )
    if service.get("external_links") is not None:
        notes.append(
            dropped(
                service.path("external_links"),
                "containers of other projects are not in this namespace; dial them by their "
                "cluster name",
            )
        )
    return Translated(tuple(found), tuple(notes))


def container_name(
    service: ServiceView, *, is_dialled: bool, has_service: bool
) -> tuple[Note, ...]:
    """
    Return what becomes of the container's name.

    ``is_dialled`` tells that some other service speaks of it, ``has_service`` that it is the name
    of a Service in front of this one.
    """
    node = service.get("container_name")
    if node is None:
        return ()
    name = text(node)
    path = service.path("container_name")
    if name == service.name:
        return (carried(path, "Service.metadata.name: it is the service's"),)
    if has_service:
        return (carried(path, "Service.metadata.name: an additional Service"),)
    if not is_dialled:
        reason = "pods are named by their workload, and nothing here dials this name"
        return (dropped(path, reason),)
    return (
        dropped(path, "no Service can have this name beside the others"),
        NAME_LEFT_OUT.finding(
            node.position or service.position("container_name"),
            f'service "{service.name}" is not found under the name of its container, "{name}"',
            remedy="let those who dial it use the service's name",
        ),
    )
