"""The rights of a container."""

import msgspec


class ContainerSecurity(msgspec.Struct, frozen=True, kw_only=True):
    """
    The rights of one container; None where the image decides.

    ``user`` and ``group`` are numbers: a name can only be resolved inside the image.
    ``storage_group`` is the group by which the process, whoever it is, can be given the right to
    write to a storage; None where it is root or nobody knows.
    ``native_user`` is the user for whom the image is made, where that is no root and somebody
    knows: running as that user changes nothing that the process is able to do.
    Capabilities stand without the prefix CAP_.  ``seccomp`` and ``apparmor`` are "unconfined",
    "default" (the platform's) or the name of a profile.  ``selinux`` may hold user, role, type
    and level.
    """

    user: int | None = None
    group: int | None = None
    native_user: int | None = None
    storage_group: int | None = None
    added_capabilities: tuple[str, ...] = ()
    dropped_capabilities: tuple[str, ...] = ()
    privileged: bool = False
    read_only_root: bool = False
    may_gain_privileges: bool | None = None
    seccomp: str | None = None
    apparmor: str | None = None
    selinux: dict[str, str] = {}


class WorkloadSecurity(msgspec.Struct, frozen=True, kw_only=True):
    """
    Rights that all containers of a workload share.

    ``kernel_settings`` are parameters of the kernel by name.  With ``shares_processes`` the
    containers see one another's processes, and a process of the platform collects dead children.
    """

    extra_groups: tuple[int, ...] = ()
    kernel_settings: dict[str, str] = {}
    shares_machine_processes: bool = False
    shares_machine_ipc: bool = False
    shares_processes: bool = False
    own_user_namespace: bool | None = None


USUAL_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
        "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    }
)  # fmt: skip
"""What a process of root has that is told nothing about capabilities."""
