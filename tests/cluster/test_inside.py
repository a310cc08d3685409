"""What goes on inside of a cluster: logs, commands, ports and Services behind the API server."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from tests.fake_api import Behaviour, FakeApi, Outcome

from mooring.cluster import errors, executing
from mooring.cluster.client import Client
from mooring.cluster.connecting import connected
from mooring.refs import ObjectRef

POD = ObjectRef("v1", "Pod", "web", "default")
SERVICE = ObjectRef("v1", "Service", "web", "default")


@pytest.fixture
def fake() -> Iterator[FakeApi]:
    """A server with a pod and a Service."""
    with FakeApi(tick_seconds=None) as server:
        container = {"name": "web", "image": "example.com/web:1"}
        server.put(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "web", "namespace": "default"},
                "spec": {"containers": [container]},
            }
        )
        server.put(
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": "web", "namespace": "default"},
                "spec": {"ports": [{"port": 80}], "selector": {"app": "web"}},
            }
        )
        yield server


def during(fake: FakeApi, folder: Path, act: Callable[[Client], Awaitable[None]]) -> None:
    """Let a client act."""

    async def run() -> None:
        environment = {"KUBECONFIG": str(fake.kubeconfig(folder))}
        async with connected(environment=environment, warn=print) as client:
            await act(client)

    asyncio.run(run())


def test_logs_are_read_and_followed(fake: FakeApi, tmp_path: Path) -> None:
    fake.behave("web", Behaviour(outcome=Outcome.CRASHES, ready_after=0, log="one\ntwo\nthree\n"))

    async def act(client: Client) -> None:
        assert await client.logs(POD, "web") == "one\ntwo\nthree\n"
        assert await client.logs(POD, "web", tail=1) == "three\n"
        async with aclosing(client.follow_logs(POD, "web", tail=2)) as lines:  # type: ignore[type-var]
            assert [line async for line in lines] == ["two", "three"]
        with pytest.raises(errors.Invalid, match="previous terminated container"):
            await client.logs(POD, "web", previous=True)
        fake.tick(2)
        assert await client.logs(POD, "web", previous=True) == "one\ntwo\nthree\n"
        with pytest.raises(errors.Invalid, match="not valid"):
            await client.logs(POD, "other")

    during(fake, tmp_path, act)


def test_a_command_says_what_came_of_it(fake: FakeApi, tmp_path: Path) -> None:
    fake.command = lambda words, stdin: (len(words), stdin.upper(), " ".join(words).encode())

    async def act(client: Client) -> None:
        done = await client.exec(POD, "web", ["cat", "-"], stdin=b"x" * 100_000)
        assert (done.status, done.stdout, done.stderr) == (2, b"X" * 100_000, b"cat -")
        fake.command = lambda words, stdin: (0, b"", b"")
        assert (await client.exec(POD, "web", ["true"])).status == 0

    during(fake, tmp_path, act)


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        pytest.param(b'{"status": "Success"}', 0, "", id="it-went-well"),
        pytest.param(
            b'{"status": "Failure",'
            b' "details": {"causes": [{"reason": "ExitCode", "message": "7"}]}}',
            7,
            "",
            id="it-failed",
        ),
        pytest.param(
            b'{"status": "Failure", "message": "no such file"}',
            None,
            "no such file",
            id="it-could-not-be-started",
        ),
        pytest.param(b"", None, "the connection ended before", id="nobody-said"),
    ],
)
def test_the_end_of_a_command(content: bytes, status: int | None, error: str) -> None:
    found, told = executing.ended(content)
    assert found == status
    assert told.startswith(error)


def test_a_port_of_a_pod_is_a_port_here(fake: FakeApi, tmp_path: Path) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.readexactly(5)).upper())
        writer.close()

    async def act(client: Client) -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        fake.forwards[5432] = server.sockets[0].getsockname()[1]
        async with client.port_forward(POD, 5432) as port:
            for _ in range(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"hello")
                assert await reader.read() == b"HELLO"
                writer.close()
        async with client.port_forward(POD, 1) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await reader.read() == b""
            writer.close()
        server.close()

    during(fake, tmp_path, act)


def test_a_service_is_asked_through_the_api_server(fake: FakeApi, tmp_path: Path) -> None:
    fake.proxied["default/web:80/health"] = (200, b"fine")
    fake.proxied["default/web:80/broken"] = (500, b"not fine")

    async def act(client: Client) -> None:
        assert (await client.proxy_get(SERVICE, 80, "/health")).body == b"fine"
        assert (await client.proxy_get(SERVICE, 80, "/broken")).status == 500
        with pytest.raises(errors.ServerFault, match="no endpoints available"):
            await client.proxy_get(SERVICE, 80, "/")

    during(fake, tmp_path, act)
