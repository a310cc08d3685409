"""Which commands the kubelet can ask in their place, and which it cannot."""

import pytest

from mooring.app.health import GrpcCheck, HttpCheck, TcpCheck
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
    ],
)  # fmt: skip
def test_what_the_kubelet_can_ask(
    command: tuple[str, ...], expected: HttpCheck | TcpCheck | GrpcCheck
) -> None:
    assert question(command, OWN) == expected


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("curl", "http://localhost:8080/"), id="curl-that-is-content-with-an-error"),
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
