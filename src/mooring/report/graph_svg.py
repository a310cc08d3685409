"""
The graph of a stack as a picture: SVG in one file, without a script and without fonts of its own.

Requests run from left to right.  A box is a service; its colour and its second line say what it
becomes.  A solid line is dialled, with the port where there is one; a dashed one only awaited.

Source: https://www.w3.org/TR/SVG2/
"""

from collections.abc import Iterator, Sequence
from html import escape

from mooring.report.graph import Edge, Graph, Node
from mooring.report.layers import Layout, Place, layout

_BOX_HEIGHT = 44
_ROW = 33  # pixels of half a row
_GAP = 84  # between two layers
_MARGIN = 24
_BOLD, _SMALL = 8.7, 6.9  # the width of a wide character in the two lines of a box
_NARROWEST, _WIDEST = 110, 240
_HEADING = 34
_LEGEND = 46
_PER_ROW = 6  # services that stand alone, side by side

_CLASSES = {
    "StatefulSet": "state",
    "Job": "task",
    "CronJob": "task",
    "Deployment": "work",
    "DaemonSet": "work",
}
_STYLE = """\
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
fill:#1b2330}
.name{font-weight:600}.small{font-size:11px;fill:#4b5768}.title{font-size:16px;font-weight:600}
.box{stroke-width:1.5}.work{fill:#e8f0fe;stroke:#3867c8}.state{fill:#fdf1dc;stroke:#b7791f}
.task{fill:#e6f6ec;stroke:#2f855a;stroke-dasharray:5 3}.other{fill:#f1f2f4;stroke:#7a8594}
.edge{fill:none;stroke:#5b6676;stroke-width:1.3}.waits{stroke-dasharray:4 4;stroke:#8a94a3}
.arrow{fill:#5b6676}.port{font-size:10px;fill:#4b5768}.halo{stroke:#fff;stroke-width:3px;\
paint-order:stroke}.paper{fill:#fff}"""


