"""What pods and containers may do to the node."""

from mooring.kube.objects.meta import Part


class Capabilities(Part, frozen=True, kw_only=True, gc=False):
    """Names without the ``CAP_`` prefix."""

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class SeccompProfile(Part, frozen=True, kw_only=True, gc=False):
    """``type`` is RuntimeDefault, Unconfined or Localhost (then with ``localhost_profile``)."""

    type: str
    localhost_profile: str | None = None


class AppArmorProfile(Part, frozen=True, kw_only=True, gc=False):
    """``type`` is RuntimeDefault, Unconfined or Localhost (then with ``localhost_profile``)."""

    type: str
    localhost_profile: str | None = None


class SELinuxOptions(Part, frozen=True, kw_only=True, gc=False):
    """The parts of an SELinux context."""

    user: str | None = None
    role: str | None = None
    type: str | None = None
    level: str | None = None


class SecurityContext(Part, frozen=True, kw_only=True, gc=False):
    """What one container may do; wins over the pod's where both speak."""

    run_as_user: int | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    privileged: bool | None = None
    allow_privilege_escalation: bool | None = None
    read_only_root_filesystem: bool | None = None
    capabilities: Capabilities | None = None
    seccomp_profile: SeccompProfile | None = None
    app_armor_profile: AppArmorProfile | None = None
    se_linux_options: SELinuxOptions | None = None
    proc_mount: str | None = None


class Sysctl(Part, frozen=True, gc=False):
    """A kernel parameter of the pod; the value is always a text."""

    name: str
    value: str


class PodSecurityContext(Part, frozen=True, kw_only=True, gc=False):
    """What all containers of a pod may do, and the group that owns its volumes."""

    run_as_user: int | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    fs_group: int | None = None
    fs_group_change_policy: str | None = None
    supplemental_groups: tuple[int, ...] = ()
    supplemental_groups_policy: str | None = None
    seccomp_profile: SeccompProfile | None = None
    app_armor_profile: AppArmorProfile | None = None
    se_linux_options: SELinuxOptions | None = None
    sysctls: tuple[Sysctl, ...] = ()
