"""
Which definitions of several projects are one thing, and what each is called among them.

Docker knows networks and volumes by their real names: what one project makes as ``shop_net`` and
another calls external under that name is one network.  Configs and secrets are files, so those
that projects define under one name with the same source are one as well.  Everything else stays
apart, though it has the same key: each project has its ``default`` network and its ``data``
volume.

Source: Compose Specification, "external", "name"; Docker Compose, which takes an existing network
or volume of the right name for its own and warns of it.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose.nodes import Mapping, Scalar, plain

Place = tuple[str, str]
"""A project, and the key of a definition in it."""

KINDS = ("networks", "volumes", "configs", "secrets", "models")


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a definition is called among several projects.

    ``key`` is unique.  ``same_as`` is the key of the definition that this one only repeats, and
    the place of that one; None where it stands for itself.
    """

    key: str
    same_as: tuple[str, Place] | None = None

    @property
    def meant(self) -> str:
        """The key of the definition that counts."""
        return self.key if self.same_as is None else self.same_as[0]


def called(
    kind: str,
    definitions: ReadOnly[Place, Mapping],
    variables: ReadOnly[str, ReadOnly[str, str]],
) -> dict[Place, Called]:
    """
    Return what each of ``definitions`` is called, in their order.

    ``variables`` are what each project sees, by its name: a file may be taken from one.  A key that
    means several things is put behind the name of its project: ``backend-data``.
    """
    groups: dict[object, list[Place]] = {}
    identities = _identities(kind, definitions, variables)
    for place in definitions:
        groups.setdefault(identities[place], []).append(place)
    owners = {
        identity: next((one for one in places if not is_external(definitions[one])), places[0])
        for identity, places in groups.items()
    }
    keys = distinct(owners.values())
    found: dict[Place, Called] = {}
    for place in definitions:
        owner = owners[identities[place]]
        if place == owner:
            found[place] = Called(key=keys[owner])
        else:
            project, key = place
            found[place] = Called(key=f"{key} ({project})", same_as=(keys[owner], owner))
    return found


def distinct(places: Iterable[Place]) -> dict[Place, str]:
    """Return a name of its own for each of ``places``: its key, where no other has that."""
    listed = list(places)
    users: dict[str, int] = {}
    for _, key in listed:
        users[key] = users.get(key, 0) + 1
    taken = {key for key, count in users.items() if count == 1}
    found: dict[Place, str] = {}
    for project, key in listed:
        name = key
        if users[key] > 1:
            name = next(one for one in _candidates(f"{project}-{key}") if one not in taken)
            taken.add(name)
        found[project, key] = name
    return found


def _candidates(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def is_external(definition: Mapping) -> bool:
    """Tell whether ``definition``, of the typed model, says that somebody else makes the thing."""
    external = definition.get("external")
    return isinstance(external, Scalar) and external.value is True


def _identities(
    kind: str,
    definitions: ReadOnly[Place, Mapping],
    variables: ReadOnly[str, ReadOnly[str, str]],
) -> dict[Place, object]:
    if kind in ("networks", "volumes"):
        return {place: real_name(place[1], one) for place, one in definitions.items()}
    found: dict[Place, object] = {}
    made: dict[str, object] = {}
    for place, definition in definitions.items():
        if not is_external(definition):
            source = _source(kind, definition, variables[place[0]])
            found[place] = identity = (place[1], source)
            made.setdefault(real_name(place[1], definition), identity)
    for place, definition in definitions.items():
        if place not in found:
            name = real_name(place[1], definition)
            found[place] = made.get(name, name)
    return found


def real_name(key: str, definition: Mapping) -> str:
    """Return the name of the thing itself, which the typed model always has beside its key."""
    name = definition.get("name")
    return str(name.value) if isinstance(name, Scalar) else key


def _source(kind: str, definition: Mapping, variables: ReadOnly[str, str]) -> str:
    """Return what a definition is made from, whatever it is called."""
    said = plain(definition)
    assert isinstance(said, dict)
    if kind != "models":
        said.pop("name", None)
        if "environment" in said:
            said["content"] = variables.get(str(said["environment"]))
    return repr(sorted(said.items()))
