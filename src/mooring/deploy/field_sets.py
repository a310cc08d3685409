"""
Which fields of a live object a manager owns, as server-side apply records it.

A field set is a tree: ``f:name`` is a field, ``k:{...}`` an item of a list by its keys, ``v:...`` a
member of a set of values, ``.`` the thing itself.

Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from mooring.semantics import fields
from mooring.semantics.fields import Manifest

FieldSet = Mapping[str, Any]


def owned_by(live: Manifest, manager: str) -> FieldSet | None:
    """Return the fields of ``live`` that ``manager`` applied; None: it never applied it."""
    for _, entry in fields.mappings(fields.at(live, "metadata", "managedFields")):
        if (
            entry.get("manager") == manager
            and entry.get("operation") == "Apply"
            and not entry.get("subresource")
        ):
            return fields.mapping(entry.get("fieldsV1"))
    return None


def others(live: Manifest, manager: str) -> dict[str, FieldSet]:
    """Return the fields that other managers hold, by the manager's name."""
    found: dict[str, FieldSet] = {}
    for _, entry in fields.mappings(fields.at(live, "metadata", "managedFields")):
        name = fields.text(entry.get("manager")) or "?"
        if name != manager and not entry.get("subresource"):
            found[name] = fields.mapping(entry.get("fieldsV1"))
    return found


def below(found: FieldSet, field: str) -> FieldSet:
    """Return the set below the field ``field``."""
    return fields.mapping(found.get(f"f:{field}"))


def list_keys(found: FieldSet) -> tuple[str, ...] | None:
    """Return the keys by which items of a list are told apart; None: the set names no items."""
    for name in found:
        if name.startswith("k:"):
            return tuple(msgspec.json.decode(name[2:]))
    return None


def leaves(found: FieldSet, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the path of each leaf, with its steps as they stand in the set, and True."""
    inner = [name for name in found if name != "."]
    if not inner:
        yield path, True
    for name in inner:
        yield from leaves(fields.mapping(found[name]), (*path, name))


def holds(found: FieldSet, path: tuple[str, ...]) -> bool:
    """Tell whether the set has ``path`` (its steps as they stand in sets), or all above it."""
    for step in path:
        if not found:
            return True  # A whole value is owned as one.
        if step not in found:
            return False
        found = fields.mapping(found[step])
    return True


def holder(found: Mapping[str, FieldSet], path: tuple[str, ...]) -> str:
    """Return who else holds ``path``; empty where nobody is known to."""
    return next((name for name, one in sorted(found.items()) if one and holds(one, path)), "")
