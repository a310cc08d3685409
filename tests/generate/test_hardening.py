"""The rights that staging and production take away."""

import pytest

from mooring.app.security import ContainerSecurity
from mooring.generate.hardening import hardened
from mooring.kube.objects.security import Capabilities, SeccompProfile, SecurityContext
from mooring.settings.environments import Tier

MADE_FOR_999 = ContainerSecurity(native_user=999)


def test_dev_takes_nothing_away() -> None:
    assert hardened(None, MADE_FOR_999, Tier.DEV) is None


@pytest.mark.parametrize("tier", [Tier.STAGING, Tier.PRODUCTION])
def test_a_known_user_gets_all_that_restricted_asks_for(tier: Tier) -> None:
    assert hardened(None, MADE_FOR_999, tier) == SecurityContext(
        run_as_user=999,
        run_as_non_root=True,
        allow_privilege_escalation=False,
        capabilities=Capabilities(drop=("ALL",)),
        seccomp_profile=SeccompProfile(type="RuntimeDefault"),
    )


def test_of_an_unknown_user_only_seccomp_is_set() -> None:
    assert hardened(None, ContainerSecurity(), Tier.PRODUCTION) == SecurityContext(
        seccomp_profile=SeccompProfile(type="RuntimeDefault")
    )


def test_what_was_asked_for_stays() -> None:
    asked = SecurityContext(
        run_as_user=7,
        allow_privilege_escalation=True,
        capabilities=Capabilities(add=("NET_ADMIN",)),
        seccomp_profile=SeccompProfile(type="Unconfined"),
    )
    result = hardened(asked, ContainerSecurity(user=7), Tier.PRODUCTION)
    assert result == SecurityContext(
        run_as_user=7,
        run_as_non_root=True,
        allow_privilege_escalation=True,
        capabilities=Capabilities(add=("NET_ADMIN",), drop=("ALL",)),
        seccomp_profile=SeccompProfile(type="Unconfined"),
    )


def test_root_that_was_asked_for_stays_root() -> None:
    result = hardened(SecurityContext(run_as_user=0), ContainerSecurity(user=0), Tier.PRODUCTION)
    assert result is not None
    assert result.run_as_non_root is None


def test_a_privileged_container_is_left_as_it_is() -> None:
    context = SecurityContext(privileged=True)
    assert hardened(context, ContainerSecurity(privileged=True), Tier.PRODUCTION) == context
