"""`mooring check --from-cluster` of a real API server, with more rights and with fewer."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cluster.conformance import config_map, workload
from tests.support.controlplane import Endpoint

from mooring.cluster.connecting import connected
from mooring.manifests import documents

pytestmark = pytest.mark.real

NAMESPACE = f"judged-{os.getpid()}"
READER = "reader-of-some"
RBAC = "rbac.authorization.k8s.io/v1"


def _rights() -> list[dict[str, Any]]:
    """Return what lets the reader see ConfigMaps and Deployments of one namespace, and no more."""
    metadata = {"name": "reader", "namespace": NAMESPACE}
    kinds = ["configmaps", "deployments"]
    rules = [{"apiGroups": ["", "apps"], "resources": kinds, "verbs": ["get", "list"]}]
    subjects = [{"kind": "User", "name": READER, "apiGroup": "rbac.authorization.k8s.io"}]
    ref = {"kind": "Role", "name": "reader", "apiGroup": "rbac.authorization.k8s.io"}
    return [
        {"apiVersion": RBAC, "kind": "Role", "metadata": metadata, "rules": rules},
        {
            "apiVersion": RBAC,
            "kind": "RoleBinding",
            "metadata": metadata,
            "subjects": subjects,
            "roleRef": ref,
        },
    ]


@pytest.fixture(scope="module")
def filled(control_plane: Endpoint) -> Endpoint:
    """A cluster with a namespace of ours."""
    item = workload(NAMESPACE)
    item["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx"
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}

    async def fill() -> None:
        environment = {"KUBECONFIG": control_plane.kubeconfig}
        async with connected(environment=environment, warn=lambda _: None) as client:
            for one in (space, item, config_map(NAMESPACE), *_rights()):
                await client.apply(one)

    asyncio.run(fill())
    return control_plane


def _check(kubeconfig: str, *arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KUBECONFIG": kubeconfig, "XDG_CACHE_HOME": str(at / "cache")}
    return subprocess.run(
        [sys.executable, "-m", "mooring", "check", "--from-cluster", *arguments],
        cwd=at,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _as_reader(kubeconfig: str, folder: Path) -> str:
    """Write a kubeconfig that acts as the reader and return its path."""
    (read,) = documents.read(Path(kubeconfig).read_bytes(), kubeconfig).documents
    config = read.value
    config["users"][0]["user"]["as"] = READER
    config["contexts"][0]["context"]["namespace"] = NAMESPACE
    path = folder / "as-reader"
    path.write_text(json.dumps(config))
    return str(path)


def test_an_administrator_sees_all(filled: Endpoint, tmp_path: Path) -> None:
    found = _check(
        filled.kubeconfig,
        *("-n", NAMESPACE, "--select", "image-without-version", "--format", "json"),
        at=tmp_path,
    )
    assert found.returncode == 1, found.stderr
    subjects = [one["subject"]["kind"] for one in json.loads(found.stdout)["findings"]]
    assert subjects == ["Deployment"]
    assert "not looked at" not in found.stderr


def test_who_may_see_little_is_told_what_was_not_looked_at(
    filled: Endpoint, tmp_path: Path
) -> None:
    kubeconfig = _as_reader(filled.kubeconfig, tmp_path)
    found = _check(kubeconfig, "--select", "image-without-version", at=tmp_path)
    assert "not looked at: Secret: not allowed" in found.stderr
    assert f"not looked at: Deployment: only those of the namespace {NAMESPACE}" in found.stderr
    assert found.returncode == 1, found.stdout
    nothing = _check(kubeconfig, "--select", "budget-blocks-drain", at=tmp_path)
    assert nothing.returncode == 4, nothing.stdout
