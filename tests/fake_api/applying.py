"""
Who manages which field: server-side apply, and what other writes take from others.

Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
"""

from typing import Any

from tests.fake_api import field_sets
from tests.fake_api.field_sets import ABSENT, Path
from tests.fake_api.statuses import Refusal

Manifest = dict[str, Any]


def managers(item: Manifest) -> dict[tuple[str, str], set[Path]]:
    """Return the fields of each (manager, operation)."""
    found = {}
    for entry in item["metadata"].get("managedFields") or ():
        key = entry["manager"], entry["operation"]
        found[key] = field_sets.decoded(entry["fieldsV1"])
    return found


def with_managers(
    item: Manifest, owned: dict[tuple[str, str], set[Path]], api_version: str, now: str
) -> Manifest:
    """Return ``item`` with what says who manages what."""
    before = {
        (one["manager"], one["operation"]): one
        for one in item["metadata"].get("managedFields") or ()
    }
    entries = []
    for (manager, operation), paths in owned.items():
        if not paths:
            continue
        encoded = field_sets.encoded(paths)
        old = before.get((manager, operation))
        is_same = old is not None and old["fieldsV1"] == encoded
        entries.append(
            {
                "manager": manager,
                "operation": operation,
                "apiVersion": api_version,
                "time": old["time"] if is_same and old else now,
                "fieldsType": "FieldsV1",
                "fieldsV1": encoded,
            }
        )
    return {**item, "metadata": {**item["metadata"], "managedFields": entries}}


def applied(
    live: Manifest | None, wanted: Manifest, manager: str, *, force: bool, now: str
) -> Manifest:
    """
    Return ``live`` after ``manager`` applied ``wanted``.

    Raises:
        Refusal: other managers hold fields with other values.
    """
    key = manager, "Apply"
    asked = field_sets.fields(wanted)
    if live is None:
        fresh = {**wanted, "metadata": dict(wanted["metadata"])}
        return with_managers(fresh, {key: asked}, wanted["apiVersion"], now)
    owned = managers(live)
    conflicts: list[tuple[str, Path]] = []
    for (other, operation), paths in owned.items():
        if (other, operation) == key:
            continue
        for path in sorted(asked & paths):
            if path[-1] != "." and field_sets.at(live, path) != field_sets.at(wanted, path):
                conflicts.append((other, path))
                if force:
                    paths.discard(path)
    if conflicts and not force:
        raise _conflict(conflicts, wanted)
    others = set().union(*(paths for one, paths in owned.items() if one != key))
    dropped = owned.get(key, set()) - asked - others
    left = field_sets.without(live, dropped)
    result = field_sets.merged(left, wanted)
    result["metadata"] = {**left["metadata"], **result["metadata"]}
    owned[key] = asked
    return with_managers(result, owned, wanted["apiVersion"], now)


def updated(
    live: Manifest | None, item: Manifest, manager: str, now: str, *, subresource: bool = False
) -> Manifest:
    """Return ``item`` as ``manager`` wrote it: what it changed is its own, and nobody else's."""
    key = manager, "Update"
    owned = managers(live) if live is not None else {}
    after = field_sets.fields(item)
    if live is None:
        changed = after
    else:
        changed = {
            path
            for path in after
            if path[-1] != "." and field_sets.at(live, path) != field_sets.at(item, path)
        }
    for one, paths in owned.items():
        owned[one] = {
            path
            for path in paths
            if (one == key or path not in changed) and field_sets.at(item, path) is not ABSENT
        }
    mine = owned.get(key, set()) | changed
    if subresource:
        mine = {path for path in mine if path[0] == "f:status"}
    owned[key] = mine
    base = {**item, "metadata": dict(item["metadata"])}
    if live is not None:
        base["metadata"]["managedFields"] = live["metadata"].get("managedFields") or []
    return with_managers(base, owned, item["apiVersion"], now)


def _conflict(conflicts: list[tuple[str, Path]], wanted: Manifest) -> Refusal:
    causes = [
        {
            "reason": "FieldManagerConflict",
            "message": f'conflict with "{manager}"',
            "field": field_sets.shown(path),
        }
        for manager, path in conflicts
    ]
    first = causes[0]
    count = len(causes)
    told = (
        f"{first['message']}: {first['field']}"
        if count == 1
        else f"conflicts with {', '.join(sorted({one for one, _ in conflicts}))}"
    )
    return Refusal(
        409,
        "Conflict",
        f"Apply failed with {count} conflict{'s' if count > 1 else ''}: {told}",
        details={"name": wanted["metadata"]["name"], "causes": causes},
    )
