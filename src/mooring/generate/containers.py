"""Containers: what runs, with which environment, rights, resources, probes and mounts."""

from mooring.app import workloads as app
from mooring.app.endpoints import Endpoint
from mooring.app.health import Hook
from mooring.app.process import Pull
from mooring.app.resources import Resources as Wanted
from mooring.app.security import ContainerSecurity
from mooring.generate.context import Context
from mooring.generate.expansion import referring
from mooring.generate.hardening import hardened
from mooring.generate.images import image_reference
from mooring.generate.ports import PortNames, protocol
from mooring.generate.probes import liveness_probe, readiness_probe, startup_probe
from mooring.kube import quantity
from mooring.kube.objects.containers import Container, ContainerPort, Resources
from mooring.kube.objects.probes import ExecAction, Lifecycle, LifecycleHandler
from mooring.kube.objects.security import (
    AppArmorProfile,
    Capabilities,
    SeccompProfile,
    SecurityContext,
    SELinuxOptions,
)
from mooring.kube.objects.volumes import VolumeMount

_PULL_POLICIES = {
    Pull.ALWAYS: "Always",
    Pull.IF_ABSENT: "IfNotPresent",
    Pull.NEVER: "Never",
}


def container(
    wanted: app.Container,
    context: Context,
    *,
    mounts: tuple[VolumeMount, ...],
    port_names: PortNames,
    is_initial: bool = False,
    on_windows: bool = False,
) -> Container:
    """
    Return the container of a pod.

    Ports, probes and hooks belong to containers that go on: an initial one has none.  A pod
    ``on_windows`` may not speak of the rights of Linux.
    """
    env_from, env = context.configuration.environment_of(wanted)
    health = None if is_initial else wanted.health
    process = wanted.process
    words = referring((*(process.entrypoint or ()), *(process.arguments or ())), process.references)
    return Container(
        name=wanted.name,
        image=image_reference(wanted.image, context.images),
        image_pull_policy=_PULL_POLICIES[wanted.image.pull] if wanted.image.pull else None,
        command=words[: len(process.entrypoint or ())],
        args=words[len(process.entrypoint or ()) :],
        working_dir=process.working_directory,
        ports=() if is_initial else container_ports(wanted.endpoints, port_names),
        env_from=env_from,
        env=env,
        startup_probe=startup_probe(health) if health else None,
        readiness_probe=readiness_probe(health) if health else None,
        liveness_probe=liveness_probe(wanted.liveness)
        if wanted.liveness and not is_initial
        else None,
        lifecycle=None if is_initial else _lifecycle(wanted),
        resources=_resources(wanted.resources),
        security_context=None
        if on_windows
        else hardened(_security_context(wanted.security), wanted.security),
        volume_mounts=mounts,
        stdin=process.keeps_stdin_open or None,
        tty=process.has_terminal or None,
    )


def container_ports(
    endpoints: tuple[Endpoint, ...], port_names: PortNames
) -> tuple[ContainerPort, ...]:
    """Return the ports of a container under the names that they have in its part."""
    return tuple(
        ContainerPort(
            name=port_names[endpoint.port, endpoint.protocol],
            container_port=endpoint.port,
            protocol=protocol(endpoint),
        )
        for endpoint in endpoints
    )


def _lifecycle(wanted: app.Container) -> Lifecycle | None:
    if not wanted.after_start and not wanted.before_stop:
        return None
    return Lifecycle(post_start=_handler(wanted.after_start), pre_stop=_handler(wanted.before_stop))


def _handler(hooks: tuple[Hook, ...]) -> LifecycleHandler | None:
    """
    Return one handler for ``hooks``, which Kubernetes allows only one of.

    Several run one after the other in a shell, each as its own word list, until one fails.
    """
    if not hooks:
        return None
    if len(hooks) == 1:
        return LifecycleHandler(exec=ExecAction(hooks[0].command))
    script = " && ".join(" ".join(_quoted(word) for word in hook.command) for hook in hooks)
    return LifecycleHandler(exec=ExecAction(("/bin/sh", "-c", script)))


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def _resources(wanted: Wanted) -> Resources | None:
    limits: dict[str, str] = {}
    requests: dict[str, str] = {}
    if wanted.cpu_limit is not None:
        limits["cpu"] = quantity.cpu(wanted.cpu_limit)
    if wanted.memory_limit is not None:
        limits["memory"] = quantity.memory(wanted.memory_limit)
    if wanted.disk_limit is not None:
        limits["ephemeral-storage"] = quantity.memory(wanted.disk_limit)
    if wanted.cpu_request is not None:
        requests["cpu"] = quantity.cpu(wanted.cpu_request)
    if wanted.memory_request is not None:
        requests["memory"] = quantity.memory(wanted.memory_request)
    for device in wanted.devices:
        limits[device.resource] = requests[device.resource] = str(device.count)
    if not limits and not requests:
        return None
    return Resources(requests=requests, limits=limits)


def _security_context(wanted: ContainerSecurity) -> SecurityContext | None:
    has_capabilities = wanted.added_capabilities or wanted.dropped_capabilities
    context = SecurityContext(
        run_as_user=wanted.user,
        run_as_group=wanted.group,
        run_as_non_root=True if wanted.user else None,
        privileged=True if wanted.privileged else None,
        allow_privilege_escalation=None if wanted.privileged else wanted.may_gain_privileges,
        read_only_root_filesystem=True if wanted.read_only_root else None,
        capabilities=Capabilities(add=wanted.added_capabilities, drop=wanted.dropped_capabilities)
        if has_capabilities
        else None,
        seccomp_profile=_seccomp(wanted.seccomp),
        app_armor_profile=_app_armor(wanted.apparmor),
        se_linux_options=SELinuxOptions(
            user=wanted.selinux.get("user"),
            role=wanted.selinux.get("role"),
            type=wanted.selinux.get("type"),
            level=wanted.selinux.get("level"),
        )
        if wanted.selinux
        else None,
    )
    return None if context == SecurityContext() else context


def _seccomp(profile: str | None) -> SeccompProfile | None:
    if profile is None:
        return None
    if profile == "unconfined":
        return SeccompProfile(type="Unconfined")
    if profile == "default":
        return SeccompProfile(type="RuntimeDefault")
    return SeccompProfile(type="Localhost", localhost_profile=profile)


def _app_armor(profile: str | None) -> AppArmorProfile | None:
    if profile is None:
        return None
    if profile == "unconfined":
        return AppArmorProfile(type="Unconfined")
    if profile in {"docker-default", "default"}:
        return AppArmorProfile(type="RuntimeDefault")
    return AppArmorProfile(type="Localhost", localhost_profile=profile)
