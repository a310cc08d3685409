"""What is read of a cluster, and what is said of that which cannot be."""

import asyncio
from pathlib import Path

import pytest
from tests.cluster.conformance import config_map, workload
from tests.fake_api import FakeApi, Fault, On

from mooring.cluster import collecting, errors
from mooring.cluster.collecting import Collected
from mooring.cluster.connecting import connected


def of(fake: FakeApi, folder: Path, namespace: str | None = None) -> Collected:
    """Return what is collected of ``fake``."""

    async def run() -> Collected:
        environment = {"KUBECONFIG": str(fake.kubeconfig(folder))}
        async with connected(environment=environment, warn=print) as client:
            return await collecting.collected(client, namespace=namespace)

    return asyncio.run(run())


def shown(found: Collected) -> set[str]:
    """Return kind and name of each object."""
    return {f"{one['kind']}/{one['metadata']['name']}" for one in found.objects}


def test_all_that_can_be_declared_is_read_and_little_else(tmp_path: Path) -> None:
    with FakeApi(tick_seconds=None) as fake:
        fake.put(workload("default", replicas=3))
        fake.put(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "bare", "namespace": "default"},
                "spec": {"containers": [{"name": "a", "image": "a:1"}]},
            }
        )
        fake.tick(4)
        found = of(fake, tmp_path)
        assert shown(found) == {
            "Deployment/web",
            "Namespace/default",
            "Pod/bare",
            "ServiceAccount/default",
        }
        assert found.made == 4
        assert found.unread == ()
        assert found.version == "v1.36.3"
        assert len(fake.requests("get", "Pod")) == 1
        assert fake.requests("list", "Event") == []


def test_one_namespace_is_read_with_what_is_outside_of_all(tmp_path: Path) -> None:
    with FakeApi(namespaces=("default", "shop")) as fake:
        fake.put(config_map("default", "one"))
        fake.put(config_map("shop", "two"))
        names = {one for one in shown(of(fake, tmp_path, "shop")) if "ServiceAccount" not in one}
        assert names == {"ConfigMap/two", "Namespace/default", "Namespace/shop"}


def test_what_is_forbidden_is_part_of_the_answer(tmp_path: Path) -> None:
    with FakeApi(tick_seconds=None, namespaces=("default", "shop")) as fake:
        fake.put(config_map("default", "one"))
        fake.put(config_map("shop", "two"))
        fake.fail(On(verb="list", kind="Secret", times=None), Fault.status(403))
        fake.fail(On(verb="list", kind="ConfigMap", namespace="", times=None), Fault.status(403))
        fake.fail(On(verb="list", kind="Node", times=None), Fault.status(500, message="no node"))
        found = of(fake, tmp_path)
        assert [(one.kind, one.reason) for one in found.unread] == [
            ("ConfigMap", "only those of the namespace default"),
            ("Node", "the cluster refuses: no node"),
            ("Secret", "not allowed"),
        ]
        assert "ConfigMap/one" in shown(found)
        assert "ConfigMap/two" not in shown(found)


def test_who_is_not_known_is_told_so(tmp_path: Path) -> None:
    with FakeApi() as fake:
        fake.tokens = set()
        with pytest.raises(errors.Unauthorized):
            of(fake, tmp_path)
