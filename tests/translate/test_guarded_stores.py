"""Data stores, and who has to reach them."""

from pathlib import Path

import pytest
from tests.acceptance.test_networks import wrong_edges
from tests.translate.whole import decided, part, translation

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.kube import manifest
from mooring.semantics.endpoints import INTERNET
from mooring.semantics.objects import ManifestSet
from mooring.semantics.reachability import Network
from mooring.settings.choices import Choices, ServiceChoices

DB = "db: {image: 'postgres:16'}"
API = "api: {image: 'example.com/api:1', environment: {DATABASE_URL: 'postgres://u:p@db/x'}}"


def reached_by(folder: Path, *services: str, chosen: tuple[str, ...] | None = None) -> object:
    choices = Choices(services={"db": ServiceChoices(reached_by=chosen)} if chosen else {})
    made = translation(folder, f"services: {{{', '.join(services)}}}", choices=choices)
    assert ("services.db" in decided(made, "reach")) is (
        chosen is None and part(made, "db").reached_by is not None
    )
    found = part(made, "db").reached_by
    return None if found is None else sorted(found)


@pytest.mark.parametrize(
    ("other", "may"),
    [
        pytest.param("web: {image: 'example.com/w:1', environment: {API: 'http://api:1'}}", False,
                     id="who-dials-another"),
        pytest.param("web: {image: 'example.com/w:1', depends_on: [api]}", False,
                     id="who-waits-for-another"),
        pytest.param("web: {image: 'example.com/w:1', depends_on: [db]}", True,
                     id="who-waits-for-it"),
        pytest.param("web: {image: 'example.com/w:1', links: ['db:store'], depends_on: [api]}",
                     True, id="who-is-linked-to-it"),
        pytest.param("web: {image: 'example.com/w:1', command: [--db, db, --api, api]}", True,
                     id="whose-command-names-it"),
        pytest.param("web: {image: 'example.com/w:1'}", True, id="of-whom-nobody-knows"),
        pytest.param("web: {image: 'nginx:1.27'}", False, id="a-proxy-dials-what-it-is-told"),
        pytest.param("web: {image: 'redis:7'}", False, id="another-store"),
        pytest.param("web: {image: 'adminer:4', depends_on: [api]}", True,
                     id="a-tool-is-told-by-its-user"),
        pytest.param("web: {image: 'grafana/grafana:11.0.0', depends_on: [api]}", True,
                     id="an-application-is-told-by-its-user"),
        pytest.param(
            "web: {image: 'example.com/w:1', depends_on: [api], environment: {DB_URL: ''}}", True,
            id="an-address-that-is-still-open"),
        pytest.param(
            "web: {image: 'example.com/w:1', depends_on: [api], environment: {COLOUR: ''}}", False,
            id="another-value-that-is-open"),
    ],
)  # fmt: skip
def test_who_may_reach_a_store(tmp_path: Path, other: str, may: bool) -> None:
    found = reached_by(tmp_path, DB, API, other)
    # Where all may, nothing is narrowed.
    assert found == (None if may else ["api"])


@pytest.mark.parametrize(
    ("services", "chosen", "expected"),
    [
        pytest.param((DB,), None, None, id="alone"),
        pytest.param((DB, "web: {image: 'nginx:1.27'}"), None, None, id="nobody-uses-it"),
        pytest.param((DB, API, "web: {image: 'nginx:1.27'}"), ("*",), None, id="open-to-all"),
        pytest.param((DB, API, "web: {image: 'nginx:1.27'}"), ("web",), ["web"], id="as-settled"),
        pytest.param(
            ("db: {image: 'example.com/db:1'}", API, "web: {image: 'nginx:1.27'}"), None, None,
            id="what-is-not-known-as-a-store",
        ),
        pytest.param(
            ("db: {image: 'minio/minio:latest'}", API, "web: {image: 'nginx:1.27'}"), None, None,
            id="an-object-store-is-for-browsers-too",
        ),
    ],
)  # fmt: skip
def test_what_is_narrowed(
    tmp_path: Path, services: tuple[str, ...], chosen: tuple[str, ...] | None, expected: object
) -> None:
    assert reached_by(tmp_path, *services, chosen=chosen) == expected


@pytest.mark.parametrize(
    ("service", "stays_inside"),
    [
        pytest.param("{image: 'postgres:16'}", True, id="it-only-answers"),
        pytest.param("{image: 'postgres:16', environment: {BACKUP: 'https://s3.example.com/x'}}",
                     False, id="it-is-given-an-address-outside"),
        pytest.param("{image: 'prom/prometheus:v2.53.0'}", False, id="it-fetches"),
    ],
)  # fmt: skip
def test_the_way_out(tmp_path: Path, service: str, stays_inside: bool) -> None:
    compose = f"services: {{db: {service}, {API}, web: {{image: 'nginx:1.27'}}}}"
    assert part(translation(tmp_path, compose), "db").stays_inside is stays_inside


STACK = f"""
name: shop
services:
  {DB}
  {API}
  web: {{image: "nginx:1.27", ports: ["80:80"], depends_on: [api]}}
  worker: {{image: "example.com/w:1", depends_on: [db], networks: [default, back]}}
  far: {{image: "example.com/f:1", depends_on: [api], networks: [back]}}
networks: {{back: {{}}}}
"""


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_the_policies_say_the_same(tmp_path: Path, environment: str) -> None:
    (tmp_path / "compose.yaml").write_text(STACK)
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)), only=environment)
    (result,) = pipeline.stack(request).environments
    assert wrong_edges(result) == []
    network = Network(ManifestSet(map(manifest.manifest, result.objects)))
    pods = {one.labels["app.kubernetes.io/name"]: one for one in network.endpoints}
    reaching = {name for name in pods if network.verdict(pods[name], pods["db"], 5432).allowed}
    assert reaching == {"api", "worker", "db"}
    # Replicas of a store talk among themselves on ports that nobody else knows of.
    assert network.verdict(pods["db"], pods["db"], 7000).allowed
    assert not network.verdict(pods["api"], pods["db"], 7000).allowed
    assert not network.verdict(pods["db"], INTERNET, 443).allowed
    assert network.verdict(pods["api"], INTERNET, 443).allowed
