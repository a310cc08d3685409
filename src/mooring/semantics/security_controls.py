"""
The controls of the Pod Security Standards, each with the values of a pod that it forbids.

They stand as the documentation has them, with the defaults of the API server: what is absent is
judged by what it then means.  All containers count, init and ephemeral ones too.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mooring.semantics import fields
from mooring.semantics.pods import PodTemplate
from mooring.semantics.security_levels import NEWEST, OLDEST, Level


class Found(NamedTuple):
    """A forbidden value and its place; None where a value is required and absent."""

    field: str
    value: str | None


Find = Callable[[PodTemplate, int], Iterator[Found]]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _pod(pod: PodTemplate, field: str) -> str:
    return fields.below(pod.path, f"spec.{field}")


def _contexts(pod: PodTemplate) -> Iterator[tuple[str, fields.Manifest]]:
    """Yield the security context of the pod, then those of its containers, with their paths."""
    yield _pod(pod, "securityContext"), pod.security
    for container in pod.containers:
        yield f"{container.path}.securityContext", container.security


def _is_windows(pod: PodTemplate) -> bool:
    return fields.at(pod.spec, "os", "name") == "windows"


def _has_own_users(pod: PodTemplate, minor: int) -> bool:
    """Return whether root in the pod is nobody on the node, which some controls allow for."""
    return minor >= 35 and pod.spec.get("hostUsers") is False


def _host_process(pod: PodTemplate, _: int) -> Iterator[Found]:
    for path, context in _contexts(pod):
        if fields.at(context, "windowsOptions", "hostProcess") is True:
            yield Found(f"{path}.windowsOptions.hostProcess", "true")


def _host_namespaces(pod: PodTemplate, _: int) -> Iterator[Found]:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(field) is True:
            yield Found(_pod(pod, field), "true")


def _privileged(pod: PodTemplate, _: int) -> Iterator[Found]:
    for container in pod.containers:
        if container.security.get("privileged") is True:
            yield Found(f"{container.path}.securityContext.privileged", "true")


def _added_capabilities(pod: PodTemplate, allowed: frozenset[str]) -> Iterator[Found]:
    for container in pod.containers:
        added = fields.items(fields.at(container.security, "capabilities", "add"))
        for index, name in enumerate(added):
            if isinstance(name, str) and name not in allowed:
                path = f"{container.path}.securityContext.capabilities.add[{index}]"
                yield Found(path, name)


_DEFAULT_CAPABILITIES = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
        *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)


def _capabilities_baseline(pod: PodTemplate, _: int) -> Iterator[Found]:
    yield from _added_capabilities(pod, _DEFAULT_CAPABILITIES)


def _capabilities_restricted(pod: PodTemplate, _: int) -> Iterator[Found]:
    if _is_windows(pod):
        return
    for container in pod.containers:
        dropped = fields.texts(fields.at(container.security, "capabilities", "drop"))
        if "ALL" not in dropped:
            path = f"{container.path}.securityContext.capabilities.drop"
            yield Found(path, ", ".join(dropped) or None)
    yield from _added_capabilities(pod, frozenset({"NET_BIND_SERVICE"}))


def _host_paths(pod: PodTemplate, _: int) -> Iterator[Found]:
    for path, volume in pod.volumes:
        source = volume.get("hostPath")
        if source is not None:
            yield Found(f"{path}.hostPath", _shown(fields.at(source, "path") or ""))


_RESTRICTED_VOLUMES = frozenset(
    (
        *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"),
        *("persistentVolumeClaim", "projected", "secret"),
    )
)


def _volume_types(pod: PodTemplate, _: int) -> Iterator[Found]:
    for path, volume in pod.volumes:
        sources = [name for name, source in volume.items() if name != "name" and source is not None]
        # A volume without a source becomes an emptyDir.
        if sources and not _RESTRICTED_VOLUMES.intersection(sources):
            yield Found(f"{path}.{sources[0]}", sources[0])


def _host_ports(pod: PodTemplate, _: int) -> Iterator[Found]:
    for container in pod.containers:
        for index, port in fields.mappings(container.raw.get("ports")):
            used = fields.integer(port.get("hostPort"))
            if used is None and pod.host_network:
                # On the network of the node, every port of the container is one of the node.
                used = fields.integer(port.get("containerPort"))
            if used:
                yield Found(f"{container.path}.ports[{index}].hostPort", _shown(used))


_HANDLERS = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


def _probe_hosts(pod: PodTemplate, _: int) -> Iterator[Found]:
    for container in pod.containers:
        for handler in _HANDLERS:
            for action in ("httpGet", "tcpSocket"):
                host = fields.at(container.raw, *handler, action, "host")
                if isinstance(host, str) and host:
                    yield Found(f"{container.path}.{'.'.join(handler)}.{action}.host", host)


_OWN_PROFILES = ("RuntimeDefault", "Localhost")
_APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"


def _apparmor(pod: PodTemplate, _: int) -> Iterator[Found]:
    yield from _foreign_profiles(pod, "appArmorProfile")
    for key, value in sorted(pod.annotations.items()):
        if key.startswith(_APPARMOR_ANNOTATION) and not (
            value in ("", "runtime/default") or value.startswith("localhost/")
        ):
            yield Found(fields.below(pod.path, f'metadata.annotations["{key}"]'), value)


def _foreign_profiles(pod: PodTemplate, field: str) -> Iterator[Found]:
    for path, context in _contexts(pod):
        profile = context.get(field)
        if isinstance(profile, dict) and profile.get("type") not in _OWN_PROFILES:
            yield Found(f"{path}.{field}.type", _shown(profile.get("type") or ""))


_SELINUX_TYPES = ("", "container_t", "container_init_t", "container_kvm_t")


def _selinux(pod: PodTemplate, minor: int) -> Iterator[Found]:
    allowed = (*_SELINUX_TYPES, "container_engine_t") if minor >= 31 else _SELINUX_TYPES
    for path, context in _contexts(pod):
        options = fields.mapping(context.get("seLinuxOptions"))
        for field, values in (("type", allowed), ("user", ("",)), ("role", ("",))):
            value = options.get(field)
            if value is not None and value not in values:
                yield Found(f"{path}.seLinuxOptions.{field}", _shown(value))


def _proc_mount(pod: PodTemplate, _: int) -> Iterator[Found]:
    for container in pod.containers:
        value = container.security.get("procMount")
        if value not in (None, "Default"):
            yield Found(f"{container.path}.securityContext.procMount", _shown(value))


def _proc_mount_baseline(pod: PodTemplate, minor: int) -> Iterator[Found]:
    if not _has_own_users(pod, minor):
        yield from _proc_mount(pod, minor)


def _seccomp_baseline(pod: PodTemplate, _: int) -> Iterator[Found]:
    yield from _foreign_profiles(pod, "seccompProfile")


def _seccomp_restricted(pod: PodTemplate, minor: int) -> Iterator[Found]:
    if _is_windows(pod):
        return
    yield from _seccomp_baseline(pod, minor)
    if fields.at(pod.security, "seccompProfile", "type") not in _OWN_PROFILES:
        for container in pod.containers:
            if not isinstance(container.security.get("seccompProfile"), dict):
                yield Found(f"{container.path}.securityContext.seccompProfile.type", None)


_SAFE_SYSCTLS = {
    "kernel.shm_rmid_forced": OLDEST,
    "net.ipv4.ip_local_port_range": OLDEST,
    "net.ipv4.tcp_syncookies": OLDEST,
    "net.ipv4.ping_group_range": OLDEST,
    "net.ipv4.ip_unprivileged_port_start": OLDEST,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
}
"""The sysctls that pods may set, and the minor version from which each counts as safe."""


def _sysctls(pod: PodTemplate, minor: int) -> Iterator[Found]:
    for index, entry in fields.mappings(pod.security.get("sysctls")):
        name = fields.text(entry.get("name")) or ""
        if _SAFE_SYSCTLS.get(name, NEWEST + 1) > minor:
            yield Found(_pod(pod, f"securityContext.sysctls[{index}].name"), name)


def _escalation(pod: PodTemplate, _: int) -> Iterator[Found]:
    if _is_windows(pod):
        return
    for container in pod.containers:
        value = fields.flag(container.security.get("allowPrivilegeEscalation"))
        if value is not False:
            path = f"{container.path}.securityContext.allowPrivilegeEscalation"
            yield Found(path, None if value is None else "true")


def _non_root(pod: PodTemplate, minor: int) -> Iterator[Found]:
    if _has_own_users(pod, minor):
        return
    for path, context in _contexts(pod):
        if context.get("runAsNonRoot") is False:
            yield Found(f"{path}.runAsNonRoot", "false")
    if pod.security.get("runAsNonRoot") is not True:
        for container in pod.containers:
            if fields.flag(container.security.get("runAsNonRoot")) is None:
                yield Found(f"{container.path}.securityContext.runAsNonRoot", None)


def _root_user(pod: PodTemplate, minor: int) -> Iterator[Found]:
    if _has_own_users(pod, minor):
        return
    for path, context in _contexts(pod):
        if fields.integer(context.get("runAsUser")) == 0:
            yield Found(f"{path}.runAsUser", "0")


class Control(NamedTuple):
    """A control; from the minor version ``replaced_from`` on, *restricted* has a stricter one."""

    id: str
    level: Level
    find: Find
    allowed: str
    since: int = OLDEST
    replaced_from: int = NEWEST + 1


_B, _R = Level.BASELINE, Level.RESTRICTED
_PROFILES = "RuntimeDefault or Localhost"
CONTROLS = (
    Control("host-process", _B, _host_process, "false or absent"),
    Control("host-namespaces", _B, _host_namespaces, "false or absent"),
    Control("privileged-containers", _B, _privileged, "false or absent"),
    Control(
        "capabilities",
        _B,
        _capabilities_baseline,
        f"absent, or some of {', '.join(sorted(_DEFAULT_CAPABILITIES))}",
        replaced_from=OLDEST,
    ),
    Control("host-path-volumes", _B, _host_paths, "absent", replaced_from=OLDEST),
    Control("host-ports", _B, _host_ports, "absent or 0"),
    Control("probe-hosts", _B, _probe_hosts, "absent or empty", since=34),
    Control("apparmor", _B, _apparmor, f"{_PROFILES}, or absent"),
    Control("selinux", _B, _selinux, "a container type and no user or role, or absent"),
    Control("proc-mount", _B, _proc_mount_baseline, "Default or absent", replaced_from=35),
    Control("seccomp", _B, _seccomp_baseline, f"{_PROFILES}, or absent", replaced_from=OLDEST),
    Control("sysctls", _B, _sysctls, "one of the safe sysctls"),
    Control("volume-types", _R, _volume_types, f"one of {', '.join(sorted(_RESTRICTED_VOLUMES))}"),
    Control("privilege-escalation", _R, _escalation, "false"),
    Control("run-as-non-root", _R, _non_root, "true, here or for the whole pod"),
    Control("run-as-user", _R, _root_user, "another user than 0, or absent"),
    Control("seccomp", _R, _seccomp_restricted, f"{_PROFILES}, here or for the whole pod"),
    Control(
        "capabilities", _R, _capabilities_restricted, "drop of ALL, and add of NET_BIND_SERVICE"
    ),
    Control("proc-mount", _R, _proc_mount, "Default or absent", since=35),
)