def svg(graph: Graph, *, title: str) -> str:
    """Return the picture of ``graph``, called ``title``."""
    needed = {name for edge in graph.edges for name in (edge.source, edge.target)}
    nodes = {node.name: node for node in graph.nodes}
    drawn = [node.name for node in graph.nodes if node.name in needed]
    alone = [node.name for node in graph.nodes if node.name not in needed]
    placed = layout(drawn, [(edge.source, edge.target) for edge in graph.edges])
    columns = _columns(placed, nodes)
    width = max((columns[-1][0] + columns[-1][1] if columns else 0) + _MARGIN, 460)
    per_row = max(1, min(_PER_ROW, (width - 2 * _MARGIN) // (_WIDEST // 2 + 20)))
    rows = -(-len(alone) // per_row)
    body = _HEADING + _MARGIN
    foot = body + placed.height * _ROW + (_BOX_HEIGHT - _ROW if placed.height else 0)
    height = foot + rows * (_BOX_HEIGHT + 16) + _LEGEND + _MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        '<defs><marker id="end" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path class="arrow" d="M0 0L8 4L0 8z"/></marker></defs>',
        f'<rect class="paper" width="{width}" height="{height}"/>',
        f'<text class="title" x="{_MARGIN}" y="{_MARGIN + 8}">{escape(title)}</text>',
    ]
    drawn_edges = sorted(zip(graph.edges, placed.routes, strict=True), key=lambda one: one[0].dials)
    for edge, route in drawn_edges:
        lines += _edge(edge, route, columns, body)
    for name in drawn:
        place = placed.places[name]
        left, box = columns[place.layer]
        lines += _box(nodes[name], left, body + place.height * _ROW, box)
    box = (width - 2 * _MARGIN - (per_row - 1) * 16) // per_row
    for number, name in enumerate(alone):
        left = _MARGIN + number % per_row * (box + 16)
        lines += _box(nodes[name], left, foot + 16 + number // per_row * (_BOX_HEIGHT + 16), box)
    lines += _legend(height - _MARGIN)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _columns(placed: Layout[str], nodes: dict[str, Node]) -> list[tuple[int, int]]:
    """Return the left edge and the width of each layer's boxes."""
    columns: list[tuple[int, int]] = []
    left = _MARGIN
    for layer in range(placed.layers):
        widths = [
            _width(nodes[name]) for name, place in placed.places.items() if place.layer == layer
        ]
        width = max(widths, default=_NARROWEST)
        columns.append((left, width))
        left += width + _GAP
    return columns


def _width(node: Node) -> int:
    longest = max(len(node.name) * _BOLD, len(_second_line(node)) * _SMALL)
    return min(max(round(longest) + 24, _NARROWEST), _WIDEST)


def _second_line(node: Node) -> str:
    if node.hosts:
        more = f" and {len(node.hosts) - 1} more" if len(node.hosts) > 1 else ""
        return f"{_kind(node)} · {node.hosts[0]}{more}"
    return _kind(node)


def _kind(node: Node) -> str:
    several = f" × {node.replicas}" if node.replicas is not None and node.replicas != 1 else ""
    return f"{node.kind}{several}"


def _box(node: Node, left: int, top: int, width: int) -> Iterator[str]:
    look = _CLASSES.get(node.kind, "other")
    yield (
        f"<g><title>{escape(f'{node.name}: {_second_line(node)}')}</title>"
        f'<rect class="box {look}" x="{left}" y="{top}" width="{width}" height="{_BOX_HEIGHT}" '
        'rx="6"/>'
    )
    for style, down, said in (("name", 18, node.name), ("small", 34, _second_line(node))):
        size = _BOLD if style == "name" else _SMALL
        shown = _fitting(said, int((width - 16) / size))
        yield f'<text class="{style}" x="{left + 12}" y="{top + down}">{escape(shown)}</text>'
    yield "</g>"


def _fitting(said: str, characters: int) -> str:
    return said if len(said) <= characters else f"{said[: max(1, characters - 1)]}…"


def _edge(
    edge: Edge, route: Sequence[Place], columns: Sequence[tuple[int, int]], body: int
) -> Iterator[str]:
    if len(route) < 2:
        return
    is_back = route[0].layer > route[-1].layer
    points = _points(route[::-1] if is_back else route, columns, body)
    path = _curve(points[::-1] if is_back else points)
    look = "edge" if edge.dials else "edge waits"
    said = f"{edge.source} → {edge.target}"
    yield (
        f'<path class="{look}" marker-end="url(#end)" d="{path}"><title>{escape(said)}</title>'
        "</path>"
    )
    if edge.ports:
        x, y = points[0] if is_back else points[-1]
        shown = ", ".join(map(str, edge.ports[:2])) + ("…" if len(edge.ports) > 2 else "")
        anchor = "start" if is_back else "end"
        shift = 10 if is_back else -12
        yield (
            f'<text class="port halo" x="{x + shift}" y="{y - 4}" '
            f'text-anchor="{anchor}">{escape(shown)}</text>'
        )


def _points(
    route: Sequence[Place], columns: Sequence[tuple[int, int]], body: int
) -> list[tuple[int, int]]:
    """Return the points of an edge from left to right: out of a box, past others, into a box."""
    points: list[tuple[int, int]] = []
    for index, place in enumerate(route):
        left, width = columns[place.layer]
        y = body + place.height * _ROW + _BOX_HEIGHT // 2
        if index:
            points.append((left, y))
        if index < len(route) - 1:
            points.append((left + width, y))
    return points


def _curve(points: Sequence[tuple[int, int]]) -> str:
    """Return a path through ``points`` that leaves and enters each horizontally."""
    (x, y), *rest = points
    path = f"M{x} {y}"
    for to_x, to_y in rest:
        if to_y == y:
            path += f"H{to_x}"
        else:
            middle = (x + to_x) // 2
            path += f"C{middle} {y} {middle} {to_y} {to_x} {to_y}"
        x, y = to_x, to_y
    return path


def _legend(base: int) -> Iterator[str]:
    x = _MARGIN
    for look, said in (("work", "goes on"), ("state", "keeps state"), ("task", "runs to its end")):
        yield f'<rect class="box {look}" x="{x}" y="{base - 12}" width="18" height="12" rx="3"/>'
        yield f'<text class="small" x="{x + 24}" y="{base - 2}">{said}</text>'
        x += 40 + round(len(said) * 6)
    for look, said in (("edge", "dials (port)"), ("edge waits", "waits for")):
        yield f'<path class="{look}" marker-end="url(#end)" d="M{x} {base - 6}H{x + 28}"/>'
        yield f'<text class="small" x="{x + 34}" y="{base - 2}">{said}</text>'
        x += 50 + round(len(said) * 6)
