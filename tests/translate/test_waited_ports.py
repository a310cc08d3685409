"""On which port a peer is waited for: the one that whoever waits dials, or that clients use."""

from pathlib import Path

import pytest
from tests.translate.whole import part, translation

WAITING = """
services:
  api:
    image: example/api:1
    depends_on: {peer: {condition: service_healthy}}
    environment: %s
  peer:
    image: %s
    ports: %s
    %s
"""
CHECK = "healthcheck: {test: [CMD, /healthy]}"
MINIO = ("minio/minio:RELEASE.2025-04-22T22-12-26Z", "['9001:9001', '9000:9000']")
KAFKA = ("apache/kafka:4.0.0", "['9093:9093', '29092:29092', '9092:9092']")
OWN = ("example/own:1", "['8081:8081', '8080:8080']")
LISTENERS = (
    'environment: {KAFKA_LISTENERS: "PLAINTEXT://:9092,CONTROLLER://:9093,OUTSIDE://:29092"}\n    '
)


@pytest.mark.parametrize(
    ("dials", "peer", "further", "port"),
    [
        pytest.param(
            "{A: b}", MINIO, "command: server /data", 9000, id="the-store-not-its-console"
        ),
        pytest.param("{A: b}", KAFKA, LISTENERS, 9092, id="the-broker-not-its-controller"),
        pytest.param(
            '{KAFKA_BROKERS: "peer:29092"}', KAFKA, LISTENERS, 29092, id="the-port-that-is-dialled"
        ),
        pytest.param(
            '{PEER_URL: "http://peer:8080", STATS_URL: "http://peer:8081"}',
            OWN,
            "",
            8080,
            id="of-two-that-are-dialled-the-first-that-is-named",
        ),
        pytest.param(
            '{CONSOLE_URL: "http://peer:9001", S3_ENDPOINT: "http://peer:9000"}',
            MINIO,
            "command: server /data",
            9000,
            id="of-two-that-are-dialled-the-usual-one",
        ),
        pytest.param(
            '{CONSOLE_URL: "http://peer:9001"}',
            MINIO,
            "command: server /data --console-address :9001",
            9001,
            id="whoever-needs-the-console-waits-for-it",
        ),
        pytest.param("{A: b}", OWN, "", None, id="nothing-tells"),
    ],
)
def test_the_port_on_which_a_peer_is_asked(
    tmp_path: Path, dials: str, peer: tuple[str, str], further: str, port: int | None
) -> None:
    made = translation(tmp_path, WAITING % (dials, *peer, further + "\n    " + CHECK))
    (dependency,) = part(made, "api").dependencies
    assert dependency.port == port


def test_who_only_has_it_started_asks_nothing(tmp_path: Path) -> None:
    compose = """
    services:
      api: {image: "example/api:1", depends_on: [peer]}
      peer: {image: "minio/minio:RELEASE.2025-04-22T22-12-26Z"}
    """
    made = translation(tmp_path, compose)
    assert [one.port for one in part(made, "api").dependencies] == [None]
