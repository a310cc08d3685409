"""
A secret is seen nowhere but where it is sent to: not in reprs, errors, tracebacks or logs.

Every credential and every value of a Secret below holds the canary; all that a developer or a user
could come to read is searched for it.
"""

import asyncio
import base64
import json
import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.fake_api import FakeApi, Fault, On

from mooring.cluster import kubeconfig, plugins
from mooring.cluster.client import Client
from mooring.cluster.connecting import connected
from mooring.cluster.errors import AccessError
from mooring.errors import MooringError
from mooring.refs import ObjectRef

CANARY = "canary-8f3a61"
ENCODED = base64.b64encode(CANARY.encode()).decode()


def secret(**fields: Any) -> dict[str, Any]:
    """Return a Secret that holds the canary."""
    metadata = {"name": "secret", "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, **fields}


def quoting(code: int) -> Fault:
    """Refuse a Secret and quote it, as API servers and webhooks do."""
    told = f'data[key]: Invalid value: "{CANARY}": too long, and in base64 {ENCODED}'
    causes = [{"reason": "FieldValueInvalid", "message": told, "field": "data"}]
    details = {"name": "secret", "causes": causes}
    return Fault(what=Fault.status(code).what, code=code, message=told, details=details)


async def _apply(client: Client) -> None:
    await client.apply(secret(stringData={"key": CANARY}))


async def _apply_encoded(client: Client) -> None:
    await client.apply(secret(data={"key": ENCODED}))


async def _create(client: Client) -> None:
    await client.create(secret(stringData={"key": CANARY}))


async def _get(client: Client) -> None:
    await client.get(ObjectRef("v1", "Secret", "secret", "default"))


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        pytest.param(_apply, None, id="all-is-well"),
        pytest.param(_apply, quoting(422), id="the-server-quotes-what-it-refuses"),
        pytest.param(_apply_encoded, quoting(400), id="in-base64"),
        pytest.param(_create, quoting(403), id="a-webhook-forbids-it"),
        pytest.param(_create, Fault.reset(), id="the-answer-is-lost"),
        pytest.param(_apply, Fault.status(401), id="the-credential-is-refused"),
        pytest.param(_get, Fault.status(500), id="the-server-is-at-fault"),
    ],
)
def test_what_is_sent_is_not_seen(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    act: Callable[[Client], Awaitable[None]],
    fault: Fault | None,
) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeApi() as fake:
        fake.tokens = {CANARY}
        if fault is not None:
            verb = {"_get": "get", "_create": "create"}.get(act.__name__, "apply")
            fake.fail(On(verb=verb, times=None), fault)
        seen = asyncio.run(_told(fake.kubeconfig(tmp_path, token=CANARY), act))
        assert fake.requests(kind="Secret"), "the request was never made"
        assert (fault is not None) == bool(seen)
    _search(seen, caplog)


def test_what_cannot_be_reached_is_told_without_the_proxy_password(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeApi() as fake:
        path = fake.kubeconfig(tmp_path, token=CANARY)
        config = json.loads(path.read_text())
        config["clusters"][0]["cluster"]["proxy-url"] = f"http://user:{CANARY}@127.0.0.1:9"
        path.write_text(json.dumps(config))
        seen = asyncio.run(_told(path, _apply))
    assert "proxy" in seen
    _search(seen, caplog)


@pytest.mark.parametrize(
    "user",
    [
        pytest.param({"token": CANARY}, id="a-token"),
        pytest.param({"username": "me", "password": CANARY}, id="a-password"),
        pytest.param(
            {"client-certificate-data": "Y2VydA==", "client-key-data": ENCODED}, id="a-key"
        ),
        pytest.param(
            {
                "exec": {
                    "apiVersion": "client.authentication.k8s.io/v1",
                    "command": "absent-plugin",
                    "env": [{"name": "A", "value": CANARY}],
                }
            },
            id="a-variable-of-a-plugin",
        ),
    ],
)
def test_a_credential_is_in_no_repr(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, user: dict[str, Any]
) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeApi() as fake:
        path = fake.kubeconfig(tmp_path)
        config = json.loads(path.read_text())
        config["users"][0]["user"] = user
        path.write_text(json.dumps(config))
        access = kubeconfig.access(context=None, environment={"KUBECONFIG": str(path)})
        assert CANARY not in repr(access)
        _search(asyncio.run(_told(path, _get)), caplog)


@pytest.mark.parametrize(
    "output",
    [
        pytest.param(CANARY, id="no-json"),
        pytest.param(json.dumps({"status": CANARY}), id="another-form"),
        pytest.param(json.dumps({"status": {"token": "", "x": CANARY}}), id="no-credential"),
        pytest.param(
            json.dumps({"status": {"token": CANARY, "expirationTimestamp": "soon"}}),
            id="an-end-that-is-no-time",
        ),
    ],
)
def test_what_a_plugin_prints_is_not_repeated(output: str) -> None:
    with pytest.raises(AccessError) as caught:
        plugins.parsed(output.encode(), "login")
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert CANARY not in str(caught.value)


def test_what_a_plugin_gives_is_in_no_repr() -> None:
    status = {"token": CANARY, "clientCertificateData": "c", "clientKeyData": CANARY}
    given = plugins.parsed(json.dumps({"status": status}).encode(), "login")
    assert given.token is not None
    assert given.token.reveal() == CANARY
    assert CANARY not in repr(given)


async def _told(path: Path, act: Callable[[Client], Awaitable[None]]) -> str:
    """Return all that is to be read of what went wrong, "" where nothing did."""
    try:
        async with connected(environment={"KUBECONFIG": str(path)}, warn=print) as client:
            assert CANARY not in repr(client)
            assert CANARY not in repr(vars(client._connection))
            await act(client)
    except MooringError as error:
        causes = getattr(error, "causes", ())
        return "".join([*traceback.format_exception(error), str(error), repr(error), repr(causes)])
    return ""


def _search(seen: str, caplog: pytest.LogCaptureFixture) -> None:
    records = [f"{one.getMessage()} {one.args!r} {one.exc_text}" for one in caplog.records]
    for text in (seen, *records):
        assert CANARY not in text
        assert ENCODED not in text
