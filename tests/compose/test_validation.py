"""Contradictions within one attribute."""

import pytest
from tests.compose.documents import model, service, shown

from mooring.compose import validation


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "volumes: {v: {external: true, driver: x}}",
            'compose.yaml:1:31: volumes.v: "driver" says how to create what is external, '
            'so it exists\n  help: remove "driver", or remove "external"',
            id="an-external-volume-is-not-described",
        ),
        pytest.param(
            "secrets: {s: {file: a, environment: B}}",
            'compose.yaml:1:24: secrets.s: "file" and "environment" exclude each other\n'
            '  help: keep "file" or "environment"',
            id="a-secret-has-one-source",
        ),
        pytest.param(
            "configs: {c: {}}",
            "compose.yaml:1:11: configs.c: nothing says what it holds\n"
            '  help: add "file", "environment" or "content", or "external: true" where it exists '
            "already",
            id="a-config-has-a-source",
        ),
    ],
)
def test_resources(text: str, message: str) -> None:
    assert shown(validation.validate(model(text))) == [message]


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        pytest.param(
            "ports: [{target: 80, host_ip: localhost}]",
            'compose.yaml:3:35: services.web.ports[0]: host_ip "localhost" is no IP address\n'
            "  help: write an address of this machine, as in 127.0.0.1; names are not allowed",
            id="an-address-is-a-number",
        ),
        pytest.param(
            "gpus: [{count: 1, device_ids: [a]}]",
            'compose.yaml:3:23: services.web.gpus[0]: "count" and "device_ids" exclude each other\n'
            "  help: keep device_ids for certain devices, or count for any",
            id="devices-are-counted-or-named",
        ),
        pytest.param(
            "develop: {watch: [{path: '', action: rebuild}]}",
            "compose.yaml:3:30: services.web.develop.watch[0]: the path to watch is empty\n"
            "  help: name a file or directory, as in path: ./src",
            id="an-empty-path-is-not-watched",
        ),
        pytest.param(
            "pid:",
            "compose.yaml:3:9: services.web.pid: has no value\n"
            '  help: write "host" or "service:NAME", or remove the line',
            id="pid-has-a-value",
        ),
    ],
)
def test_services(attributes: str, message: str) -> None:
    assert shown(validation.validate(service(attributes))) == [message]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("volumes: {v: , w: {external: true, name: n, x-a: 1}}", id="external-by-name"),
        pytest.param("volumes: {v: {external: false, driver: x}}", id="not-external"),
        pytest.param("secrets: {s: {external: true, file: a}}", id="an-external-secret-with-file"),
        pytest.param("secrets: {s: {driver: d}}", id="a-driver-has-its-own-source"),
        pytest.param("configs: {c: {content: ''}}", id="an-empty-config"),
        pytest.param("networks: {n: {external: true, driver: x}}", id="networks-are-not-judged"),
    ],
)
def test_no_contradiction(text: str) -> None:
    assert validation.validate(model(text)) == []
