"""The pod of a part: its containers, what they share, and where it may run."""

from mooring.app.application import Application
from mooring.app.endpoints import HostEntry, NameResolution, NetworkAccess
from mooring.app.placement import Comparison, Placement
from mooring.app.security import WorkloadSecurity
from mooring.app.workloads import Scale, Task, Workload, all_containers
from mooring.generate import own_name, waits
from mooring.generate import storage as storages
from mooring.generate.containers import container
from mooring.generate.context import Context
from mooring.generate.copies import copying
from mooring.generate.folders import making_folders
from mooring.generate.identity import labels, selector_labels
from mooring.generate.images import pull_secrets
from mooring.generate.policies import network_labels
from mooring.generate.ports import port_names
from mooring.generate.volumes import PodVolumes
from mooring.kube.objects.meta import LabelSelector, TemplateMeta
from mooring.kube.objects.pods import (
    DNSOption,
    HostAlias,
    PodDNSConfig,
    PodOS,
    PodSpec,
    PodTemplate,
)
from mooring.kube.objects.scheduling import (
    Affinity,
    NodeAffinity,
    NodeSelector,
    NodeSelectorRequirement,
    NodeSelectorTerm,
    PodAffinity,
    PodAffinityTerm,
    Toleration,
    TopologySpreadConstraint,
)
from mooring.kube.objects.security import PodSecurityContext, Sysctl

_OPERATORS = {Comparison.IS: "In", Comparison.IS_NOT: "NotIn"}


def pod_template(
    part: Workload | Task, context: Context, *, restart_policy: str | None = None
) -> PodTemplate:
    """Return the template of the pods of ``part``."""
    application = context.application
    on_windows = part.placement.operating_system == "windows"
    volumes = PodVolumes(context, makes_copies=not on_windows)
    waiting = waits.waits(part, context)
    names = port_names(part)
    initial = tuple(
        container(
            step.container,
            context,
            mounts=volumes.mounts_of(step.container),
            port_names=names,
            is_initial=True,
            on_windows=on_windows,
        )
        for step in part.initial_steps
    )
    containers = tuple(
        container(
            one,
            context,
            mounts=volumes.mounts_of(one),
            port_names=names,
            on_windows=on_windows,
        )
        for one in part.containers
    )
    copied = tuple(
        copying(one, volumes.copies[one.name])
        for one in all_containers(part)
        if one.name in volumes.copies
    )
    folders = tuple(
        made
        for one in (part.containers if not on_windows else ())
        if (made := making_folders(one, context)) is not None
    )
    needs_api = waits.asks_the_api(waiting)
    resolution = part.name_resolution
    return PodTemplate(
        metadata=TemplateMeta(
            labels={**part.labels, **network_labels(part), **labels(application, part)},
            annotations=part.annotations,
        ),
        spec=PodSpec(
            hostname=own_name.hostname(part),
            subdomain=part.domain,
            service_account_name=waits.account_name(application) if needs_api else None,
            automount_service_account_token=False,
            enable_service_links=False,
            runtime_class_name=part.placement.runtime,
            restart_policy=restart_policy,
            termination_grace_period_seconds=max(0, round(part.stop_seconds)),
            host_network=True if part.network is NetworkAccess.MACHINE else None,
            host_pid=True if part.security.shares_machine_processes else None,
            host_ipc=True if part.security.shares_machine_ipc else None,
            host_users=None
            if part.security.own_user_namespace is None
            else not part.security.own_user_namespace,
            share_process_namespace=True if part.security.shares_processes else None,
            host_aliases=_host_aliases(part.host_entries),
            dns_policy="ClusterFirstWithHostNet" if part.network is NetworkAccess.MACHINE else None,
            dns_config=_dns_config(resolution),
            os=PodOS(name=part.placement.operating_system)
            if part.placement.operating_system
            else None,
            node_selector=_node_selector(part.placement),
            affinity=_affinity(part, application),
            tolerations=_tolerations(part),
            topology_spread_constraints=_spread(part, application),
            security_context=None
            if on_windows
            else _security_context(
                _kernel_settings(part), part.security, _storage_group(part, context)
            ),
            image_pull_secrets=pull_secrets(
                (one.image for one in all_containers(part)), context.images
            ),
            init_containers=(*folders, *copied, *waiting, *initial),
            containers=containers,
            volumes=(*volumes.used, *((waits.token_volume(),) if needs_api else ())),
        ),
    )


def storage_users(part: Workload | Task) -> set[str]:
    """Return the names of the storages that the pods of ``part`` mount."""
    return {mount.storage for one in all_containers(part) for mount in one.storage}


