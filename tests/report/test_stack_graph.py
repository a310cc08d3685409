"""The graph and the differences of real translations."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.report import explanation, overview
from mooring.report.explanation import Explanation

COMPOSE = """
name: shop
services:
  web:
    image: app:1
    environment: {API: "http://api:8000", LOG: info, OTHER: a}
    labels: {traefik.http.routers.web.rule: Host(`shop.example.com`),
             traefik.http.services.web.loadbalancer.server.port: "80"}
  api:
    image: app:1
    expose: ["8000"]
    env_file: shared.env
    depends_on:
      db: {condition: service_healthy}
      seed: {condition: service_completed_successfully}
  db: {image: "postgres:17", env_file: shared.env}
  seed: {image: "app:1", command: [seed, --host, db]}
"""
DEV = """
services:
  web: {command: watch, environment: {LOG: debug}, ports: ["80:80"], restart: always}
  mail: {image: "axllent/mailpit:v1.20"}
"""


@pytest.fixture
def explained(tmp_path: Path) -> Explanation:
    """Production of a small stack, with what it is against the other environments."""
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "compose.dev.yaml").write_text(DEV)
    (tmp_path / "shared.env").write_text("DATABASE_URL=postgres://db/shop\nAPI=http://api:8000\n")
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)))
    return explanation.explain_last(pipeline.stack(request).environments)


def test_who_needs_whom(explained: Explanation) -> None:
    edges = {(one.source, one.target): one for one in explained.graph.edges}
    assert edges["web", "api"].ports == (8000,)
    assert edges["api", "db"].ports == (5432,)
    assert edges["api", "db"].waits == "service_healthy"
    assert not edges["api", "seed"].dials
    assert edges["seed", "db"].dials


def test_a_database_dials_nobody_because_it_reads_a_shared_file(explained: Explanation) -> None:
    assert [one for one in explained.graph.edges if one.source == "db"] == []


def test_what_each_service_becomes(explained: Explanation) -> None:
    nodes = {one.name: one for one in explained.graph.nodes}
    assert (nodes["web"].kind, nodes["web"].hosts) == ("Deployment", ("shop.example.com",))
    assert nodes["db"].kind == "StatefulSet"
    assert nodes["seed"].kind == "Job"


def test_in_what_production_differs_from_development(explained: Explanation) -> None:
    dev, staging = explained.others
    differences = {one.what: one.items for one in dev.differences}
    assert differences["not there"] == ("mail",)
    assert differences["command"] == ("web",)
    assert differences["environment"] == ("web (LOG)",)
    assert differences["ports"] == ("web",)
    assert "restart" not in differences
    assert any(item.startswith("NetworkPolicy (") for item in differences["only there"])
    assert staging.differences == ()


def test_the_overview_tells_of_all_environments(explained: Explanation) -> None:
    text = overview.text(explained)
    assert "\nwho needs whom\n  web   api:8000\n" in text
    assert "\nenvironments\n  dev           " in text
    assert "\nproduction against dev\n" in text
    assert "\nproduction against staging\n" not in text
