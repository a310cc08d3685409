"""The names under which a proxy may find the services of a stack."""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping
from mooring.translate.reverse_proxy.config import Location
from mooring.translate.view import ServiceView, entries, field, items, text


def names_of(views: ReadOnly[str, ServiceView]) -> dict[str, str]:
    """Return the service behind each name, in lower case; a service's own name wins."""
    found: dict[str, str] = {}
    for name, view in views.items():
        for further in _further(view):
            found.setdefault(further.lower(), name)
    found.update((name.lower(), name) for name in views)
    return found


def _further(view: ServiceView) -> Iterator[str]:
    for attribute in ("container_name", "hostname"):
        node = view.get(attribute)
        if node is not None:
            yield text(node)
    for _, options in entries(view.get("networks")):
        aliases = field(options, "aliases") if isinstance(options, Mapping) else None
        yield from (text(item) for _, item in items(aliases))


def behind(location: Location, names: ReadOnly[str, str]) -> tuple[str, int] | None:
    """Return the one service, and its port, to which ``location`` passes requests on; else None."""
    targets = {(names.get(one.host), one.port) for one in location.targets}
    if len(targets) != 1:
        return None
    service, port = targets.pop()
    return (service, port) if service is not None else None