def _host_aliases(entries: tuple[HostEntry, ...]) -> tuple[HostAlias, ...]:
    by_address: dict[str, list[str]] = {}
    for entry in entries:
        by_address.setdefault(entry.address, []).append(entry.name)
    return tuple(
        HostAlias(ip=address, hostnames=tuple(names)) for address, names in by_address.items()
    )


def _dns_config(resolution: NameResolution) -> PodDNSConfig | None:
    """Return what is added to the cluster's own DNS, which stays first in the list."""
    if resolution == NameResolution():
        return None
    options = []
    for option in resolution.options:
        name, separator, value = option.partition(":")
        options.append(DNSOption(name=name, value=value if separator else None))
    return PodDNSConfig(
        nameservers=resolution.servers, searches=resolution.searches, options=tuple(options)
    )


def _node_selector(placement: Placement) -> dict[str, str]:
    selector: dict[str, str] = {}
    if placement.operating_system is not None:
        selector["kubernetes.io/os"] = placement.operating_system
    if placement.architecture is not None:
        selector["kubernetes.io/arch"] = placement.architecture
    return selector


def _affinity(part: Workload | Task, application: Application) -> Affinity | None:
    placement = part.placement
    node: NodeAffinity | None = None
    if placement.requirements:
        expressions = tuple(
            NodeSelectorRequirement(
                key=requirement.label,
                operator=_OPERATORS[requirement.comparison],
                values=(requirement.value,),
            )
            for requirement in placement.requirements
        )
        term = NodeSelectorTerm(match_expressions=expressions)
        node = NodeAffinity(
            required_during_scheduling_ignored_during_execution=NodeSelector(
                node_selector_terms=(term,)
            )
        )
    apart: PodAffinity | None = None
    if placement.most_per_machine == 1:
        own = LabelSelector(match_labels=selector_labels(application, part))
        term_apart = PodAffinityTerm(label_selector=own, topology_key="kubernetes.io/hostname")
        apart = PodAffinity(required_during_scheduling_ignored_during_execution=(term_apart,))
    if node is None and apart is None:
        return None
    return Affinity(node_affinity=node, pod_anti_affinity=apart)


def _tolerations(part: Workload | Task) -> tuple[Toleration, ...]:
    """Return what lets ``part`` onto every machine, where it is to run on each."""
    if not isinstance(part, Workload) or part.scale is not Scale.EVERY_MACHINE:
        return ()
    return (Toleration(operator="Exists", effect="NoSchedule"),)


def _spread(
    part: Workload | Task, application: Application
) -> tuple[TopologySpreadConstraint, ...]:
    own = LabelSelector(match_labels=selector_labels(application, part))
    return tuple(
        TopologySpreadConstraint(
            max_skew=1,
            topology_key=label,
            when_unsatisfiable="ScheduleAnyway",
            label_selector=own,
        )
        for label in part.placement.spread_over
    )


def _storage_group(part: Workload | Task, context: Context) -> int | None:
    """
    Return the group that is to own the claims of the pod, or None where root writes to them.

    A new claim belongs to root, and a process of another user could not write to it.
    """
    for one in all_containers(part):
        group = one.security.storage_group
        if group is not None and any(
            storages.takes_group(context.storages[mount.storage]) for mount in one.storage
        ):
            return group
    return None


def _kernel_settings(part: Workload | Task) -> dict[str, str]:
    """
    Return the parameters of the kernel for the pods of ``part``.

    In a container of Docker every user may open every port, and nodes differ: so a process that is
    not root and listens below 1024 is given what Docker gives to all.

    Sources: https://docs.docker.com/engine/release-notes/20.10/ (it sets the parameter to 0),
    https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/ (it is a safe one)
    """
    asked = part.security.kernel_settings
    if _LOWEST_PORT in asked or part.network is NetworkAccess.MACHINE:
        return asked
    opens_low_ports = any(
        (one.security.user or one.security.native_user)
        and any(endpoint.port < _FIRST_UNPRIVILEGED for endpoint in one.endpoints)
        for one in part.containers
    )
    return {**asked, _LOWEST_PORT: "0"} if opens_low_ports else asked


_LOWEST_PORT = "net.ipv4.ip_unprivileged_port_start"
_FIRST_UNPRIVILEGED = 1024


def _security_context(
    kernel_settings: dict[str, str], security: WorkloadSecurity, storage_group: int | None
) -> PodSecurityContext | None:
    if not security.extra_groups and not kernel_settings and storage_group is None:
        return None
    return PodSecurityContext(
        fs_group=storage_group,
        # Going through a big claim at each start takes minutes.
        fs_group_change_policy=None if storage_group is None else "OnRootMismatch",
        supplemental_groups=security.extra_groups,
        sysctls=tuple(Sysctl(name, value) for name, value in sorted(kernel_settings.items())),
    )
