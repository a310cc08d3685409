"""The rights that are taken away from every container."""

from mooring.app.security import ContainerSecurity
from mooring.generate.hardening import hardened
from mooring.kube.objects.security import Capabilities, SeccompProfile, SecurityContext

MADE_FOR_999 = ContainerSecurity(native_user=999)


def test_a_known_user_gets_all_that_restricted_asks_for() -> None:
    assert hardened(None, MADE_FOR_999) == SecurityContext(
        run_as_user=999,
        run_as_non_root=True,
        allow_privilege_escalation=False,
        capabilities=Capabilities(drop=("ALL",)),
        seccomp_profile=SeccompProfile(type="RuntimeDefault"),
    )


def test_of_an_unknown_user_only_seccomp_is_set() -> None:
    assert hardened(None, ContainerSecurity()) == SecurityContext(
        seccomp_profile=SeccompProfile(type="RuntimeDefault")
    )


def test_what_was_asked_for_stays() -> None:
    asked = SecurityContext(
        run_as_user=7,
        allow_privilege_escalation=True,
        capabilities=Capabilities(add=("NET_ADMIN",)),
        seccomp_profile=SeccompProfile(type="Unconfined"),
    )
    result = hardened(asked, ContainerSecurity(user=7))
    assert result == SecurityContext(
        run_as_user=7,
        run_as_non_root=True,
        allow_privilege_escalation=True,
        capabilities=Capabilities(add=("NET_ADMIN",), drop=("ALL",)),
        seccomp_profile=SeccompProfile(type="Unconfined"),
    )


def test_root_that_was_asked_for_stays_root() -> None:
    result = hardened(SecurityContext(run_as_user=0), ContainerSecurity(user=0))
    assert result is not None
    assert result.run_as_non_root is None


def test_a_privileged_container_is_left_as_it_is() -> None:
    context = SecurityContext(privileged=True)
    assert hardened(context, ContainerSecurity(privileged=True)) == context
