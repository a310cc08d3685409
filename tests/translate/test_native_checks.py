"""Which commands the kubelet can ask in their place, and which it cannot."""

from pathlib import Path

import pytest
from tests.translate.whole import container, translation

from mooring.app.health import GrpcCheck, HttpCheck, TcpCheck
from mooring.generate import probes
from mooring.translate.native_checks import question

OWN = frozenset({"localhost", "127.0.0.1", "web"})


def shell(script: str) -> tuple[str, ...]:
    return ("/bin/sh", "-c", script)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param(("curl", "-f", "http://localhost:8080/health"),
                     HttpCheck(port=8080, path="/health"), id="curl-that-fails-on-errors"),
        pytest.param(shell("curl -fsS http://localhost/ || exit 1"), HttpCheck(port=80),
                     id="a-shell-that-only-passes-the-status-on"),
        pytest.param(shell("curl -sf https://127.0.0.1:8443/ready > /dev/null"),
                     HttpCheck(port=8443, path="/ready", scheme="https"),
                     id="output-thrown-away"),
        pytest.param(shell("wget -q --spider http://web:3000/api/health || exit 1"),
                     HttpCheck(port=3000, path="/api/health"), id="wget-to-its-own-name"),
        pytest.param(("wget", "--no-verbose", "--tries=1", "--spider", "localhost:9000"),
                     HttpCheck(port=9000), id="wget-without-a-scheme"),
        pytest.param(shell("nc -z localhost 5432"), TcpCheck(port=5432), id="netcat"),
        pytest.param(shell("netstat -an | grep -c 8001; if [ 0 != $? ]; then exit 1; fi"),
                     TcpCheck(port=8001), id="a-listing-of-sockets"),
        pytest.param(("/bin/grpc_health_probe", "-addr=:50051"), GrpcCheck(port=50051),
                     id="the-grpc-probe"),
        pytest.param(
            shell("grpc_health_probe -addr localhost:50051 -connect-timeout=1s -service=a.B"),
            GrpcCheck(port=50051, service="a.B"),
            id="the-grpc-probe-of-one-service",
        ),
        pytest.param(("curl", "http://localhost:8080/"), TcpCheck(port=8080),
                     id="curl-that-is-content-with-an-error"),
        pytest.param(
            ("curl", "-sfk", "--max-time", "5", "-o", "/dev/null", "-X", "GET",
             "https://localhost:8443/up"),
            HttpCheck(port=8443, path="/up", scheme="https"),
            id="curl-with-options-that-change-nothing",
        ),
        pytest.param(shell("timeout 3 curl -f http://localhost/"), HttpCheck(port=80),
                     id="a-limit-of-time"),
        pytest.param(shell("wget -q -O /dev/null -T 5 --no-check-certificate https://web:1/x"),
                     HttpCheck(port=1, path="/x", scheme="https"), id="wget-with-values"),
        pytest.param(shell("nc -zv -w5 127.0.0.1 6379 || exit 1"), TcpCheck(port=6379),
                     id="netcat-with-a-limit-in-one-word"),
        pytest.param(("nc", "-z", "-w", "5", "localhost", "6379"), TcpCheck(port=6379),
                     id="netcat-with-a-limit-in-two"),
        pytest.param(
            shell("netstat -an | grep -c 8000 > /dev/null; if [ 0 != $? ]; then exit 1; "
                  "else exit 0; fi"),
            TcpCheck(port=8000), id="a-listing-whose-status-is-passed-on-in-words"),
        pytest.param(shell("netstat -tuln | grep -q ':9090' || exit 1"), TcpCheck(port=9090),
                     id="a-listing-with-a-colon"),
        pytest.param(shell("ss -ltn | grep 0.0.0.0:5000"), TcpCheck(port=5000),
                     id="the-newer-listing"),
        pytest.param(shell("netstat -ltn | awk '$4 ~ /:8080$/' | grep -q LISTEN"),
                     TcpCheck(port=8080), id="a-listing-read-by-awk"),
        pytest.param(shell("echo > /dev/tcp/localhost/5432"), TcpCheck(port=5432),
                     id="a-socket-of-the-shell"),
        pytest.param(shell("bash -c '</dev/tcp/127.0.0.1/9092' || exit 1"), TcpCheck(port=9092),
                     id="of-another-shell"),
        pytest.param(shell("(echo > /dev/tcp/web/80) >/dev/null 2>&1"), TcpCheck(port=80),
                     id="in-brackets"),
        pytest.param(("bash", "-c", "exec 3<>/dev/tcp/localhost/8080 && echo ok"),
                     TcpCheck(port=8080), id="a-socket-kept-open"),
        pytest.param(shell("timeout 2 bash -c 'cat < /dev/null > /dev/tcp/localhost/25'"),
                     TcpCheck(port=25), id="with-nothing-to-say"),
    ],
)  # fmt: skip
def test_what_the_kubelet_can_ask(
    command: tuple[str, ...], expected: HttpCheck | TcpCheck | GrpcCheck
) -> None:
    assert question(command, OWN) == expected


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(
            shell("netstat -an | grep 80 && curl -f http://localhost/"), id="two-questions"
        ),
        pytest.param(
            shell("netstat -an | grep -c 80; if [ 0 = $? ]; then exit 1; fi"), id="the-contrary"
        ),
        pytest.param(shell("echo > /dev/tcp/db/5432"), id="a-socket-of-somebody-else"),
        pytest.param(("curl", "-f", "-X", "POST", "http://localhost/"), id="another-method"),
        pytest.param(("curl", "-f", "-d", "x", "http://localhost/"), id="something-is-sent"),
        pytest.param(("nc", "-l", "localhost", "80"), id="somebody-who-listens"),
        pytest.param(("grpc_health_probe", "-addr=:1", "-tls"), id="grpc-by-tls"),
        pytest.param(("curl", "-f", "http://db:8080/"), id="a-question-to-somebody-else"),
        pytest.param(("curl", "-f", "-H", "X: y", "http://localhost/"), id="a-header"),
        pytest.param(shell("curl -f http://localhost/ | grep ok"), id="an-answer-that-is-read"),
        pytest.param(shell("curl -f http://localhost:$PORT/"), id="a-port-that-a-variable-names"),
        pytest.param(shell("pg_isready && psql -c 'select 1'"), id="a-native-program"),
        pytest.param(("redis-cli", "ping"), id="another-native-program"),
        pytest.param((), id="nothing"),
    ],
)
def test_what_stays_a_command(command: tuple[str, ...]) -> None:
    assert question(command, OWN) is None


