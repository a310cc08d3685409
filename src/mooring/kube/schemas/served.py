"""
Which kinds an API server serves in which versions, and the fields of each.

The facts are those of Kubernetes' own OpenAPI documents, packed by ``scripts/pack-kinds``.
"""

import os
from functools import cache

import msgspec

_PACKED = os.path.join(os.path.dirname(__file__), "kinds.json")


class Packed(msgspec.Struct, frozen=True):
    """
    The content of the file.

    ``served`` has for each apiVersion and kind ("apps/v1 Deployment") the first and last minor
    version of those known, ``first`` to ``newest``, that serve it.  ``kinds`` names the type of
    each; ``types`` has the fields of a type with the shape of each, and those that must be there.

    A shape is ``s`` text, ``i`` whole number, ``n`` number, ``b`` truth, ``q`` quantity, ``o``
    whole number or text, ``x`` anything, ``@T`` the type T; ``[`` before it makes a list of it and
    ``{`` a mapping from texts.
    """

    first: int
    newest: int
    served: dict[str, tuple[int, int]]
    kinds: dict[str, str]
    types: dict[str, tuple[dict[str, str], tuple[str, ...]]]


@cache
def packed() -> Packed:
    """Return the content of the file, read once."""
    with open(_PACKED, "rb") as file:
        return msgspec.json.decode(file.read(), type=Packed)


def versions_of(kind: str) -> tuple[str, ...]:
    """Return the apiVersions under which ``kind`` is served in any known version, newest last."""
    found = [name.partition(" ") for name in packed().served]
    return tuple(sorted(api_version for api_version, _, name in found if name == kind))
