"""
Who dials whom in a stack, as far as its texts tell.

An address that a service is given is one that it dials, with an exception: an env file that many
services read holds the addresses of all of them, and a database that reads it dials nobody.
"""

from collections.abc import Collection, Iterable
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.images.facts import Role
from mooring.translate.discovery.said import Place, Said
from mooring.translate.view import ServiceView

_DIALLED = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})


class Dial(msgspec.Struct, frozen=True, order=True, gc=False):
    """``service`` dials ``other`` (names in the input) on ``port``; 0 where no text names one."""

    service: str
    other: str
    port: int = 0


def dials(
    said: Iterable[Said],
    names: ReadOnly[str, str],
    views: ReadOnly[str, ServiceView],
    declared: ReadOnly[str, Collection[str]],
) -> tuple[Dial, ...]:
    """
    Return who dials whom, in the order of the input.

    ``names`` has every name that leads to a service, in lower case; ``declared`` are the settings
    that each service declares itself.
    """
    found: dict[Dial, None] = {}
    for one in said:
        other = names.get(one.address.host)
        if other is None or one.place is Place.CHECK:
            continue
        for service in one.services:
            is_own = one.place is not Place.SETTING or one.name in declared.get(service, ())
            if service != other and (is_own or not _is_only_dialled(views.get(service))):
                found[Dial(service, other, one.address.dialled_port or 0)] = None
    with_port = {(dial.service, dial.other) for dial in found if dial.port}
    return tuple(dial for dial in found if dial.port or (dial.service, dial.other) not in with_port)


def _is_only_dialled(view: ServiceView | None) -> bool:
    """Tell whether a service is of a kind that waits to be dialled."""
    return view is not None and view.known is not None and view.known.family.role in _DIALLED
