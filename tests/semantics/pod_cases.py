"""
Pods that differ in one thing from one that meets the restricted standard, and what that breaks.

The same pods are judged by us (`test_pod_security`) and by a real API server
(`test_admission_real`).
"""

import copy
import random
from typing import Any, NamedTuple

from tests.semantics.manifests import Raw

CLEAN_CONTAINER: Raw = {
    "name": "main",
    "image": "example.com/app:1",
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
}
BARE_CONTAINER: Raw = {"name": "main", "image": "example.com/app:1"}

BASELINE = frozenset(
    {
        *("host-process", "host-namespaces", "privileged-containers", "capabilities"),
        *("host-path-volumes", "host-ports", "probe-hosts", "apparmor", "selinux", "proc-mount"),
        *("seccomp", "sysctls"),
    }
)


class Case(NamedTuple):
    """A pod, and the controls that keep it from each level."""

    pod: Raw
    baseline: frozenset[str] = frozenset()
    restricted: frozenset[str] = frozenset()


def pod(spec: Raw, annotations: dict[str, str] | None = None) -> Raw:
    metadata: Raw = {"name": "app", "labels": {"app": "app"}}
    if annotations:
        metadata["annotations"] = annotations
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def clean(
    security: Raw | None = None,
    *,
    drop: tuple[str, ...] = (),
    container: Raw | None = None,
    annotations: dict[str, str] | None = None,
    **spec: Any,
) -> Raw:
    """Return the clean pod, with a container's security and fields, and the pod's, changed."""
    made = copy.deepcopy(CLEAN_CONTAINER)
    made["securityContext"] |= security or {}
    for name in drop:
        del made["securityContext"][name]
    return pod({"containers": [{**made, **(container or {})}], **spec}, annotations)


def with_container(field: str, made: Raw) -> Raw:
    """Return the clean pod with another container in ``field``."""
    return clean(**{field: [{**made, "name": "other"}]})


def _case(found: Raw, *controls: str, only: str = "") -> Case:
    """Return a case of controls that both levels have, or ``only`` one of them."""
    both = frozenset(controls)
    restricted = both | frozenset([only] if only else [])
    renamed = {"host-path-volumes": "volume-types"}
    return Case(found, both, frozenset(renamed.get(each, each) for each in restricted))


def _volume(**source: Any) -> Raw:
    return clean(volumes=[{"name": "v", **source}])


def _sysctl(name: str, value: str = "1") -> Raw:
    return clean(securityContext={"sysctls": [{"name": name, "value": value}]})


def _handler(field: str, action: Raw) -> Raw:
    if field in ("postStart", "preStop"):
        return clean(container={"lifecycle": {field: action}})
    return clean(container={field: action})


ALL_RESTRICTED = ("privilege-escalation", "run-as-non-root", "seccomp", "capabilities")

