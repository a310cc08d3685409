"""The judges judge: what is right is accepted, what is wrong is refused, nothing is kept."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.support import gotools
from tests.support.controlplane import Endpoint
from tests.support.kubeapi import KubeApi, KubeObject
from tests.support.kubeconform import Nonconformity

pytestmark = pytest.mark.real

NAMESPACE = "judged"


def _deployment(*, name: str = "web", pod: KubeObject | None = None, **fields: Any) -> KubeObject:
    labels = {"app.kubernetes.io/name": "web"}
    container = {"name": "web", "image": "nginx", "ports": [{"containerPort": 80}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [container], **(pod or {})},
            },
            **fields,
        },
    }


def _ingress(host: str) -> KubeObject:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web", "namespace": NAMESPACE},
        "spec": {"rules": [{"host": host, "http": {"paths": [path]}}]},
    }


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(_deployment(), id="deployment"),
        pytest.param(_ingress("web.example.com"), id="ingress"),
        pytest.param(
            {
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": "judged-by-itself"},
            },
            id="namespace",
        ),
        pytest.param(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "without-namespace"}},
            id="object-for-the-default-namespace",
        ),
    ],
)
def test_api_server_accepts(kube_api: KubeApi, wanted: KubeObject) -> None:
    (verdict,) = kube_api.dry_run([wanted])
    assert verdict.error is None


@pytest.mark.parametrize(
    ("wanted", "part_of_error"),
    [
        pytest.param(
            _deployment(replica=1), ".spec.replica: field not declared", id="unknown-field"
        ),
        pytest.param(_deployment(replicas="two"), "expected numeric", id="wrong-type"),
        pytest.param(_deployment(name="Web_1"), "lowercase RFC 1123 subdomain", id="bad-name"),
        pytest.param(
            _deployment(selector={"matchLabels": {"a": "b"}}),
            "`selector` does not match template `labels`",
            id="selector-that-selects-other-pods",
        ),
        pytest.param(
            _deployment(pod={"volumes": [{"name": "a_b", "emptyDir": {}}]}),
            "lowercase RFC 1123 label",
            id="bad-volume-name",
        ),
        pytest.param(_ingress("no host"), "RFC 1123 subdomain", id="bad-host-in-ingress"),
        pytest.param(
            {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": "a"}},
            "knows no kind 'Certificate'",
            id="kind-without-its-definition",
        ),
        pytest.param(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}},
            "metadata.name is missing",
            id="no-name",
        ),
        pytest.param(
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "a", "namespace": "Not_A_Namespace"},
            },
            "not found",
            id="namespace-that-cannot-be",
        ),
        pytest.param({"data": {}}, "knows no kind ''", id="no-object-at-all"),
    ],
)
def test_api_server_refuses(kube_api: KubeApi, wanted: KubeObject, part_of_error: str) -> None:
    (verdict,) = kube_api.dry_run([wanted])
    assert part_of_error in (verdict.error or "accepted")


def test_verdicts_come_in_order_and_lists_are_judged_item_by_item(kube_api: KubeApi) -> None:
    items = [_deployment(name="a"), _deployment(name="B"), _deployment(name="c")]
    listed = {"apiVersion": "v1", "kind": "List", "items": items}
    verdicts = kube_api.dry_run([_deployment(name="first"), listed])
    assert [(each.ref.name, each.error is None) for each in verdicts] == [
        ("first", True),
        ("a", True),
        ("B", False),
        ("c", True),
    ]


def test_warnings_of_the_server_are_part_of_the_verdict(kube_api: KubeApi) -> None:
    namespace = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": NAMESPACE + "-strictly",
            "labels": {"pod-security.kubernetes.io/warn": "restricted"},
        },
    }
    workload = json.loads(json.dumps(_deployment()).replace(NAMESPACE, NAMESPACE + "-strictly"))
    _, verdict = kube_api.dry_run([namespace, workload])
    assert verdict.error is None
    assert any("would violate PodSecurity" in warning for warning in verdict.warnings)


def test_dry_run_keeps_nothing_but_namespaces(kube_api: KubeApi) -> None:
    kube_api.dry_run([_deployment()])
    found = kube_api.get(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments")
    namespace = kube_api.get(f"/api/v1/namespaces/{NAMESPACE}")
    assert (found["items"], namespace["kind"]) == ([], "Namespace")


def test_server_is_the_version_that_its_module_names(kube_api: KubeApi) -> None:
    expected = ".".join(map(str, gotools.kubernetes_version()))
    assert kube_api.get("/version")["gitVersion"] == f"v{expected}"


_USER = """
import os, signal, sys
from tests.support.shared_controlplane import joined
with joined(sys.argv[1]) as endpoint:
    print(*endpoint.process_ids, flush=True)
    sys.stdin.readline()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _user(session: str) -> subprocess.Popen[str]:
    """Start a process that uses the control plane of ``session`` until it is told to die."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])}
    return subprocess.Popen(
        [sys.executable, "-c", _USER, session],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=Path(__file__).resolve().parents[2],
        text=True,
    )


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_control_plane_is_shared_and_ends_with_its_last_user_even_when_that_is_killed(
    control_plane: Endpoint,
) -> None:
    session = f"shared-{os.getpid()}"
    users = [_user(session), _user(session)]
    shared = []
    for user in users:
        assert user.stdout is not None
        shared.append([int(text) for text in user.stdout.readline().split()])
    first, second = users
    first.communicate("die\n")
    running_with_one_user = [_is_running(each) for each in shared[0]]
    second.communicate("die\n")
    deadline = time.monotonic() + 60
    while any(map(_is_running, shared[0])) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert shared[0] == shared[1]
    assert running_with_one_user == [True, True]
    assert [_is_running(each) for each in shared[0]] == [False, False]
    assert not set(shared[0]) & set(control_plane.process_ids)


GOOD = """
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {key: value}
"""


@pytest.mark.parametrize(
    ("manifest", "parts"),
    [
        pytest.param(GOOD, [], id="good"),
        pytest.param(GOOD + "dta: {}\n", ["'dta' not allowed"], id="unknown-field"),
        pytest.param(
            GOOD.replace("key: value", "key: 1"), ["got number"], id="number-for-a-string"
        ),
        pytest.param(
            GOOD.replace("key: value", "key: a, key: b"), ["already set"], id="doubled-key"
        ),
        pytest.param(
            GOOD.replace("ConfigMap", "ConfMap"), ["could not find schema"], id="unknown-kind"
        ),
    ],
)
def test_kubeconform_says(
    tmp_path: Path,
    kubeconform: Callable[[Sequence[Path]], list[Nonconformity]],
    manifest: str,
    parts: list[str],
) -> None:
    (tmp_path / "manifest.yaml").write_text(manifest, encoding="utf-8")
    found = kubeconform([tmp_path])
    assert [part in each.message for part, each in zip(parts, found, strict=True)] == [
        True for _ in parts
    ]


def test_kustomize_builds(tmp_path: Path, kustomize: Path) -> None:
    (tmp_path / "web.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "kustomization.yaml").write_text(
        "namePrefix: my-\nresources: [web.yaml]\n", encoding="utf-8"
    )
    built = subprocess.run([kustomize, "build", tmp_path], capture_output=True, text=True)
    assert "name: my-web" in built.stdout
