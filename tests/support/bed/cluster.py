"""
The test bed: API server, scheduler and controller manager, with nodes and pods that kwok plays.

What the control plane decides is real: owners, scheduling, quota, rollouts, garbage collection.
What nodes would do is played (see `stages`): no container runs.  Claims of the default StorageClass
`bed` get a volume when a pod that uses them has a node; those of `bed-stuck` never do.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support import gotools
from tests.support.bed import kwok, stages
from tests.support.controlplane import ControlPlane, Endpoint, free_ports
from tests.support.kubeapi import KubeApi, KubeObject

NODES = ("node-1", "node-2")
"""The nodes of every bed: 4 CPUs, 8 GiB and 110 pods each."""

_LOG_TIME = "2026-01-01T12:00:00.000000000Z"


class Bed(ControlPlane):
    """The test bed, alive inside a `with` block; for what it raises see `ControlPlane`."""

    _admission_flags = ()

    def _start(self) -> Endpoint:
        endpoint = super()._start()
        with KubeApi(endpoint) as api:
            self._run_controllers()
            self._run_nodes(api, endpoint)
            account = "/api/v1/namespaces/default/serviceaccounts/default"
            self._wait(lambda: _exists(api, account), "kube-controller-manager")
        return endpoint

    def _run_controllers(self) -> None:
        ports = free_ports(2)
        for applet, port, flags in (
            ("kube-scheduler", ports[0], []),
            ("kube-controller-manager", ports[1], self._controller_flags()),
        ):
            kubeconfig = self._file(f"{applet.removeprefix('kube-')}.kubeconfig")
            self._run(
                applet,
                f"--kubeconfig={kubeconfig}",
                f"--authentication-kubeconfig={kubeconfig}",
                f"--authorization-kubeconfig={kubeconfig}",
                "--bind-address=127.0.0.1",
                f"--secure-port={port}",
                "--leader-elect=false",
                "--profiling=false",
                *flags,
            )

    def _controller_flags(self) -> list[str]:
        return [
            "--use-service-account-credentials=true",
            f"--service-account-private-key-file={self._file('sa.key')}",
            f"--root-ca-file={self._file('ca.crt')}",
            f"--cluster-signing-cert-file={self._file('ca.crt')}",
            f"--cluster-signing-key-file={self._file('ca.key')}",
            "--kube-api-qps=200",
            "--kube-api-burst=400",
            # A gap in kwok's heartbeats, on a busy machine, must not make every pod unready.
            "--node-monitor-grace-period=24h",
            # There is no metrics API.
            "--controllers=*,-horizontal-pod-autoscaler-controller",
        ]

    def _run_nodes(self, api: KubeApi, endpoint: Endpoint) -> None:
        logs = log_folder(endpoint)
        logs.mkdir(exist_ok=True)
        for name, text in {**stages.LOGS, "started": "started\n"}.items():
            write_log(endpoint, name, text)
        configuration = self._directory / "kwok.yaml"
        configuration.write_text(kwok.configuration(logs), encoding="utf-8")
        _applied(api, [_LOGS_DEFINITION, *_STORAGE_CLASSES, *map(node, NODES)])
        (port,) = free_ports(1)
        self._run(
            "kwok",
            f"--kubeconfig={endpoint.kubeconfig}",
            f"--config={configuration}",
            "--manage-all-nodes=true",
            "--node-ip=127.0.0.1",
            f"--node-port={port}",
            f"--server-address=127.0.0.1:{port}",
            f"--tls-cert-file={self._file('apiserver.crt')}",
            f"--tls-private-key-file={self._file('apiserver.key')}",
            "--enable-crds=Logs",
            "--node-lease-duration-seconds=40",
            program=gotools.tool("kwok"),
        )
        self._wait(lambda: all(_node_is_ready(api, name) for name in NODES), "kwok")


def log_folder(endpoint: Endpoint) -> Path:
    """Return where the bed at ``endpoint`` keeps what its pods have logged."""
    return Path(endpoint.kubeconfig).parent / "logs"


def write_log(endpoint: Endpoint, name: str, text: str) -> None:
    """
    Let pods whose annotation `bed.mooring.dev/logs` is ``name`` have logged ``text``.

    It is the log of their containers now and before they were restarted.
    """
    lines = [f"{_LOG_TIME} stdout F {line}\n" for line in text.splitlines()]
    (log_folder(endpoint) / f"{name}.log").write_text("".join(lines), encoding="utf-8")


def node(
    name: str,
    *,
    cpu: str = "4",
    memory: str = "8Gi",
    pods: int = 110,
    arch: str = "amd64",
    labels: Mapping[str, str] = {},
    taints: Sequence[Mapping[str, str]] = (),
) -> KubeObject:
    """Return a node; it is ready soon after it was applied (and `lost` when labelled so)."""
    own = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": arch,
        **labels,
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": own},
        "spec": {"taints": list(taints)} if taints else {},
        "status": _capacity(cpu, memory, pods, arch),
    }


def _capacity(cpu: str, memory: str, pods: int, arch: str) -> dict[str, Any]:
    amounts = {"cpu": cpu, "memory": memory, "pods": str(pods), "ephemeral-storage": "100Gi"}
    return {
        "capacity": amounts,
        "allocatable": amounts,
        "nodeInfo": {
            "architecture": arch,
            "operatingSystem": "linux",
            "kubeletVersion": "v{}.{}.{}".format(*gotools.kubernetes_version()),
            "containerRuntimeVersion": "containerd://2.1.0",
            "osImage": "Debian GNU/Linux 12 (bookworm)",
            "kernelVersion": "6.1.0",
            "bootID": "",
            "machineID": "",
            "systemUUID": "",
            "kubeProxyVersion": "",
        },
    }


def _applied(api: KubeApi, objects: list[KubeObject]) -> None:
    for verdict in api.apply(objects, manager="bed"):
        if verdict.error:
            raise AssertionError(f"{verdict.ref}: {verdict.error}")


def _exists(api: KubeApi, path: str) -> bool:
    try:
        api.get(path)
    except OSError:
        return False
    return True


def _node_is_ready(api: KubeApi, name: str) -> bool:
    conditions = api.get(f"/api/v1/nodes/{name}").get("status", {}).get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _storage_class(name: str, provisioner: str, *, default: bool = False) -> KubeObject:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name, "annotations": annotations},
        "provisioner": provisioner,
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": True,
    }


_STORAGE_CLASSES = (
    _storage_class("bed", stages.PROVISIONER, default=True),
    _storage_class("bed-stuck", "bed.mooring.dev/nobody"),
)

_LOGS_DEFINITION: KubeObject = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {
        "name": "logs.kwok.x-k8s.io",
        "annotations": {
            # Groups below k8s.io want to name their review.
            "api-approved.kubernetes.io": "unapproved, kwok's own definition shortened for tests"
        },
    },
    "spec": {
        "group": "kwok.x-k8s.io",
        "scope": "Namespaced",
        "names": {"kind": "Logs", "plural": "logs", "singular": "logs", "listKind": "LogsList"},
        "versions": [
            {
                "name": "v1alpha1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "x-kubernetes-preserve-unknown-fields": True,
                    }
                },
            }
        ],
    },
}