CASES: dict[str, Case] = {
    "clean": Case(clean()),
    "bare": Case(pod({"containers": [BARE_CONTAINER]}), restricted=frozenset(ALL_RESTRICTED)),
    # What the pod sets for all, and what containers set for themselves.
    "pod-level-settings-count": Case(
        clean(
            drop=("runAsNonRoot", "seccompProfile"),
            securityContext={
                "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        )
    ),
    "container-overrules-pod-non-root": _case(
        clean({"runAsNonRoot": False}, securityContext={"runAsNonRoot": True}),
        only="run-as-non-root",
    ),
    "pod-says-root-though-containers-do-not": _case(
        clean(securityContext={"runAsNonRoot": False}), only="run-as-non-root"
    ),
    "no-non-root": _case(clean(drop=("runAsNonRoot",)), only="run-as-non-root"),
    "non-root-null": _case(clean({"runAsNonRoot": None}), only="run-as-non-root"),
    "user-0": _case(clean({"runAsUser": 0}), only="run-as-user"),
    "user-0-for-the-pod": _case(clean(securityContext={"runAsUser": 0}), only="run-as-user"),
    "user-1000": Case(clean({"runAsUser": 1000})),
    "group-0": Case(clean({"runAsGroup": 0})),
    "supplemental-group-0": Case(clean(securityContext={"supplementalGroups": [0], "fsGroup": 0})),
    "no-seccomp": _case(clean(drop=("seccompProfile",)), only="seccomp"),
    "seccomp-unconfined": _case(clean({"seccompProfile": {"type": "Unconfined"}}), "seccomp"),
    "seccomp-unconfined-for-the-pod": _case(
        clean(securityContext={"seccompProfile": {"type": "Unconfined"}}), "seccomp"
    ),
    "seccomp-localhost": Case(
        clean({"seccompProfile": {"type": "Localhost", "localhostProfile": "a.json"}})
    ),
    "seccomp-only-of-the-pod": Case(
        clean(
            drop=("seccompProfile",),
            securityContext={"seccompProfile": {"type": "Localhost", "localhostProfile": "a.json"}},
        )
    ),
    "escalation-true": _case(
        clean({"allowPrivilegeEscalation": True}), only="privilege-escalation"
    ),
    "escalation-absent": _case(
        clean(drop=("allowPrivilegeEscalation",)), only="privilege-escalation"
    ),
    "privileged": _case(
        clean({"privileged": True}, drop=("allowPrivilegeEscalation",)),
        "privileged-containers",
        only="privilege-escalation",
    ),
    "privileged-false": Case(clean({"privileged": False})),
    "read-only-root-is-nobodys-business": Case(clean({"readOnlyRootFilesystem": False})),
    # Capabilities.
    "drop-nothing": _case(clean(drop=("capabilities",)), only="capabilities"),
    "drop-some": _case(clean({"capabilities": {"drop": ["NET_RAW"]}}), only="capabilities"),
    "drop-all-in-small-letters": _case(
        clean({"capabilities": {"drop": ["all"]}}), only="capabilities"
    ),
    "drop-all-and-more": Case(clean({"capabilities": {"drop": ["NET_RAW", "ALL"]}})),
    "add-bind": Case(clean({"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}})),
    "add-nothing": Case(clean({"capabilities": {"drop": ["ALL"], "add": []}})),
    "add-chown": _case(
        clean({"capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}}), only="capabilities"
    ),
    "add-default-ones-without-drop": _case(
        clean({"capabilities": {"add": ["SETUID", "SETGID", "KILL"]}}), only="capabilities"
    ),
    "add-net-raw": _case(
        clean({"capabilities": {"drop": ["ALL"], "add": ["NET_RAW"]}}), "capabilities"
    ),
    "add-net-admin": _case(
        clean({"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]}}), "capabilities"
    ),
    "add-with-prefix": _case(
        clean({"capabilities": {"drop": ["ALL"], "add": ["CAP_CHOWN"]}}), "capabilities"
    ),
    "add-all": _case(clean({"capabilities": {"drop": ["ALL"], "add": ["ALL"]}}), "capabilities"),
    "add-ipc-lock": _case(
        clean({"capabilities": {"drop": ["ALL"], "add": ["IPC_LOCK"]}}), "capabilities"
    ),
    "add-sys-admin": _case(
        clean(
            {"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}},
            drop=("allowPrivilegeEscalation",),
        ),
        "capabilities",
        only="privilege-escalation",
    ),
    # The node's namespaces and ports.
    "host-network": _case(clean(hostNetwork=True), "host-namespaces"),
    "host-network-makes-ports-host-ports": _case(
        clean(container={"ports": [{"containerPort": 8080}]}, hostNetwork=True),
        *("host-namespaces", "host-ports"),
    ),
    "host-pid": _case(clean(hostPID=True), "host-namespaces"),
    "host-ipc": _case(clean(hostIPC=True), "host-namespaces"),
    "host-namespaces-false": Case(clean(hostNetwork=False, hostPID=False, hostIPC=False)),
    "share-process-namespace": Case(clean(shareProcessNamespace=True)),
    "container-port": Case(clean(container={"ports": [{"containerPort": 80}]})),
    "host-port": _case(
        clean(container={"ports": [{"containerPort": 80, "hostPort": 8080}]}), "host-ports"
    ),
    "host-port-0": Case(clean(container={"ports": [{"containerPort": 80, "hostPort": 0}]})),
    # Volumes.
    "host-path": _case(_volume(hostPath={"path": "/"}), "host-path-volumes"),
    "host-path-read-only": _case(
        clean(
            container={"volumeMounts": [{"name": "v", "mountPath": "/v", "readOnly": True}]},
            volumes=[{"name": "v", "hostPath": {"path": "/var/run/docker.sock"}}],
        ),
        "host-path-volumes",
    ),
    "nfs": _case(_volume(nfs={"server": "a", "path": "/"}), only="volume-types"),
    "iscsi": _case(
        _volume(iscsi={"targetPortal": "a:1", "iqn": "iqn.2001-04.com.example:a", "lun": 0}),
        only="volume-types",
    ),
    "git-repo": _case(_volume(gitRepo={"repository": "https://a.example"}), only="volume-types"),
    "azure-file": _case(
        _volume(azureFile={"secretName": "s", "shareName": "a"}), only="volume-types"
    ),
    "aws-disk": _case(_volume(awsElasticBlockStore={"volumeID": "a"}), only="volume-types"),
    "gce-disk": _case(_volume(gcePersistentDisk={"pdName": "a"}), only="volume-types"),
    "cinder": _case(_volume(cinder={"volumeID": "a"}), only="volume-types"),
    "rbd": _case(_volume(rbd={"monitors": ["a"], "image": "b"}), only="volume-types"),
    "cephfs": _case(_volume(cephfs={"monitors": ["a"]}), only="volume-types"),
    "flex": _case(_volume(flexVolume={"driver": "a/b"}), only="volume-types"),
    "fibre-channel": _case(_volume(fc={"wwids": ["a"]}), only="volume-types"),
    "empty-dir": Case(_volume(emptyDir={})),
    "config-map": Case(_volume(configMap={"name": "a"})),
    "secret": Case(_volume(secret={"secretName": "a"})),
    "claim": Case(_volume(persistentVolumeClaim={"claimName": "a"})),
    "downward": Case(_volume(downwardAPI={"items": []})),
    "projected": Case(_volume(projected={"sources": []})),
    "csi": Case(_volume(csi={"driver": "a.example.com"})),
    "image-volume": Case(_volume(image={"reference": "example.com/a:1"})),
    "ephemeral": Case(
        _volume(
            ephemeral={
                "volumeClaimTemplate": {
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "resources": {"requests": {"storage": "1Gi"}},
                    }
                }
            }
        )
    ),
    "a-volume-without-source-is-an-empty-dir": Case(_volume()),
    # Sysctls.
    "sysctl-safe": Case(_sysctl("kernel.shm_rmid_forced")),
    "sysctl-keepalive": Case(_sysctl("net.ipv4.tcp_keepalive_time", "60")),
    "sysctl-rmem": Case(_sysctl("net.ipv4.tcp_rmem", "4096 131072 6291456")),
    "sysctl-somaxconn": _case(_sysctl("net.core.somaxconn", "1024"), "sysctls"),
    "sysctl-of-the-node": _case(_sysctl("vm.max_map_count", "262144"), "sysctls"),
    "sysctl-with-slashes": _case(_sysctl("net/ipv4/tcp_syncookies"), "sysctls"),
    # SELinux, AppArmor, proc.
    "selinux-container": Case(clean({"seLinuxOptions": {"type": "container_t", "level": "s0"}})),
    "selinux-engine": Case(clean({"seLinuxOptions": {"type": "container_engine_t"}})),
    "selinux-spc": _case(clean({"seLinuxOptions": {"type": "spc_t"}}), "selinux"),
    "selinux-user": _case(clean(securityContext={"seLinuxOptions": {"user": "a"}}), "selinux"),
    "selinux-role": _case(clean({"seLinuxOptions": {"role": "a"}}), "selinux"),
    "selinux-level-only": Case(clean({"seLinuxOptions": {"level": "s0:c1,c2"}})),
    "apparmor-default": Case(clean({"appArmorProfile": {"type": "RuntimeDefault"}})),
    "apparmor-localhost": Case(
        clean({"appArmorProfile": {"type": "Localhost", "localhostProfile": "a"}})
    ),
    "apparmor-unconfined": _case(clean({"appArmorProfile": {"type": "Unconfined"}}), "apparmor"),
    "apparmor-unconfined-for-the-pod": _case(
        clean(securityContext={"appArmorProfile": {"type": "Unconfined"}}), "apparmor"
    ),
    "apparmor-annotation-default": Case(
        clean(
            annotations={"container.apparmor.security.beta.kubernetes.io/main": "runtime/default"}
        )
    ),
    "apparmor-annotation-localhost": Case(
        clean(annotations={"container.apparmor.security.beta.kubernetes.io/main": "localhost/a"})
    ),
    "apparmor-annotation-unconfined": _case(
        clean(annotations={"container.apparmor.security.beta.kubernetes.io/main": "unconfined"}),
        "apparmor",
    ),
    "proc-mount-default": Case(clean({"procMount": "Default"})),
    "proc-mount-unmasked-with-own-users": Case(
        clean({"procMount": "Unmasked"}, hostUsers=False), frozenset(), frozenset({"proc-mount"})
    ),
    # User namespaces.
    "own-users-may-be-root": Case(clean({"runAsUser": 0, "runAsNonRoot": False}, hostUsers=False)),
    "own-users-need-no-non-root": Case(clean(drop=("runAsNonRoot",), hostUsers=False)),
    "own-users-still-need-the-rest": Case(
        pod({"containers": [BARE_CONTAINER], "hostUsers": False}),
        frozenset(),
        frozenset({"privilege-escalation", "seccomp", "capabilities"}),
    ),
    "host-users-true-changes-nothing": _case(
        clean({"runAsUser": 0}, hostUsers=True), only="run-as-user"
    ),
    # Probes and hooks that call somewhere else.
    **{
        f"{field}-{action}-host".lower(): _case(
            _handler(field, {action: {"port": 80, "host": "192.0.2.1"}}), "probe-hosts"
        )
        for field in ("livenessProbe", "readinessProbe", "startupProbe", "postStart", "preStop")
        for action in ("httpGet", "tcpSocket")
    },
    "probe-host-empty": Case(_handler("livenessProbe", {"httpGet": {"port": 80, "host": ""}})),
    "probe-without-host": Case(_handler("readinessProbe", {"tcpSocket": {"port": 80}})),
    "hook-exec": Case(_handler("preStop", {"exec": {"command": ["true"]}})),
    # Every container counts.
    "bare-init-container": Case(
        with_container("initContainers", BARE_CONTAINER), restricted=frozenset(ALL_RESTRICTED)
    ),
    "clean-init-container": Case(with_container("initContainers", CLEAN_CONTAINER)),
    "privileged-init-container": _case(
        with_container(
            "initContainers",
            {**CLEAN_CONTAINER, "securityContext": {"privileged": True}},
        ),
        "privileged-containers",
    )._replace(restricted=frozenset({*ALL_RESTRICTED, "privileged-containers"})),
    "bare-sidecar": Case(
        with_container("initContainers", {**BARE_CONTAINER, "restartPolicy": "Always"}),
        restricted=frozenset(ALL_RESTRICTED),
    ),
    "host-port-of-a-sidecar": _case(
        with_container(
            "initContainers",
            {
                **CLEAN_CONTAINER,
                "restartPolicy": "Always",
                "ports": [{"containerPort": 1, "hostPort": 1}],
            },
        ),
        "host-ports",
    ),
    "one-bare-container-of-two": Case(
        pod({"containers": [CLEAN_CONTAINER, {**BARE_CONTAINER, "name": "other"}]}),
        restricted=frozenset(ALL_RESTRICTED),
    ),
    # Windows.
    "windows": Case(
        pod(
            {
                "containers": [BARE_CONTAINER],
                "os": {"name": "windows"},
                "securityContext": {"runAsNonRoot": True},
            }
        )
    ),
    "windows-without-non-root": _case(
        pod({"containers": [BARE_CONTAINER], "os": {"name": "windows"}}), only="run-as-non-root"
    ),
    "windows-host-process": _case(
        pod(
            {
                "containers": [BARE_CONTAINER],
                "os": {"name": "windows"},
                "hostNetwork": True,
                "securityContext": {"runAsNonRoot": True, "windowsOptions": {"hostProcess": True}},
            }
        ),
        *("host-process", "host-namespaces"),
    ),
    "linux-by-name": Case(
        pod({"containers": [BARE_CONTAINER], "os": {"name": "linux"}}),
        restricted=frozenset(ALL_RESTRICTED),
    ),
}


def mixtures(count: int) -> dict[str, Raw]:
    """Return pods in which several things differ at once, always the same ones."""
    chance = random.Random(1)
    found: dict[str, Raw] = {}
    container_changes: list[Raw] = [
        {"runAsNonRoot": False},
        {"runAsNonRoot": True},
        {"runAsUser": 0},
        {"runAsUser": 7},
        {"capabilities": {"drop": ["ALL"]}},
        {"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "CHOWN"]}},
        {"capabilities": {"add": ["NET_RAW"]}},
        {"allowPrivilegeEscalation": False},
        {"seccompProfile": {"type": "Unconfined"}},
        {"seccompProfile": {"type": "RuntimeDefault"}},
        {"appArmorProfile": {"type": "Unconfined"}},
        {"seLinuxOptions": {"type": "spc_t", "role": "r"}},
        {"readOnlyRootFilesystem": True},
    ]
    pod_changes: list[Raw] = [
        {"runAsNonRoot": True},
        {"runAsNonRoot": False},
        {"runAsUser": 0},
        {"seccompProfile": {"type": "RuntimeDefault"}},
        {"seccompProfile": {"type": "Unconfined"}},
        {"sysctls": [{"name": "net.core.somaxconn", "value": "1"}]},
        {"fsGroup": 1},
        {"appArmorProfile": {"type": "RuntimeDefault"}},
    ]
    spec_changes: list[Raw] = [
        {"hostUsers": False},
        {"hostPID": True},
        {"hostIPC": True},
        {"volumes": [{"name": "v", "hostPath": {"path": "/"}}, {"name": "w", "emptyDir": {}}]},
        {"volumes": [{"name": "v", "nfs": {"server": "a", "path": "/"}}]},
        {"shareProcessNamespace": True},
        {},
    ]
    for number in range(count):
        made = []
        for index in range(chance.randint(1, 3)):
            base = chance.choice([CLEAN_CONTAINER, BARE_CONTAINER])
            context: Raw = dict(base.get("securityContext", {}))
            for change in chance.sample(container_changes, chance.randint(0, 4)):
                context |= change
            made.append({**base, "name": f"c{index}", "securityContext": context})
        security: Raw = {}
        for change in chance.sample(pod_changes, chance.randint(0, 3)):
            security |= change
        spec: Raw = {"containers": made[:1], "securityContext": security}
        if made[1:]:
            spec["initContainers"] = made[1:]
        spec |= chance.choice(spec_changes)
        if spec.get("hostUsers") is False:
            # The API server accepts no pod with users of its own and namespaces of the node.
            for field in ("hostPID", "hostIPC"):
                spec.pop(field, None)
        found[f"mixture-{number}"] = pod(spec)
    return found