STACK = """
services:
  web: {%s, ports: ["8000:8000"], healthcheck: {test: "curl -f http://localhost:8000/up"}}
"""


@pytest.mark.parametrize(
    ("service", "dockerfile", "host"),
    [
        pytest.param(
            "build: .", "FROM python:3.13\n", "localhost:8000", id="django-knows-its-names"
        ),
        pytest.param("build: .", "FROM ruby:3.4\n", "localhost:8000", id="so-does-rails"),
        pytest.param(
            "image: 'example.com/a:1'", "", "localhost:8000", id="nobody-knows-what-it-is"
        ),
        pytest.param("build: .", "FROM golang:1.25\n", None, id="go-takes-any"),
        pytest.param("image: 'grafana/grafana:12.0.0'", "", None, id="a-known-program-takes-any"),
    ],
)
def test_the_name_by_which_a_container_is_asked(
    service: str, dockerfile: str, host: str | None, tmp_path: Path
) -> None:
    files = {"Dockerfile": f"{dockerfile}CMD serve\n"} if dockerfile else {}
    health = container(translation(tmp_path, STACK % service, files), "web").health
    assert health is not None
    assert health.asked == HttpCheck(port=8000, path="/up", host=host)
    probe = probes.readiness_probe(health)
    assert probe.http_get is not None
    sent = tuple((one.name, one.value) for one in probe.http_get.http_headers)
    assert sent == ((("Host", host),) if host is not None else ())
