"""
A pod that may change the files of its node.

## What it does
Finds directories of the system (`/etc`, `/usr`, `/boot`, `/root`, `/proc`, `/sys`,
`/var/lib/kubelet`, ...) that are mounted from the node and may be written, outside of DaemonSets;
of agents of the nodes it is a doubt only.

## Why it matters
A file in `/etc/cron.d` or a manifest in the kubelet's folder is run by root on the node.

## Example
    volumes: [{name: etc, hostPath: {path: /etc}}]
    # and a mount of it without readOnly: true

Mount it with `readOnly: true`, or leave it out.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="host-path-written", severity=Severity.WARNING, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each mount by which files of the system can be changed."""
    for pod in bundle.pods:
        of_system = {
            name: host
            for name, (_, volume) in pod.volumes.items()
            if (host := fields.text(fields.at(volume, "hostPath", "path"))) and _is_system(host)
        }
        if not of_system:
            continue
        for container in pod.containers:
            for path, mount in container.mounts:
                host = of_system.get(fields.text(mount.get("name")) or "")
                if host is None or mount.get("readOnly") is True:
                    continue
                yield RULE.finding(
                    pod.owner,
                    f"the container {container.name} may change {host} of its node",
                    field=path,
                    remedy="set readOnly: true, or leave it out",
                    confidence=Confidence.LOW if pod.kind == kinds.DAEMON_SET else None,
                )


_SYSTEM = (
    *("/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/boot", "/root", "/proc", "/sys"),
    *("/var/lib/kubelet", "/var/lib/docker", "/var/lib/containerd", "/var/lib/etcd"),
)
_HARMLESS = ("/etc/localtime", "/etc/timezone", "/etc/machine-id", "/lib/modules", "/usr/share/")


def _is_system(host: str) -> bool:
    plain = host.rstrip("/")
    return any(plain == one or plain.startswith(f"{one}/") for one in _SYSTEM) and not (
        f"{plain}/".startswith(_HARMLESS)
    )
