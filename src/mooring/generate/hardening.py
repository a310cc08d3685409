"""
The rights that are taken away from every container.

What the level "restricted" of the Pod Security Standards asks for is set wherever it can be set
without changing what the process is able to do: its own user where that is known and no root, no
way to gain privileges, the runtime's seccomp profile, no capabilities.  What was asked for in so
many words (a capability, a privileged container) stays.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

import msgspec

from mooring.app.security import ContainerSecurity
from mooring.kube.objects.security import Capabilities, SeccompProfile, SecurityContext


def hardened(context: SecurityContext | None, wanted: ContainerSecurity) -> SecurityContext | None:
    """Return ``context``, made of ``wanted``, without the rights that nobody asked for."""
    if wanted.privileged:
        return context
    given = context or SecurityContext()
    user = given.run_as_user if given.run_as_user is not None else wanted.native_user
    if given.seccomp_profile is None:
        given = msgspec.structs.replace(
            given, seccomp_profile=SeccompProfile(type="RuntimeDefault")
        )
    if not user:
        return given
    may_gain = given.allow_privilege_escalation
    capabilities = given.capabilities or Capabilities()
    return msgspec.structs.replace(
        given,
        run_as_user=user,
        run_as_non_root=True,
        allow_privilege_escalation=False if may_gain is None else may_gain,
        capabilities=Capabilities(add=capabilities.add, drop=("ALL",)),
    )
