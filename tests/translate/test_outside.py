"""A service that an environment finds outside of the cluster, on the whole road."""

from pathlib import Path
from typing import Any

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.kube.manifest import revealed
from mooring.settings.reader import read
from mooring.translate.outside import UNKNOWN_HOST

COMPOSE = """
name: shop
services:
  web:
    image: app:1
    environment: {DATABASE_URL: "postgres://shop:s3cr3t@db:5432/shop", DB_HOST: db}
    depends_on: {db: {condition: service_healthy}}
    networks: [back]
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: postgres, POSTGRES_USER: shop}
    volumes: ["data:/var/lib/postgresql/data"]
    secrets: [token]
    networks:
      back: {aliases: [database]}
    expose: ["5432"]
volumes: {data: {}}
secrets: {token: {file: ./token}}
networks: {back: {internal: true}}
"""
EXTERNAL = "mode: {production: external}, connection: {host: db.example.com, %s}"


def _made(
    folder: Path, service: str, *, compose: str = COMPOSE
) -> dict[str, pipeline.EnvironmentResult]:
    (folder / "compose.yaml").write_text(compose)
    (folder / "token").write_text("changeme")
    settled = read(f"services: {{db: {{{service}}}}}".encode(), "mooring.yaml")
    request = pipeline.Request(load=LoadRequest(directory=str(folder)), settings=settled)
    return {one.environment.name: one for one in pipeline.stack(request).environments}


def _objects(made: pipeline.EnvironmentResult, kind: str) -> dict[str, dict[str, Any]]:
    found: list[dict[str, Any]] = [revealed(one) for one in made.objects]
    return {one["metadata"]["name"]: one for one in found if one["kind"] == kind}


def test_it_is_run_where_nobody_says_otherwise(tmp_path: Path) -> None:
    made = _made(tmp_path, EXTERNAL % "port: 6432")
    assert "db" in _objects(made["dev"], "StatefulSet")
    assert "db" in _objects(made["staging"], "StatefulSet")
    assert _objects(made["production"], "StatefulSet") == {}


def test_its_names_lead_to_the_host(tmp_path: Path) -> None:
    services = _objects(_made(tmp_path, EXTERNAL % "port: 6432")["production"], "Service")
    for name in ("db", "database"):
        assert services[name]["spec"] == {"type": "ExternalName", "externalName": "db.example.com"}


@pytest.mark.parametrize(
    ("host", "family"),
    [
        pytest.param("10.1.2.3", "IPv4", id="of-four-bytes"),
        pytest.param("fd00::7", "IPv6", id="of-sixteen"),
    ],
)
def test_an_address_answers_behind_a_service(tmp_path: Path, host: str, family: str) -> None:
    service = f'mode: external, connection: {{host: "{host}", port: 6432}}'
    production = _made(tmp_path, service)["production"]
    assert _objects(production, "Service")["db"]["spec"]["ports"] == [
        {"name": "tcp-5432", "port": 5432}
    ]
    piece = _objects(production, "EndpointSlice")["db"]
    assert piece["metadata"]["labels"]["kubernetes.io/service-name"] == "db"
    assert piece["addressType"] == family
    assert piece["endpoints"] == [{"addresses": [host]}]
    assert piece["ports"] == [{"name": "tcp-5432", "port": 6432}]


def test_its_storage_its_secrets_and_its_questions_go(tmp_path: Path) -> None:
    made = _made(tmp_path, EXTERNAL % "sslmode: require")
    subjects = {name: {q.subject for q in one.translation.questions} for name, one in made.items()}
    gone = {"services.db.environment.POSTGRES_PASSWORD", "secrets.token"}
    assert gone <= subjects["staging"]
    assert not gone & subjects["production"]
    application = made["production"].translation.application
    assert (application.storages, application.documents) == ((), ())


def test_what_a_name_cannot_say_is_written_into_addresses(tmp_path: Path) -> None:
    production = _made(tmp_path, EXTERNAL % "port: 6432, sslmode: require")["production"]
    (secret,) = _objects(production, "Secret").values()
    url = "postgres://shop:s3cr3t@db:6432/shop?sslmode=require"
    assert url in (secret.get("stringData") or secret["data"]).values()


def test_nobody_waits_for_it(tmp_path: Path) -> None:
    made = _made(tmp_path, EXTERNAL % "port: 6432")
    pods = {
        name: _objects(one, "Deployment")["web"]["spec"]["template"]["spec"]
        for name, one in made.items()
    }
    assert "initContainers" in pods["staging"]
    assert "initContainers" not in pods["production"]


