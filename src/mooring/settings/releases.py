"""
The deployments of which a stack consists beside its own objects, and what each needs.

Infrastructure, monitoring and applications live at different paces and often in several
environments at once.  Each is a release of its own, with an inventory, a lease and a history of its
own, so that none deletes what belongs to another, and what environments share is there once.
"""

from collections.abc import Iterable

import msgspec


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """
    One release: ``path`` is its folder, empty for the objects that the stack itself is made into.

    ``needs`` are the releases that have to be up before it, ``namespace`` is where those of its
    objects go that name none.  ``environment`` tells in which environment of its own it is, by
    that of the stack (`choices.EVERYWHERE` stands for all others): one that several share is
    deployed once.  It is part of ``environments`` alone; empty: of all.
    """

    name: str
    path: str = ""
    needs: tuple[str, ...] = ()
    namespace: str | None = None
    environment: dict[str, str] = {}
    environments: tuple[str, ...] = ()

    def is_in(self, environment: str) -> bool:
        """Tell whether it is part of ``environment``."""
        return not self.environments or environment in self.environments

    def own_environment(self, environment: str) -> str:
        """Return how its environment is called where the stack is in ``environment``."""
        return self.environment.get(environment, self.environment.get(_EVERYWHERE, environment))


_EVERYWHERE = "*"
"""`choices.EVERYWHERE`, without loading all that can be chosen."""


class NeedsCycle(Exception):
    """Releases need one another in a circle, named in ``path``."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__(" -> ".join(path))
        self.path = path


def in_order(releases: Iterable[Release]) -> tuple[Release, ...]:
    """
    Return ``releases`` so that each stands behind those that it needs, otherwise as they stood.

    Raises:
        NeedsCycle: there is no such order.
    """
    import graphlib

    known = {one.name: one for one in releases}
    sorter: graphlib.TopologicalSorter[str] = graphlib.TopologicalSorter()
    for one in known.values():
        sorter.add(one.name, *(name for name in one.needs if name in known))
    try:
        sorter.prepare()
    except graphlib.CycleError as error:
        # graphlib names who is needed before who needs it.
        raise NeedsCycle(tuple(reversed(error.args[1]))) from error
    places = {name: place for place, name in enumerate(known)}
    found: list[Release] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=places.__getitem__)
        found.extend(known[name] for name in ready)
        sorter.done(*ready)
    return tuple(found)
