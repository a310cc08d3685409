"""The client against a real kubelet: logs that are followed, commands, forwarded ports, proxies."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from tests.support.node import machine

from mooring.cluster import errors
from mooring.cluster.client import Client
from mooring.cluster.connecting import connected
from mooring.refs import ObjectRef

pytestmark = pytest.mark.real

NAMESPACE = "client"
POD = ObjectRef("v1", "Pod", "shell", NAMESPACE)
SERVICE = ObjectRef("v1", "Service", "shell", NAMESPACE)
LABELS = {"app": "shell"}
SCRIPT = """
mkdir -p /tmp/www && echo fine > /tmp/www/health
echo ready
python3 -m http.server 8080 --directory /tmp/www >/dev/null 2>&1 &
exec sleep 3600
"""
_LIMIT_SECONDS = 120.0


@asynccontextmanager
async def _client(node: machine.Node) -> AsyncIterator[Client]:
    environment = {"KUBECONFIG": str(node.kubeconfig)}
    async with (
        asyncio.timeout(_LIMIT_SECONDS),
        connected(environment=environment, warn=lambda _: None) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def shell(node: machine.Node) -> machine.Node:
    """A pod with a shell and a small web server, and a Service that leads to it."""
    container = {
        "name": "shell",
        "image": "registry.example.com/coffee/api:1.4.0",
        "command": ["sh", "-c", SCRIPT],
        "imagePullPolicy": "IfNotPresent",
        "readinessProbe": {"httpGet": {"port": 8080, "path": "/health"}, "periodSeconds": 1},
    }
    metadata = {"name": "shell", "namespace": NAMESPACE, "labels": LABELS}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    account = {"apiVersion": "v1", "kind": "ServiceAccount"}
    account["metadata"] = {"name": "shell", "namespace": NAMESPACE}  # type: ignore[assignment]
    pod: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {
            "containers": [container],
            "serviceAccountName": "shell",
            "terminationGracePeriodSeconds": 0,
        },
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {"selector": LABELS, "ports": [{"port": 80, "targetPort": 8080}]},
    }

    async def start() -> None:
        async with _client(node) as client:
            for item in (space, account, pod, service):
                await client.apply(item)
            while not _is_ready(await client.get(POD)):
                await asyncio.sleep(0.2)

    asyncio.run(start())
    return node


def _is_ready(pod: Any) -> bool:
    conditions = ((pod or {}).get("status") or {}).get("conditions") or ()
    return any((one["type"], one["status"]) == ("Ready", "True") for one in conditions)


def during(node: machine.Node, act: Callable[[Client], Awaitable[None]]) -> None:
    """Let a client act."""

    async def run() -> None:
        async with _client(node) as client:
            await act(client)

    asyncio.run(run())


def test_a_command_gets_its_input_to_the_end_and_tells_its_status(shell: machine.Node) -> None:
    async def act(client: Client) -> None:
        words = ["sh", "-c", "cat; echo no >&2; exit 3"]
        content = b"x" * 200_000
        done = await client.exec(POD, "shell", words, stdin=content)
        assert (done.status, done.stderr) == (3, b"no\n")
        assert done.stdout == content
        assert (await client.exec(POD, "shell", ["true"])).status == 0
        absent = await client.exec(POD, "shell", ["absent-program"])
        assert absent.status != 0
        assert "absent-program" in absent.error or absent.status == 127
        with pytest.raises(errors.Refused):
            await client.exec(POD, "other", ["true"])
        with pytest.raises(errors.Unreachable, match="did not end within"):
            await client.exec(POD, "shell", ["sleep", "60"], timeout_seconds=1)

    during(shell, act)


def test_logs_are_followed_while_they_are_written(shell: machine.Node) -> None:
    async def act(client: Client) -> None:
        assert (await client.logs(POD, "shell")).startswith("ready\n")
        async with aclosing(client.follow_logs(POD, "shell", tail=1)) as lines:  # type: ignore[type-var]
            assert await anext(lines) == "ready"
            words = ["sh", "-c", "echo more > /proc/1/fd/1"]
            assert (await client.exec(POD, "shell", words)).status == 0
            assert await anext(lines) == "more"

    during(shell, act)


def test_a_port_is_forwarded(shell: machine.Node) -> None:
    async def act(client: Client) -> None:
        async with client.port_forward(POD, 8080) as port:
            for _ in range(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"GET /health HTTP/1.0\r\n\r\n")
                assert (await reader.read()).endswith(b"fine\n")
                writer.close()
        async with client.port_forward(POD, 9) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"anybody?")
            assert await reader.read() == b""
            writer.close()

    during(shell, act)


def test_a_service_answers_through_the_api_server(shell: machine.Node) -> None:
    async def act(client: Client) -> None:
        answer = await client.proxy_get(SERVICE, 80, "/health")
        assert (answer.status, answer.body) == (200, b"fine\n")
        assert (await client.proxy_get(SERVICE, 80, "/absent")).status == 404
        with pytest.raises(errors.ServerFault):
            await client.proxy_get(SERVICE, 81, "/")

    during(shell, act)


def test_whether_somebody_listens_in_a_pod_is_known(shell: machine.Node) -> None:
    async def act(client: Client) -> None:
        silent = await client.reach(POD, 8080)
        assert (silent.accepts, silent.told) == (True, "")
        nobody = await client.reach(POD, 9, seconds=10)
        assert not nobody.accepts
        assert "connection refused" in nobody.told
        said = b"GET /health HTTP/1.0\r\n\r\n"
        answer = await client.reach(POD, 8080, said=said, seconds=10)
        assert answer.reply.startswith(b"HTTP/1.0 200")
        with pytest.raises(errors.NotFound):
            await client.reach(ObjectRef("v1", "Pod", "nobody", NAMESPACE), 8080)

    during(shell, act)
