"""Services that nothing deployed with them stands behind."""

from typing import Any

import pytest

from mooring.deploy import backing
from mooring.semantics.objects import ManifestSet


def _service(selector: dict[str, str] | None) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "api", "namespace": "shop"},
        "spec": {"selector": selector} if selector else {},
    }


def _workload(kind: str, labels: dict[str, str], namespace: str = "shop") -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "api", "namespace": namespace},
        "spec": {"template": {"metadata": {"labels": labels}, "spec": {"containers": []}}},
    }


POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "one", "namespace": "shop", "labels": {"app": "api"}},
    "spec": {"containers": []},
}


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        pytest.param([_service({"app": "apii"}), _workload("Deployment", {"app": "api"})], True,
                     id="whose-selector-has-a-slip-of-the-pen"),
        pytest.param([_service({"app": "api"}), _workload("Deployment", {"app": "api"}, "other")],
                     True, id="whose-pods-are-elsewhere"),
        pytest.param([_service({"app": "api"}), _workload("Deployment", {"app": "api", "v": "1"})],
                     False, id="but-not-of-a-deployment"),
        pytest.param([_service({"app": "api"}), POD], False, id="nor-of-a-pod"),
        pytest.param([_service(None)], False, id="nor-one-without-a-selector"),
    ],
)  # fmt: skip
def test_a_service_without_pods(objects: list[dict[str, Any]], found: bool) -> None:
    assert bool(backing.without_pods(ManifestSet(objects))) is found
