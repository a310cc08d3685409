"""
The level of the Pod Security Standards at which a namespace admits the pods made for it.

A namespace that enforces a stricter level than its pods meet holds Deployments without pods, so
the level is the one that the loosest pod needs; stricter ones are only warned of.  The pods are
ours, so the level follows from the few fields that we set; a test compares the result with the
full standards in ``mooring.semantics``.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterable
from enum import IntEnum

from mooring.kube.objects.containers import Container
from mooring.kube.objects.meta import KubeObject
from mooring.kube.objects.pods import PodSpec
from mooring.kube.objects.security import PodSecurityContext, SecurityContext
from mooring.kube.objects.workloads import CronJob, DaemonSet, Deployment, Job, StatefulSet

_ENFORCE = "pod-security.kubernetes.io/enforce"
_WARN = "pod-security.kubernetes.io/warn"
_DEFAULT_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
        "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    }
)  # fmt: skip
_SAFE_KERNEL_SETTINGS = frozenset(
    {
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
    }
)  # fmt: skip
_SELINUX_TYPES = frozenset(
    {None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
)
_PROFILES = frozenset({"RuntimeDefault", "Localhost"})


class Level(IntEnum):
    """The levels, the loosest first."""

    PRIVILEGED = 0
    BASELINE = 1
    RESTRICTED = 2


def namespace_labels(objects: Iterable[KubeObject]) -> dict[str, str]:
    """Return the labels that let a namespace admit the pods of ``objects``, and no looser ones."""
    levels = [level(spec) for spec in map(_pod, objects) if spec is not None]
    needed = min(levels, default=Level.RESTRICTED)
    return {_ENFORCE: needed.name.lower(), _WARN: Level.RESTRICTED.name.lower()}


def level(pod: PodSpec) -> Level:
    """Return the strictest level that admits ``pod``."""
    containers = (*pod.init_containers, *pod.containers)
    context = pod.security_context or PodSecurityContext()
    if not _is_baseline(pod, context, containers):
        return Level.PRIVILEGED
    is_restricted = all(_is_restricted(one.security_context, pod) for one in containers)
    return Level.RESTRICTED if is_restricted else Level.BASELINE


def _pod(item: KubeObject) -> PodSpec | None:
    if isinstance(item, Deployment | StatefulSet | DaemonSet | Job):
        return item.spec.template.spec
    if isinstance(item, CronJob):
        return item.spec.job_template.spec.template.spec
    return None


def _is_baseline(
    pod: PodSpec, context: PodSecurityContext, containers: tuple[Container, ...]
) -> bool:
    return not (
        pod.host_network
        or pod.host_pid
        or pod.host_ipc
        or any(volume.host_path is not None for volume in pod.volumes)
        or any(sysctl.name not in _SAFE_KERNEL_SETTINGS for sysctl in context.sysctls)
        or any(_breaks_baseline(one) for one in containers)
    )


def _breaks_baseline(container: Container) -> bool:
    context = container.security_context or SecurityContext()
    added = set(context.capabilities.add) if context.capabilities else set()
    selinux = context.se_linux_options
    return bool(
        context.privileged
        or added - _DEFAULT_CAPABILITIES
        or any(port.host_port for port in container.ports)
        or (context.seccomp_profile and context.seccomp_profile.type not in _PROFILES)
        or (context.app_armor_profile and context.app_armor_profile.type not in _PROFILES)
        or (selinux and (selinux.user or selinux.role or selinux.type not in _SELINUX_TYPES))
        or context.proc_mount not in {None, "Default"}
    )


def _is_restricted(context: SecurityContext | None, pod: PodSpec) -> bool:
    if pod.os is not None and pod.os.name == "windows":
        return context is not None and context.run_as_non_root is True
    if context is None:
        return False
    capabilities = context.capabilities
    return (
        context.run_as_non_root is True
        and context.run_as_user != 0
        and context.allow_privilege_escalation is False
        and context.seccomp_profile is not None
        and capabilities is not None
        and "ALL" in capabilities.drop
        and not set(capabilities.add) - {"NET_BIND_SERVICE"}
    )
