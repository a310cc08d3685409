"""
The rights that are taken away from every container.

What the level "restricted" of the Pod Security Standards asks for is set wherever it can be set
without changing what the process is able to do: its own user where that is known and no root, no
way to gain privileges, the runtime's seccomp profile, no capabilities.  What was asked for in so
many words (a capability, a privileged container) stays.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

import msgspec

from mooring.app.security import USUAL_CAPABILITIES, ContainerSecurity
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
        return _without_usual(given)
    may_gain = given.allow_privilege_escalation
    capabilities = given.capabilities or Capabilities()
    if may_gain is None and set(capabilities.add) <= {"NET_BIND_SERVICE"}:
        # A user who is not root gets other capabilities through its program's file alone.
        may_gain = False
    return msgspec.structs.replace(
        given,
        run_as_user=user,
        run_as_non_root=True,
        allow_privilege_escalation=may_gain,
        capabilities=Capabilities(add=capabilities.add, drop=("ALL",)),
    )


def _without_usual(context: SecurityContext) -> SecurityContext:
    """
    Return ``context`` without capabilities that root has anyhow.

    Named, some of them would ask for a level at which a namespace admits every pod.
    """
    capabilities = context.capabilities
    if capabilities is None or "ALL" in capabilities.drop:
        return context
    added = tuple(name for name in capabilities.add if name not in USUAL_CAPABILITIES)
    if added == capabilities.add:
        return context
    kept = Capabilities(add=added, drop=capabilities.drop)
    return msgspec.structs.replace(context, capabilities=kept if kept != Capabilities() else None)
