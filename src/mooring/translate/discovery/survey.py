"""Who is there in a project, and under which names: what its addresses are held against."""

from collections.abc import Collection, Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping
from mooring.compose.project import Project
from mooring.translate.attributes import extra_hosts
from mooring.translate.discovery.closure import Stack
from mooring.translate.discovery.listening import Listening
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView, entries, field, items, text, texts, truth


def survey(
    project: Project,
    views: ReadOnly[str, ServiceView],
    translated: ReadOnly[str, TranslatedService],
    *,
    names: ReadOnly[str, Collection[str]],
    leaders: ReadOnly[str, str],
    declared: ReadOnly[str, Collection[str]],
    left_out: frozenset[str],
) -> Stack:
    """
    Return whom an address in ``project`` can reach.

    ``names`` are all names under which each service may be dialled, ``declared`` the settings that
    each declares itself, ``left_out`` the services that are not carried over.
    """
    by_name: dict[str, str] = {}
    for service, some in names.items():
        by_name[service.lower()] = service
        for name in some:
            by_name.setdefault(name.lower(), service)
    for view in views.values():
        for service, alias in _links(view):
            by_name.setdefault(alias, service)
    # A service without a container here is run by its provider under its own name.
    by_name.update((name.lower(), name) for name in views if name not in translated)
    return Stack(
        names=by_name,
        listening=Listening(
            translated,
            leaders,
            known={name: view.known for name, view in views.items()},
            declared=declared,
        ),
        inactive={name.lower(): _profiles(node) for name, node in project.disabled.items()},
        left_out=frozenset(name.lower() for name in left_out),
        elsewhere=_elsewhere(project, views),
        own_entries={name: frozenset(_own_entries(view)) for name, view in views.items()},
        fixed=dict(_fixed(views)),
    )


def _links(view: ServiceView) -> Iterator[tuple[str, str]]:
    for _, node in items(view.get("links")):
        service, _, alias = text(node).partition(":")
        yield service, (alias or service).lower()


def _own_entries(view: ServiceView) -> Iterator[str]:
    """Yield the names for which a service itself has an address, or asks another project."""
    yield from (name.lower() for name in extra_hosts.names(view))
    for _, node in items(view.get("external_links")):
        container, _, alias = text(node).partition(":")
        yield (alias or container).lower()


def _profiles(node: Mapping) -> tuple[str, ...]:
    return texts(node.get("profiles"))


def _elsewhere(project: Project, views: ReadOnly[str, ServiceView]) -> dict[str, tuple[str, ...]]:
    """Return the networks that a service shares with other projects, by its name."""
    networks = project.mappings("networks")
    shared = {name for name, node in networks.items() if truth(field(node, "external"))}
    if not shared:
        return {}
    return {
        name: tuple(one for one, _ in entries(view.get("networks")) if one in shared)
        for name, view in views.items()
    }


def _fixed(views: ReadOnly[str, ServiceView]) -> Iterator[tuple[str, str]]:
    for name, view in views.items():
        for _, options in entries(view.get("networks")):
            address = field(options, "ipv4_address") if isinstance(options, Mapping) else None
            if address is not None:
                yield text(address), name
