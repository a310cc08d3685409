"""
What people have added by hand beside the fields that we apply.

Such a field is nobody's mistake to the server: it stays for ever, whatever is deployed.  But what
runs is then not what was deployed, and that is to be said.  Controllers and webhooks add fields of
their own; only the tools of people count here.

Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from mooring.deploy import field_sets
from mooring.deploy.comparison import FIELD_MANAGER, Change, Difference
from mooring.deploy.field_sets import FieldSet
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

_TOOLS = ("kubectl", "k9s", "lens", "dashboard", "Mozilla")
"""How the names of the managers of people's tools begin; browsers stand for web pages."""
_NOT_CONTENT = frozenset({"f:metadata", "f:status"})
_RESTARTED = "kubectl.kubernetes.io/"
"""Annotations by which kubectl itself restarts pods."""


def by_hand(live: Manifest, *, manager: str = FIELD_MANAGER) -> tuple[Difference, ...]:
    """Return the fields of ``live`` that tools of people set and ``manager`` does not own."""
    owned = field_sets.owned_by(live, manager)
    if owned is None:
        return ()
    found: list[Difference] = []
    for holder, one in sorted(field_sets.others(live, manager).items()):
        if holder.startswith(_TOOLS):
            content = {key: inner for key, inner in one.items() if key not in _NOT_CONTENT}
            found.extend(_added(content, owned, live, (), holder))
    return tuple(found)


def _added(
    theirs: FieldSet, ours: FieldSet, live: Any, path: tuple[str, ...], holder: str
) -> Iterator[Difference]:
    for name, inner in theirs.items():
        step, value = _at(live, name)
        if not step or value is None or step.startswith(_RESTARTED):
            continue
        if step == "annotations" and isinstance(value, dict):
            value = {key: one for key, one in value.items() if not key.startswith(_RESTARTED)}
            if not value:
                continue
        if name not in ours and any(key.startswith("k:") for key in inner):
            yield from _added(inner, {}, value, (*path, step), holder)
        elif name not in ours:
            yield Difference((*path, step), Change.SET, value, value, holder)
        elif ours[name]:
            yield from _added(fields.mapping(inner), ours[name], value, (*path, step), holder)


def _at(live: Any, name: str) -> tuple[str, Any]:
    """Return how a step of a field set is called in a path, and what is there; "" for no step."""
    kind, _, rest = name.partition(":")
    if kind == "f":
        return rest, live.get(rest) if isinstance(live, dict) else None
    if kind == "k":
        keys = msgspec.json.decode(rest)
        items = (one for one in fields.items(live) if isinstance(one, dict))
        found = (one for one in items if all(one.get(key) == keys[key] for key in keys))
        return f"[{', '.join(map(str, keys.values()))}]", next(found, None)
    return "", None
