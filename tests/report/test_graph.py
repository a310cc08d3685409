"""Who needs whom, as text and as a picture."""

import re
from xml.etree import ElementTree

import pytest

from mooring.report import graph_svg
from mooring.report.graph import Edge, Graph, Node, lines
from mooring.report.palette import PLAIN

GRAPH = Graph(
    nodes=(
        Node(name="web", kind="Deployment", replicas=2, hosts=("a.example",)),
        Node(name="api", kind="Deployment", replicas=1),
        Node(name="db", kind="StatefulSet", replicas=1),
        Node(name="seed", kind="Job"),
        Node(name="mail", kind="outside of the cluster"),
        Node(name="alone", kind="DaemonSet"),
    ),
    edges=(
        Edge(source="web", target="api", ports=(8000, 8001), dials=True, waits="service_started"),
        Edge(source="api", target="db", ports=(5432,), dials=True, waits="service_healthy"),
        Edge(source="api", target="seed", waits="service_completed_successfully"),
        Edge(source="api", target="mail", dials=True),
        Edge(source="seed", target="db", ports=(5432,), dials=True),
    ),
)


def test_the_text() -> None:
    assert list(lines(GRAPH, PLAIN)) == [
        "  web   api:8000,8001; waits for api",
        "  api   db:5432, mail; waits for db (healthy), seed (done)",
        "  seed  db:5432",
        "  need nobody: db, mail",
        "  stand alone, as far as the files tell: alone",
    ]


def test_without_needs_there_is_nothing_to_say() -> None:
    assert list(lines(Graph(nodes=GRAPH.nodes, edges=()), PLAIN)) == []


def _texts(picture: str) -> list[str]:
    root = ElementTree.fromstring(picture)
    return [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_picture_names_all() -> None:
    texts = _texts(graph_svg.svg(GRAPH, title="shop in production"))
    assert texts[0] == "shop in production"
    assert {"web", "api", "db", "seed", "mail", "alone"} <= set(texts)
    assert "Deployment × 2 · a.example" in texts
    assert "8000, 8001" in texts


def test_the_picture_is_the_same_again() -> None:
    assert graph_svg.svg(GRAPH, title="shop") == graph_svg.svg(GRAPH, title="shop")


def test_the_picture_runs_nothing_and_loads_nothing() -> None:
    picture = graph_svg.svg(GRAPH, title="shop")
    assert not re.search(r"<script|<image|<foreignObject|href|@import|url\(http|\son\w+=", picture)


@pytest.mark.parametrize("name", ['<script>alert("x")</script>', "a&b", "]]>"])
def test_a_name_is_only_a_name(name: str) -> None:
    graph = Graph(nodes=(Node(name=name, kind="Job"),), edges=())
    (title, shown, *_) = _texts(graph_svg.svg(graph, title=name))
    assert title == name
    assert shown.rstrip("…") in name


def test_long_names_stay_in_their_boxes() -> None:
    long = "a-service-with-a-name-that-nobody-can-remember-at-all"
    edges = (Edge(source=long, target="db", dials=True),)
    graph = Graph(nodes=(Node(name=long, kind="Job"), Node(name="db", kind="Job")), edges=edges)
    shown = _texts(graph_svg.svg(graph, title="shop"))[1]
    assert shown.endswith("…")
    assert len(shown) < len(long)


def test_an_empty_stack_is_a_picture_too() -> None:
    assert _texts(graph_svg.svg(Graph(nodes=(), edges=()), title="shop"))[0] == "shop"
