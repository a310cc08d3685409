"""The way to a server: whom it trusts, what it shows, and what stands between."""

import asyncio
import base64
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from tests.fake_api import FakeApi
from tests.fake_api.server import TLS

from mooring.cluster import credentials, errors
from mooring.cluster.access import Access
from mooring.cluster.connecting import connected


def reached(
    fake: FakeApi,
    folder: Path,
    *,
    cluster: dict[str, Any] | None = None,
    user: dict[str, Any] | None = None,
    **variables: str,
) -> str:
    """Return the version of ``fake`` through a kubeconfig with these changes."""
    path = fake.kubeconfig(folder)
    config = json.loads(path.read_text())
    config["clusters"][0]["cluster"] |= cluster or {}
    if user is not None:
        config["users"][0]["user"] = user
    path.write_text(json.dumps(config))

    async def run() -> str:
        environment = {"KUBECONFIG": str(path), **variables}
        async with connected(environment=environment, warn=print) as client:
            await client.kinds()
            return await client.version()

    return asyncio.run(run())


def encoded(name: str) -> str:
    """Return a file of the fake server's keys in base64."""
    return base64.b64encode((TLS / name).read_bytes()).decode()


def test_a_client_certificate_says_who_we_are(tmp_path: Path) -> None:
    with FakeApi() as fake:
        fake.tokens = set()
        pair = {
            "client-certificate-data": encoded("client.crt"),
            "client-key-data": encoded("client.key"),
        }
        assert reached(fake, tmp_path, user=pair) == "v1.36.3"
        with pytest.raises(errors.Unauthorized):
            reached(fake, tmp_path, user={})


@pytest.mark.parametrize(
    ("cluster", "message"),
    [
        pytest.param(
            {"certificate-authority": str(TLS / "client.crt")},
            "not to be trusted",
            id="another-authority",
        ),
        pytest.param({"tls-server-name": "elsewhere.test"}, "not to be trusted", id="another-name"),
        pytest.param(
            {"certificate-authority": str(TLS / "client.key")},
            "no certificate in PEM form",
            id="no-certificate",
        ),
    ],
)
def test_a_server_that_cannot_be_verified_gets_no_credential(
    tmp_path: Path, cluster: dict[str, Any], message: str
) -> None:
    with FakeApi() as fake:
        with pytest.raises(errors.AccessError, match=message):
            reached(fake, tmp_path, cluster=cluster)
        assert fake.seen == []


def test_the_name_in_its_certificate_may_be_another_than_its_address(tmp_path: Path) -> None:
    with FakeApi() as fake:
        assert reached(fake, tmp_path, cluster={"tls-server-name": "cluster.test"}) == "v1.36.3"


def test_authorities_are_trusted_as_go_trusts_them() -> None:
    context = credentials.tls(
        Access(server="https://x", authority=(TLS / "ca.crt").read_bytes()), None
    )
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert not context.verify_flags & ssl.VERIFY_X509_STRICT
    assert context.verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN


class _Proxy:
    """A proxy that carries whatever it is asked to; ``heads`` are the requests that it got."""

    def __init__(self) -> None:
        self.heads: list[str] = []

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        host, _, port = head.split()[1].partition(":")
        there, back = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_copy(reader, back), _copy(there, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
    except ConnectionError:
        pass
    writer.close()


@pytest.mark.parametrize("by", ["kubeconfig", "environment"])
def test_a_proxy_carries_everything(tmp_path: Path, by: str) -> None:
    with FakeApi() as fake:
        path = fake.kubeconfig(tmp_path)
        config = json.loads(path.read_text())
        proxy = _Proxy()

        async def run() -> str:
            server = await asyncio.start_server(proxy.carry, "127.0.0.1", 0)
            url = f"http://user:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}"
            environment = {"KUBECONFIG": str(path)}
            if by == "kubeconfig":
                config["clusters"][0]["cluster"]["proxy-url"] = url
            else:
                # This machine itself is never reached through a proxy of the environment.
                config["clusters"][0]["cluster"]["server"] = fake.url.replace(
                    "127.0.0.1", "0.0.0.0"
                )
                config["clusters"][0]["cluster"]["tls-server-name"] = "localhost"
                environment["HTTPS_PROXY"] = url
            path.write_text(json.dumps(config))
            async with connected(environment=environment, warn=print) as client:
                version = await client.version()
            server.close()
            return version

        assert asyncio.run(run()) == "v1.36.3"
        assert proxy.heads[0].startswith("CONNECT ")
        expected = base64.b64encode(b"user:secret").decode()
        assert f"Proxy-Authorization: Basic {expected}" in proxy.heads[0]
        assert "Bearer" not in "".join(proxy.heads)
