"""The client against the real API server, by the table that the fake one is held to as well."""

import asyncio
import os

import pytest
from tests.cluster.conformance import CASES, Case
from tests.support.controlplane import Endpoint

from mooring.cluster.connecting import connected

pytestmark = pytest.mark.real


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__.replace("_", "-"))
def test_the_real_server_does_as_the_table_says(control_plane: Endpoint, case: Case) -> None:
    namespace = f"{case.__name__.replace('_', '-')[:40]}-{os.getpid()}"
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    environment = {"KUBECONFIG": control_plane.kubeconfig}

    async def run() -> None:
        async with connected(environment=environment, warn=print) as client:
            await client.apply(space)
            await case(client, namespace)

    asyncio.run(run())
