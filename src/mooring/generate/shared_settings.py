"""
Settings that several containers have in common, which stand in one place.

Services that read the same env file, or merge the same mapping, have dozens of equal settings; in a
ConfigMap for each container they would be changed in one and forgotten in the next.  Settings that
the same containers have with the same values are one group, where that is worth an object: three
of them at least.  A container imports its groups and then what is its own.  No setting is in two of
them, so that it does not matter which comes first; and nobody imports what it does not have.
"""

from collections.abc import Iterable, Mapping

import msgspec

from mooring.kube.names import label, short_hash

LEAST_SETTINGS = 3


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Settings ``data`` that the ``containers``, two or more, all have; ``name`` is a label."""

    name: str
    data: dict[str, str]
    containers: tuple[str, ...]


def groups(settings: Mapping[str, Mapping[str, str]], taken: Iterable[str]) -> tuple[Group, ...]:
    """
    Return the groups among the ``settings`` of containers, in the order of their first one.

    ``taken`` are names that other objects have.
    """
    holders: dict[tuple[str, str], list[str]] = {}
    for container, own in settings.items():
        for setting in own.items():
            holders.setdefault(setting, []).append(container)
    together: dict[tuple[str, ...], dict[str, str]] = {}
    for (name, value), containers in holders.items():
        if len(containers) > 1:
            together.setdefault(tuple(containers), {})[name] = value
    used = set(taken)
    found: list[Group] = []
    for holding, data in together.items():
        if len(data) < LEAST_SETTINGS:
            continue
        group_name = _name(holding, data, used)
        used.add(group_name)
        ordered = dict(sorted(data.items()))
        found.append(Group(name=group_name, data=ordered, containers=holding))
    return tuple(found)


def _name(containers: tuple[str, ...], data: Mapping[str, str], used: set[str]) -> str:
    """
    Return what all names of the settings begin with, as DATABASE, or else who has them.

    The group alone decides it, so that it stays when others come.
    """
    beginnings = {name.partition("_")[0] for name in data}
    first, *others = containers
    whom = others[0] if len(others) == 1 else f"{len(others)}-more"
    spoken = beginnings.pop() if len(beginnings) == 1 else f"{first}-and-{whom}"
    name = label(f"{spoken}-env")
    return name if name not in used else label(f"{name}-{short_hash(' '.join(containers))}")
