"""The fake API server does what the real one does (see `tests/integration` for that one)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cluster.conformance import CASES, Case
from tests.fake_api import FakeApi

from mooring.cluster.connecting import connected


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeApi]:
    """A fake API server that all cases share, each in a namespace of its own."""
    with FakeApi() as server:
        server.store.oldest = 2  # as a server that has been running for a while
        yield server


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__.replace("_", "-"))
def test_the_fake_server_does_as_the_real_one(fake: FakeApi, tmp_path: Path, case: Case) -> None:
    namespace = case.__name__.replace("_", "-")[:40]
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    fake.put(space)
    kubeconfig = str(fake.kubeconfig(tmp_path))

    async def run() -> None:
        async with connected(environment={"KUBECONFIG": kubeconfig}, warn=print) as client:
            await case(client, namespace)

    asyncio.run(run())
