"""
In what one environment differs from another, in a few lines.

    production against dev
      only there    NetworkPolicy (9), PodDisruptionBudget (3)
      not there     mail
      replicas      api 1 -> 3
      command       api
      environment   api (LOG_LEVEL), order_worker (SMTP_HOST, SMTP_PORT)

What the Compose files say differently is told by attribute; of variables the names, never values.
What has no part in a cluster, or follows from another difference, is not told.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from mooring.compose import nodes
from mooring.report.graph import Graph

if TYPE_CHECKING:
    from mooring.compose.project import Project

_FIRST = ("image", "build", "command", "entrypoint", "environment", "ports", "volumes")
_NOT_TOLD = frozenset({"container_name", "depends_on", "develop", "env_file", "restart"})
_NAMED = 4  # variables of a service that are named; more are counted


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """``what`` differs, and about whom."""

    what: str
    items: tuple[str, ...]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One environment: what it reads, what is there, and how many objects of each kind."""

    project: "Project"
    graph: Graph
    kinds: dict[str, int]


def differences(one: Side, other: Side) -> tuple[Difference, ...]:
    """Return in what ``one`` differs from ``other``."""
    ours = {node.name: node for node in one.graph.nodes}
    theirs = {node.name: node for node in other.graph.nodes}
    both = [name for name in ours if name in theirs]
    kinds = [
        f"{kind} ({count})" for kind, count in sorted(one.kinds.items()) if kind not in other.kinds
    ]
    found = [
        ("only there", [*(name for name in ours if name not in theirs), *kinds]),
        ("not there", [name for name in theirs if name not in ours]),
        (
            "replicas",
            [
                f"{name} {theirs[name].replicas or 1} -> {ours[name].replicas or 1}"
                for name in both
                if (theirs[name].replicas or 1) != (ours[name].replicas or 1)
            ],
        ),
        *_of_files(one.project, other.project, both),
    ]
    return tuple(Difference(what=what, items=tuple(items)) for what, items in found if items)


def _of_files(
    one: "Project", other: "Project", names: Iterable[str]
) -> Iterator[tuple[str, list[str]]]:
    changed: dict[str, list[str]] = {}
    for name in names:
        ours, theirs = one.services.get(name), other.services.get(name)
        if ours is None or theirs is None:
            continue
        for attribute in dict.fromkeys((*ours.entries, *theirs.entries)):
            if attribute.startswith("x-") or attribute in _NOT_TOLD:
                continue
            said, before = _plain(ours, attribute), _plain(theirs, attribute)
            if said == before:
                continue
            names_of = _variables(said, before) if attribute == "environment" else ""
            changed.setdefault(attribute, []).append(f"{name}{names_of}")
    for attribute in sorted(changed, key=_rank):
        yield attribute, changed[attribute]


def _plain(service: nodes.Mapping, attribute: str) -> nodes.Plain:
    node = service.get(attribute)
    return None if node is None else nodes.plain(node)


def _variables(said: nodes.Plain, before: nodes.Plain) -> str:
    ours = said if isinstance(said, Mapping) else {}
    theirs = before if isinstance(before, Mapping) else {}
    missing = object()
    changed = sorted(
        name for name in {*ours, *theirs} if ours.get(name, missing) != theirs.get(name, missing)
    )
    return f" ({', '.join(changed) if len(changed) <= _NAMED else f'{len(changed)} variables'})"


def _rank(attribute: str) -> tuple[int, str]:
    return (_FIRST.index(attribute) if attribute in _FIRST else len(_FIRST), attribute)