def test_a_closed_network_has_a_way_to_it(tmp_path: Path) -> None:
    policies = _objects(_made(tmp_path, EXTERNAL % "port: 6432")["production"], "NetworkPolicy")
    assert policies["back-to-db"]["spec"] == {
        "podSelector": {"matchLabels": {"network.mooring.dev/back": "member"}},
        "policyTypes": ["Egress"],
        "egress": [{"ports": [{"protocol": "TCP", "port": 6432}]}],
    }


def test_an_open_network_needs_none(tmp_path: Path) -> None:
    compose = COMPOSE.replace("internal: true", "")
    made = _made(tmp_path, EXTERNAL % "port: 6432", compose=compose)
    assert "back-to-db" not in _objects(made["production"], "NetworkPolicy")


def test_the_decision_says_what_was_changed_and_how_to_undo_it(tmp_path: Path) -> None:
    production = _made(tmp_path, EXTERNAL % "sslmode: require")["production"]
    (decision,) = (one for one in production.translation.decisions if one.topic == "mode")
    assert decision.choice == (
        "is not run in production: the name db leads to db.example.com; "
        "changed for it: web.DATABASE_URL"
    )
    assert decision.overrule == "services: {db: {mode: {production: deployed}}}"
    assert all(
        one is decision or one.subject != "services.db" for one in production.translation.decisions
    )


def test_every_value_is_still_accounted_for(tmp_path: Path) -> None:
    production = _made(tmp_path, EXTERNAL % "sslmode: require")["production"]
    assert list(production.translation.unaccounted(production.project)) == []
    reasons = {
        entry.path: entry.reason
        for entry in production.translation.ledger.entries
        if entry.path in {("services", "db", "image"), ("volumes", "data")}
    }
    assert reasons == {
        ("services", "db", "image"): "the environment finds it outside of the cluster",
        ("volumes", "data"): "the service that keeps its data there does not run in the cluster",
    }


def test_without_a_host_it_is_a_question(tmp_path: Path) -> None:
    production = _made(tmp_path, "mode: external")["production"]
    asked = {one.subject: one for one in production.translation.questions}
    assert asked["services.db.connection"].answer == (
        "services: {db: {connection: {host: <host>}}}"
    )
    assert _objects(production, "Service")["db"]["spec"]["externalName"] == UNKNOWN_HOST


WATCHED = """
name: shop
services:
  web:
    image: app:1
    environment: {QUEUE_URL: "redis://queue:6379"}
    depends_on: [queue, watch]
  queue: {image: "redis:8.0.0", volumes: ["data:/data"]}
  watch:
    image: containrrr/watchtower:1.7.1
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
volumes: {data: {}}
"""


def _without(folder: Path, service: str, where: str = "production") -> pipeline.EnvironmentResult:
    (folder / "compose.yaml").write_text(WATCHED)
    settled = read(f"services: {{{service}: {{mode: {{{where}: none}}}}}}".encode(), "mooring.yaml")
    request = pipeline.Request(load=LoadRequest(directory=str(folder)), settings=settled)
    return next(
        one for one in pipeline.stack(request).environments if one.environment.name == "production"
    )


def test_what_is_left_out_is_nowhere_and_asks_nothing(tmp_path: Path) -> None:
    made = _without(tmp_path, "watch")
    assert "watch" not in {one.name for one in made.objects}
    assert not [one for one in made.translation.questions if "watch" in one.subject]
    (decision,) = [one for one in made.translation.decisions if one.subject == "services.watch"]
    assert decision.choice == "is left out of production"
    assert decision.overrule == "services: {watch: {mode: {production: deployed}}}"
    fates = {
        one.reason
        for one in made.translation.ledger.entries
        if one.path[:2] == ("services", "watch")
    }
    assert fates == {"the environment goes without it, as mooring.yaml says"}
    assert not list(made.translation.unaccounted(made.project))


def test_elsewhere_it_stays(tmp_path: Path) -> None:
    made = _without(tmp_path, "queue", where="staging")
    assert "queue" in {one.name for one in made.objects}


def test_whoever_dials_what_is_left_out_has_to_be_told_another(tmp_path: Path) -> None:
    made = _without(tmp_path, "queue")
    assert "queue" not in {one.name for one in made.objects}
    assert "data" not in {one.name for one in made.objects}
    (asked,) = [one for one in made.translation.questions if one.subject == "services.queue.mode"]
    assert asked.question == (
        "it is left out of production, and web dials it: which server takes its place?"
    )
    assert asked.answer == (
        "services: {queue: {mode: {production: external}, "
        "connection: {production: {host: <host>}}}}"
    )
