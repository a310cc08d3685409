"""``releases`` of mooring.yaml, as it is written there."""

import os
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose import suggest
from mooring.compose.nodes import Mapping, Node
from mooring.settings.checking import InvalidSettingsValue, Reading
from mooring.settings.releases import NeedsCycle, Release, in_order
from mooring.sources import Position


class WrittenRelease(msgspec.Struct, frozen=True):
    """One release as the file says it."""

    path: str = ""
    needs: tuple[str, ...] = ()
    namespace: str | None = None
    environment: dict[str, str] = {}
    environments: tuple[str, ...] = ()


def releases(
    root: Node, written: ReadOnly[str, WrittenRelease], reading: Reading, directory: str
) -> tuple[Release, ...]:
    """Return the releases of the file; relative paths in it begin at ``directory``."""
    own = [name for name, one in written.items() if not one.path]
    for name in own[1:]:
        reading.add(
            InvalidSettingsValue,
            ("releases", name),
            f"has no path, as {own[0]}: both would be the objects of this stack",
            reading.names.get(("releases", name)),
            "add path: with the folder of its manifests",
        )
    for name, one in written.items():
        for index, needed in enumerate(one.needs):
            if needed not in written:
                reading.add(
                    InvalidSettingsValue,
                    ("releases", name, "needs", index),
                    f'there is no release "{needed}"',
                    _position(root, name) or reading.names.get(("releases", name)),
                    suggest.did_you_mean(needed, written) or "list it below releases",
                )
    found = tuple(
        Release(
            name=name,
            path=os.path.join(directory, one.path) if one.path else "",
            needs=one.needs,
            namespace=one.namespace,
            environment=one.environment,
            environments=one.environments,
        )
        for name, one in written.items()
    )
    try:
        return in_order(found)
    except NeedsCycle as cycle:
        reading.add(
            InvalidSettingsValue,
            ("releases", cycle.path[0], "needs"),
            f"releases need one another in a circle: {cycle}",
            _position(root, cycle.path[0]),
            "take one of them out of the needs of another",
        )
        return ()


def _position(root: Node, name: str) -> Position | None:
    """Return where the needs of the release ``name`` stand."""
    below = root.get("releases") if isinstance(root, Mapping) else None
    one = below.get(name) if isinstance(below, Mapping) else None
    found = one.get("needs") if isinstance(one, Mapping) else None
    return found.position if found is not None else None
