"""
What the containers have in common that we add to a pod beside those of the stack.

They run a pinned image of a few megabytes, as nobody, may write nowhere but into what is mounted
for them, and take so little that they never decide where a pod fits.
"""

from mooring.kube.objects.containers import Resources
from mooring.kube.objects.security import Capabilities, SeccompProfile, SecurityContext

SHELL_IMAGE = "busybox:1.37.0"
"""An image with a shell, `cp` and `nc`."""

SMALL = Resources(requests={"cpu": "10m", "memory": "32Mi"}, limits={"memory": "64Mi"})
"""What one such container takes."""

_NOBODY = 65534
HARMLESS = SecurityContext(
    run_as_user=_NOBODY,
    run_as_group=_NOBODY,
    run_as_non_root=True,
    allow_privilege_escalation=False,
    read_only_root_filesystem=True,
    capabilities=Capabilities(drop=("ALL",)),
    seccomp_profile=SeccompProfile(type="RuntimeDefault"),
)
"""The rights of a process that needs none."""
