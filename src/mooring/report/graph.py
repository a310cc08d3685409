"""
Who needs whom in a stack: who dials whom, and who waits for whom before it starts.

    who needs whom
      web           api:8000
      api           order_worker:9100, postgres:5432, redis:6379; waits for migrate, which ends
      nobody        postgres, redis

Services stand in the order in which a request passes them: first those that nobody else needs.
"""

from collections.abc import Iterable, Iterator

import msgspec

from mooring.report import printable
from mooring.report.layers import layout
from mooring.report.palette import Palette

_WAITS = {
    "service_started": "",
    "service_healthy": "healthy",
    "service_completed_successfully": "done",
}


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """
    A service: ``kind`` is that of its workload, with ``replicas`` where they are a number.

    ``hosts`` are those under which it is reached from outside.
    """

    name: str
    kind: str = ""
    replicas: int | None = None
    hosts: tuple[str, ...] = ()


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """
    ``source`` needs ``target``: it dials its ``ports``, it waits for it, or both.

    ``waits`` is the condition of Compose; empty where it starts without waiting.
    """

    source: str
    target: str
    ports: tuple[int, ...] = ()
    dials: bool = False
    waits: str = ""


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """The services that are there, in the order of the input, and who needs whom."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def lines(graph: Graph, palette: Palette) -> Iterator[str]:
    """Yield the graph as text, without a heading; nothing where nobody needs anybody."""
    if not graph.edges:
        return
    names = [node.name for node in graph.nodes]
    layers = layout(names, [(edge.source, edge.target) for edge in graph.edges]).places
    out: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        out.setdefault(edge.source, []).append(edge)
    width = max(len(printable.one_line(name)) for name in out) + 2
    for name in sorted(out, key=lambda name: layers[name].layer):
        dialled = [_target(edge) for edge in out[name] if edge.dials]
        awaited = [
            f"{edge.target}{f' ({_WAITS[edge.waits]})' if _WAITS.get(edge.waits) else ''}"
            for edge in out[name]
            if edge.waits
        ]
        said = ", ".join(dialled)
        if awaited:
            said += ("; waits for " if said else "waits for ") + ", ".join(awaited)
        yield f"  {printable.one_line(name):<{width}}{printable.one_line(said)}"
    needed = {edge.target for edge in graph.edges}
    last = [name for name in names if name not in out and name in needed]
    alone = [name for name in names if name not in out and name not in needed]
    if last:
        yield f"  {palette.faint('need nobody: ' + _joined(last))}"
    if alone:
        yield f"  {palette.faint('stand alone, as far as the files tell: ' + _joined(alone))}"


def _target(edge: Edge) -> str:
    if not edge.ports:
        return edge.target
    return f"{edge.target}:{','.join(map(str, edge.ports))}"


def _joined(names: Iterable[str]) -> str:
    return ", ".join(map(printable.one_line, names))
