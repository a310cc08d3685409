"""
The further DNS names of services, and the names that have to change.

A service answers to its aliases, to the names of its container and its host, and to the name that
Compose makes up for its container.  The aliases were asked for and count always; the others count
where somebody dials them.

A name with dots can be no Service.  Of one that nobody outside the stack can have
(`realtime-dev.supabase-realtime`), the first label becomes one, and whoever dials it is told: some
programs take that label for the tenant whom they serve.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.kube.names import service_name
from mooring.translate.attributes import names
from mooring.translate.dialling import Dialled
from mooring.translate.grouping import Groups
from mooring.translate.notes import Notes
from mooring.translate.renames import Rename
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView, text


class FurtherNames(msgspec.Struct, frozen=True, kw_only=True):
    """Further DNS names by the service that leads its pod, and those that could not stay."""

    by_leader: dict[str, tuple[str, ...]]
    renames: tuple[Rename, ...]


def candidates(view: ServiceView, aliases: tuple[str, ...]) -> Iterator[str]:
    """Yield every name under which a peer may dial the service of ``view``."""
    yield view.name
    yield from aliases
    yield _made_up(view)
    if (node := view.get("container_name")) is not None:
        yield text(node)
    if (hostname := _hostname(view)) is not None:
        yield hostname


def _made_up(view: ServiceView) -> str:
    """Return the name that Compose gives to the first container of a service."""
    return f"{view.full_name}-1"


class _Wanted:
    """Names as they are asked for, each taken once in the whole stack."""

    def __init__(self, dns_names: ReadOnly[str, str], groups: Groups) -> None:
        self._taken = set(dns_names.values())
        self._groups = groups
        self.by_leader: dict[str, dict[str, None]] = {}
        self.renames: list[Rename] = []

    def add(self, service: str, name: str) -> bool:
        """Ask for ``name``, as it is dialled; tell whether it leads to ``service`` from now on."""
        made = service_name(name)
        if made in self._taken:
            return made in self.by_leader.get(self._groups.leaders[service], {})
        self._taken.add(made)
        self.by_leader.setdefault(self._groups.leaders[service], {})[made] = None
        if made != name.lower():
            self.renames.append(Rename(service=service, old=name, new=made))
        return True

    def add_first_label(self, service: str, name: str) -> bool:
        """Ask for the first label of ``name``, which is to be dialled in its place."""
        first = name.partition(".")[0]
        if not first or not self.add(service, first):
            return False
        self.renames.append(Rename(service=service, old=name, new=service_name(first)))
        return True


def _is_of_the_stack(name: str) -> bool:
    """Tell whether a name with dots is one that no domain of the world can have."""
    last = name.rpartition(".")[2].lower()
    if last.startswith("xn--"):
        return False  # A domain in letters of another script.
    return "." in name and ("-" in last or "_" in last or last in _PRIVATE)


_PRIVATE = frozenset({"local", "internal", "docker", "lan", "test", "localdomain"})
"""Last labels of names that are never registered. Source: RFC 2606, RFC 6762, appendix G."""


def further_names(
    views: ReadOnly[str, ServiceView],
    translated: ReadOnly[str, TranslatedService],
    *,
    dns_names: ReadOnly[str, str],
    groups: Groups,
    dialled: Dialled,
    notes: Notes,
) -> FurtherNames:
    """Return the names beside that of each service, which its pod answers to as well."""
    wanted = _Wanted(dns_names, groups)
    for name, view in views.items():
        if groups.leaders[name] != name:
            leader = wanted.by_leader.setdefault(groups.leaders[name], {})
            leader[dns_names[name]] = None
        for link in notes.take(names.links(view)):
            if link.to in views and link.alias not in views:
                wanted.add(link.to, link.alias)
        for alias in translated[name].aliases if name in translated else ():
            wanted.add(name, alias)
    for name, view in views.items():
        _of_container(view, dialled, wanted, notes)
        for further in (_hostname(view), _made_up(view)):
            if further and further != name and _is_dialled(dialled, further, name):
                wanted.add(name, further)
    return FurtherNames(
        by_leader={leader: tuple(found) for leader, found in wanted.by_leader.items()},
        renames=tuple(wanted.renames),
    )


def _of_container(view: ServiceView, dialled: Dialled, wanted: _Wanted, notes: Notes) -> None:
    node = view.get("container_name")
    given = text(node) if node is not None else ""
    is_used = given not in {"", view.name} and _is_dialled(dialled, given, view.name)
    leads_here = is_used and "." not in given and wanted.add(view.name, given)
    if is_used and _is_of_the_stack(given):
        leads_here = wanted.add_first_label(view.name, given)
    notes.add(names.container_name(view, is_dialled=is_used, has_service=leads_here))


def _is_dialled(dialled: Dialled, name: str, service: str) -> bool:
    """Tell whether another service speaks of ``name``, or ``service`` itself dials it."""
    by_itself = dialled.by_itself(name, service=service)
    return by_itself is not None or dialled.by_others(name, than=service)


def _hostname(view: ServiceView) -> str | None:
    """Return the service's hostname; of a whole domain name only the first word is a Service's."""
    node = view.get("hostname")
    return (text(node).partition(".")[0] or None) if node is not None else None
