"""
More causes that a deployment names within 5 s of the pod's event, beside those of `test_deploying`.

They are what stops real deployments: what a scheduler, a kubelet, a storage provisioner or the
admission of a real API server says, and which part of that has to be told first.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.integration.test_deploying import Program, named_in_time, workload
from tests.support.bed import BedClient, Note, Stage, behaving

pytestmark = pytest.mark.real

Manifest = dict[str, Any]
SOON = {Note.DELAY: "100ms"}


def web(**spec: Any) -> list[Manifest]:
    """Return a Deployment whose pod would be ready at once, had it not ``spec``."""
    return [workload("web", behaving(Stage.READY, **spec))]


def staged(stage: Stage, message: str = "", code: int = 1, **spec: Any) -> list[Manifest]:
    """Return a Deployment whose pod does as ``stage`` says."""
    notes = {**SOON, Note.EXIT_CODE: str(code)}
    if message:
        notes[Note.MESSAGE] = message
    return [workload("web", behaving(stage, notes=notes, **spec))]


def container(**fields: Any) -> list[Manifest]:
    """Return the one container of a pod."""
    return [{"name": "web", "image": "registry.example/web:1", **fields}]


def claim(storage_class: str) -> list[Manifest]:
    """Return a Deployment that mounts a claim of ``storage_class``."""
    made = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": storage_class,
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    mounts = [{"name": "data", "mountPath": "/data"}]
    return [made, *web(volumes=[volume], containers=container(volumeMounts=mounts))]


def job(stage: Stage, **spec: Any) -> list[Manifest]:
    """Return a Job whose pod does as ``stage`` says."""
    pod = behaving(stage, notes=SOON, restartPolicy="Never")
    return [
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "web"},
            "spec": {"template": pod, **spec},
        }
    ]


def three(**spec: Any) -> list[Manifest]:
    """Return a Deployment of three pods, where there are two nodes."""
    found = web(**spec)
    found[0]["spec"]["replicas"] = 3
    return found


APART = {
    "podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [
            {
                "labelSelector": {"matchLabels": {"app": "web"}},
                "topologyKey": "kubernetes.io/hostname",
            }
        ]
    }
}
PROBED = container(livenessProbe={"tcpSocket": {"port": 80}})
STARTING = container(startupProbe={"tcpSocket": {"port": 80}})

CAUSES: dict[str, tuple[list[Manifest], str]] = {
    "a-liveness-probe-that-ends-it": (
        staged(Stage.LIVENESS, "connection refused", containers=PROBED),
        "iveness probe fail",
    ),
    "a-startup-probe-that-ends-it": (
        staged(Stage.STARTUP, "connection refused", containers=STARTING),
        "tartup probe fail",
    ),
    "a-segmentation-fault": (staged(Stage.CRASH, code=139), "ended with status 139"),
    "a-command-that-a-shell-does-not-find": (
        staged(Stage.CRASH, code=127),
        "ended with status 127",
    ),
    "a-key-that-a-secret-lacks": (
        staged(Stage.CONFIG_ERROR, "couldn't find key PASSWORD in Secret shop/db"),
        "couldn't find key PASSWORD",
    ),
    "a-secret-that-is-mounted-and-not-there": (
        staged(
            Stage.NO_VOLUME, 'MountVolume.SetUp failed for volume "tls": secret "tls" not found'
        ),
        'secret "tls" not found',
    ),
    "a-storage-driver-that-the-node-lacks": (
        staged(
            Stage.NO_VOLUME,
            "driver name ebs.csi.aws.com not found in the list of registered CSI drivers",
        ),
        "ebs.csi.aws.com",
    ),
    "a-program-that-may-not-be-run": (
        staged(Stage.START_ERROR, 'exec: "/entrypoint.sh": permission denied'),
        "permission denied",
    ),
    "a-network-that-is-not-made": (staged(Stage.NO_SANDBOX), "network"),
    "more-memory-than-any-node-has": (
        web(containers=container(resources={"requests": {"memory": "64Gi"}})),
        "Insufficient memory",
    ),
    "a-port-of-the-node-that-is-taken": (
        three(containers=container(ports=[{"containerPort": 80, "hostPort": 18080}])),
        "free ports",
    ),
    "pods-that-must-be-apart": (three(affinity=APART), "anti-affinity"),
    "a-storage-class-that-is-not-there": (claim("gp3"), "gp3"),
    "an-account-that-is-not-there": (web(serviceAccountName="absent"), "service account"),
    "a-priority-that-is-not-there": (web(priorityClassName="absent"), "PriorityClass"),
    "a-runtime-that-is-not-there": (web(runtimeClassName="gvisor"), "gvisor"),
    "a-pod-that-is-evicted": (staged(Stage.EVICTED), "low on resource"),
    "a-job-that-fails": (job(Stage.CRASH, backoffLimit=0), "ended with status 1"),
    "a-job-that-takes-too-long": (
        job(Stage.NEVER_READY, activeDeadlineSeconds=1),
        "longer than specified deadline",
    ),
    "a-kind-that-nobody-defines": (
        [
            {
                "apiVersion": "monitoring.coreos.com/v1",
                "kind": "ServiceMonitor",
                "metadata": {"name": "web"},
                "spec": {},
            }
        ],
        "does not know the kind ServiceMonitor",
    ),
}


def deployed(bed: BedClient, folder: Path, namespace: str, objects: list[Manifest]) -> str:
    """Deploy ``objects``, which fails, and return what was told as JSON."""
    for number, one in enumerate(objects):
        (folder / f"{number}.json").write_text(json.dumps(one), encoding="utf-8")
    program = Program(folder, bed, "-k", str(folder), "-n", namespace)
    return program("up", "test", "--yes", "--quiet-timeout", "7", "--format", "json", status=1)


@pytest.mark.parametrize(("objects", "words"), CAUSES.values(), ids=CAUSES)
def test_the_cause_is_named(
    bed: BedClient, tmp_path: Path, objects: list[Manifest], words: str
) -> None:
    name = objects[0]["metadata"]["name"]
    with bed.namespace("causes") as namespace:
        named_in_time(deployed(bed, tmp_path, namespace, objects), name, words)


@contextmanager
def strict(bed: BedClient, namespace: str) -> Iterator[None]:
    """Let the namespace take pods of the restricted level of Pod Security only."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    bed.api.patch(f"/api/v1/namespaces/{namespace}", {"metadata": {"labels": labels}})
    yield


