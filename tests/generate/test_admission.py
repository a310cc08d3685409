"""The level at which a namespace admits its pods, against the full standards."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.generate.admission import level
from mooring.kube import manifest
from mooring.kube.objects.identity import Namespace
from mooring.kube.objects.workloads import DaemonSet, Deployment, Job, StatefulSet
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pod_security import level_of

STACK = """
services:
  plain: {image: example.com/a:1}
  known: {image: 'example.com/b:1', user: '1000'}
  root: {image: 'example.com/c:1', user: root}
  admin: {image: 'example.com/d:1', user: '1000', cap_add: [NET_ADMIN]}
  caps: {image: 'example.com/d:1', user: '1000', cap_add: [CHOWN]}
  bind: {image: 'example.com/d:1', user: '1000', cap_add: [NET_BIND_SERVICE]}
  mighty: {image: 'example.com/e:1', privileged: true}
  host: {image: 'example.com/f:1', user: '1000', network_mode: host}
  pids: {image: 'example.com/f:1', user: '1000', pid: host}
  kernel: {image: 'example.com/g:1', user: '1000', sysctls: {net.core.somaxconn: 1024}}
  safe: {image: 'example.com/g:1', user: '1000', sysctls: {net.ipv4.tcp_syncookies: 0}}
  open: {image: 'example.com/h:1', user: '1000', security_opt: ['seccomp=unconfined']}
  gains: {image: 'example.com/h:1', user: '1000', security_opt: ['no-new-privileges:false']}
  once: {image: 'example.com/i:1', user: '1000', command: migrate, restart: 'no'}
  waits:
    image: example.com/j:1
    user: '1000'
    depends_on: {once: {condition: service_completed_successfully}}
  store: {image: 'postgres:16', volumes: ['data:/var/lib/postgresql/data']}
volumes: {data: {}}
"""


def made(folder: Path, text: str) -> pipeline.EnvironmentResult:
    (folder / "compose.yaml").write_text(text)
    return pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(folder)))).environments[
        -1
    ]


def test_the_level_is_that_of_the_standards(tmp_path: Path) -> None:
    result = made(tmp_path, STACK)
    ours = {
        item.name: level(item.spec.template.spec).name.lower()
        for item in result.objects
        if isinstance(item, Deployment | StatefulSet | DaemonSet | Job)
    }
    theirs = {
        pod.owner.name: level_of(pod).value
        for pod in ManifestSet(map(manifest.manifest, result.objects)).templates
    }
    assert len(ours) == 16
    assert ours == theirs
    assert set(ours.values()) == {"privileged", "baseline", "restricted"}


@pytest.mark.parametrize(
    ("service", "enforced"),
    [
        pytest.param("{image: 'postgres:16'}", "restricted", id="all-that-is-known"),
        pytest.param("{image: 'example.com/a:1'}", "baseline", id="an-image-that-nobody-knows"),
        pytest.param(
            "{image: 'a', privileged: true, x-mooring: {allow: [privileged]}}",
            "privileged",
            id="a-mighty-container",
        ),
        pytest.param("{image: 'a', privileged: true}", "baseline", id="one-that-nobody-allowed"),
    ],
)
def test_the_namespace_enforces_what_its_pods_meet(
    service: str, enforced: str, tmp_path: Path
) -> None:
    result = made(tmp_path, f"services: {{it: {service}}}\n")
    (namespace,) = result.objects.of(Namespace)
    assert namespace.metadata.labels["pod-security.kubernetes.io/enforce"] == enforced
