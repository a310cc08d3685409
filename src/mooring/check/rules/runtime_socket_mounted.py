"""
The socket of the container runtime in a pod.

## What it does
Finds volumes of the host path `/var/run/docker.sock`, `/run/containerd/containerd.sock` and the
like, and of `/`.  Agents of nodes that only read it are told with less weight.

## Why it matters
Whoever can write to it starts containers with all rights: it is root on the node, and most nodes
have no Docker any more.

## Example
    volumes: [{name: docker, hostPath: {path: /var/run/docker.sock}}]

Use the API of Kubernetes, with an account that may do just that.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="runtime-socket-mounted",
    severity=Severity.WARNING,
    since="0.1",
    group="pod-security",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each volume that gives the node away."""
    for pod in bundle.pods:
        for path, volume in pod.volumes.values():
            host = fields.text(fields.at(volume, "hostPath", "path"))
            if host is None:
                continue
            plain = host.rstrip("/") or "/"
            if plain == "/" or plain.removeprefix("/var") in _SOCKETS:
                what = "all of the node's files" if plain == "/" else "the container runtime"
                yield RULE.finding(
                    pod.owner,
                    f"the volume {volume.get('name')} hands it {what}: {host}",
                    field=f"{path}.hostPath.path",
                    remedy="use the API of Kubernetes instead",
                    confidence=Confidence.LOW if _only_looks(pod, volume.get("name")) else None,
                )


def _only_looks(pod: Pod, volume: object) -> bool:
    """Tell whether an agent of the nodes reads the volume and cannot write to it."""
    return pod.kind == kinds.DAEMON_SET and all(
        mount.get("readOnly") is True
        for container in pod.containers
        for _, mount in container.mounts
        if mount.get("name") == volume
    )


_SOCKETS = frozenset(
    {
        "/run/docker.sock",
        "/run/containerd/containerd.sock",
        "/run/crio/crio.sock",
        "/run/podman/podman.sock",
    }
)