@contextmanager
def asked_in_vain(bed: BedClient, namespace: str) -> Iterator[None]:
    """Let a webhook be asked about the pods of the namespace that nobody serves."""
    name = f"nobody-{namespace}"
    selector = {"matchLabels": {"kubernetes.io/metadata.name": namespace}}
    bed.apply(
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": name},
            "webhooks": [
                {
                    "name": "pods.nobody.example",
                    "admissionReviewVersions": ["v1"],
                    "sideEffects": "None",
                    "failurePolicy": "Fail",
                    "namespaceSelector": selector,
                    "rules": [
                        {
                            "apiGroups": [""],
                            "apiVersions": ["v1"],
                            "operations": ["CREATE"],
                            "resources": ["pods"],
                        }
                    ],
                    "clientConfig": {"service": {"namespace": namespace, "name": "nobody"}},
                }
            ],
        }
    )
    try:
        yield
    finally:
        path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
        bed.api.delete(f"{path}/{name}")


@contextmanager
def tainted(bed: BedClient, namespace: str) -> Iterator[None]:
    """Let there be a node that keeps pods off."""
    taints = [{"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}]
    name = f"gpu-{os.getpid()}"
    with bed.node(name, labels={"disk": "fast"}, taints=taints):
        yield


@pytest.mark.parametrize(
    ("around", "objects", "words"),
    [
        pytest.param(strict, web(), 'violates PodSecurity "restricted', id="pod-security"),
        pytest.param(asked_in_vain, web(), "pods.nobody.example", id="a-webhook-without-a-server"),
        pytest.param(
            tainted, web(nodeSelector={"disk": "fast"}), "untolerated taint", id="a-taint"
        ),
    ],
)
def test_what_stands_around_it_is_named(
    bed: BedClient, tmp_path: Path, around: Any, objects: list[Manifest], words: str
) -> None:
    with ExitStack() as held:
        namespace = held.enter_context(bed.namespace("causes"))
        held.enter_context(around(bed, namespace))
        named_in_time(deployed(bed, tmp_path, namespace, objects), "web", words)
