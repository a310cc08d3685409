"""Where services say themselves that they listen."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, rules, translation

from mooring.settings.choices import Choices, ServiceChoices


def listening(folder: Path, service: str, files: dict[str, str] | None = None) -> list[int]:
    """Return the ports of a service that is written as ``service``."""
    made = translation(folder, f"services:\n  web: {service}\n", files)
    return [one.port for one in container(made, "web").endpoints]


@pytest.mark.parametrize(
    ("command", "ports"),
    [
        pytest.param("serve --port 8000", [8000], id="an-option-and-a-word"),
        pytest.param("serve --port=8000", [8000], id="an-option-with-its-value"),
        pytest.param("gunicorn -b 0.0.0.0:8000 app", [8000], id="gunicorn"),
        pytest.param("sh -c 'migrate && gunicorn --bind :8000 app'", [8000], id="in-a-shell"),
        pytest.param("./manage.py runserver 0.0.0.0:8000", [8000], id="django"),
        pytest.param("python -m http.server 8000", [8000], id="python-s-own-server"),
        pytest.param("java -Dserver.port=8000 -jar a.jar", [8000], id="a-property"),
        pytest.param("php -S 0.0.0.0:8000", [8000], id="php"),
        pytest.param("x --listen-address=:8000 --metrics-addr :9100", [8000, 9100], id="two"),
        pytest.param("gunicorn -b 127.0.0.1:8000 app", [], id="the-loopback-is-private"),
        pytest.param("psql --port 5432", [], id="a-client"),
        pytest.param("x --db-port 5432", [], id="the-port-of-another"),
        pytest.param("x -p 5432", [], id="a-letter-that-means-anything"),
        pytest.param("x --port $PORT", [], id="a-variable"),
    ],
)
def test_what_a_command_says(tmp_path: Path, command: str, ports: list[int]) -> None:
    assert listening(tmp_path, f'{{image: "a:1", command: "{command}"}}') == ports


def test_a_command_counts_beside_what_is_declared(tmp_path: Path) -> None:
    service = '{image: "a:1", command: "x --console-address :9001", expose: [9000]}'
    assert listening(tmp_path, service) == [9000, 9001]


def test_the_command_of_the_image_counts_where_there_is_no_other(tmp_path: Path) -> None:
    files = {"Dockerfile": 'FROM a:1\nCMD ["serve", "--port", "8000"]\n'}
    assert listening(tmp_path, "{build: .}", files) == [8000]
    assert listening(tmp_path, "{build: ., command: other}", files) == []


@pytest.mark.parametrize(
    ("service", "ports"),
    [
        pytest.param('{image: "a:1", environment: {PORT: 3000}}', [3000], id="a-port"),
        pytest.param(
            '{image: "a:1", environment: {ASPNETCORE_URLS: "http://+:8000"}}', [8000], id="a-url"
        ),
        pytest.param('{image: "a:1", environment: {WEB_PORT: 3000}}', [3000], id="its-own-name"),
        pytest.param('{image: "a:1", environment: {DB_PORT: 5432}}', [], id="that-of-another"),
        pytest.param(
            '{image: "a:1", environment: {PORT: 3000}, expose: [80]}', [80], id="declared-ports-win"
        ),
        pytest.param(
            '{image: "a:1", environment: {BIND_ADDR: "127.0.0.1:3000"}}', [], id="the-loopback"
        ),
    ],
)
def test_settings_count_where_nothing_else_is_known(
    tmp_path: Path, service: str, ports: list[int]
) -> None:
    assert listening(tmp_path, service) == ports


def test_an_environment_of_the_image_counts_too(tmp_path: Path) -> None:
    files = {"Dockerfile": "FROM a:1\nENV FLASK_RUN_PORT=8000\n"}
    assert listening(tmp_path, "{build: .}", files) == [8000]


def test_the_command_moves_the_port_of_a_known_image(tmp_path: Path) -> None:
    made = translation(tmp_path, 'services: {db: {image: "mongo:8", command: "--port 27018"}}')
    (endpoint,) = container(made, "db").endpoints
    assert (endpoint.port, endpoint.name) == (27018, "mongodb")


@pytest.mark.parametrize(
    ("service", "disagrees"),
    [
        pytest.param(
            '{image: "mongo:8", command: "--port 27018", ports: ["27018:27017"]}', True, id="moved"
        ),
        pytest.param(
            '{image: "a:1", command: "x --port 81", ports: ["80:80"]}', True, id="unknown"
        ),
        pytest.param(
            '{image: "a:1", command: "x --port 80", ports: ["81:80"]}', False, id="agreed"
        ),
        pytest.param(
            '{image: "a:1", command: "x --port 81", ports: ["9229:9229"]}', False, id="a-debugger"
        ),
        pytest.param(
            '{image: "a:1", command: "x --metrics-port 81", ports: ["80:80"]}', False, id="a-side"
        ),
    ],
)
def test_what_is_published_and_never_answered(
    tmp_path: Path, service: str, disagrees: bool
) -> None:
    made = translation(tmp_path, f"services:\n  web: {service}\n")
    assert ("ports-disagree" in rules(made)) is disagrees


def test_what_is_settled_is_all_that_there_is(tmp_path: Path) -> None:
    compose = """
    services:
      web: {image: "redis:7", ports: ["80:80"], command: "x --port 81"}
      peer: {image: "b:1", environment: {A: "web:9090"}}
    """
    choices = Choices(services={"web": ServiceChoices(ports=("80", "53/udp"))})
    made = translation(tmp_path, compose, choices=choices)
    ports = [(one.port, one.protocol.value) for one in container(made, "web").endpoints]
    assert ports == [(80, "tcp"), (53, "udp")]
    assert "listens on 80, 53/udp alone, without 81" in decided(made, "ports")["services.web"]


def test_a_task_listens_nowhere(tmp_path: Path) -> None:
    service = '{image: "a:1", command: "migrate --port 5000", restart: "no"}'
    made = translation(tmp_path, f"services:\n  migrate: {service}\n")
    assert container(made, "migrate").endpoints == ()
