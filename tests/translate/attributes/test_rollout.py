"""How replicas are replaced, and how a name is resolved."""

import pytest
from tests.translate.support import complaints, fates, service

from mooring.app.workloads import UpdatePolicy
from mooring.compose.nodes import Plain
from mooring.translate.attributes import endpoint_mode, rollout


@pytest.mark.parametrize(
    ("config", "expected", "told"),
    [
        pytest.param(
            {"parallelism": 2},
            UpdatePolicy(at_once=2),
            {"parallelism": "carried"},
            id="several-at-once",
        ),
        pytest.param(
            {"parallelism": 0},
            UpdatePolicy(at_once=0),
            {"parallelism": "carried"},
            id="all-at-once",
        ),
        pytest.param(
            {"order": "start-first"},
            UpdatePolicy(starts_new_first=True),
            {"order": "carried"},
            id="the-new-ones-first",
        ),
        pytest.param(
            {"order": "stop-first"}, UpdatePolicy(), {"order": "carried"}, id="the-old-ones-first"
        ),
        pytest.param(
            {"delay": "10s", "monitor": "1m0s"},
            UpdatePolicy(settle_seconds=60.0),
            {"delay": "approximated", "monitor": "approximated"},
            id="the-longer-wait",
        ),
        pytest.param({"delay": "0s"}, UpdatePolicy(), {"delay": "approximated"}, id="no-wait"),
        pytest.param(
            {"failure_action": "pause"},
            UpdatePolicy(),
            {"failure_action": "carried"},
            id="it-stops",
        ),
        pytest.param(
            {"failure_action": "rollback", "max_failure_ratio": 0.3},
            UpdatePolicy(),
            {"failure_action": "dropped", "max_failure_ratio": "dropped"},
            id="it-goes-back",
        ),
        pytest.param(
            {"failure_action": "continue"},
            UpdatePolicy(),
            {"failure_action": "dropped"},
            id="it-goes-on",
        ),
        pytest.param({"x-a": 1}, UpdatePolicy(), {"x-a": "dropped"}, id="an-extension"),
    ],
)
def test_update_config(
    config: dict[str, Plain], expected: UpdatePolicy, told: dict[str, str]
) -> None:
    view = service({"deploy": {"update_config": config}})
    translated = rollout.translate(view)
    assert translated.value == expected
    assert fates(view, translated.notes) == {
        f"deploy.update_config.{name}": fate for name, fate in told.items()
    }
    assert complaints(translated.notes) == []


def test_a_rollback_is_one_step() -> None:
    view = service({"deploy": {"rollback_config": {"parallelism": 2, "order": "stop-first"}}})
    translated = rollout.translate(view)
    assert translated.value is None
    assert set(fates(view, translated.notes).values()) == {"dropped"}


def test_nothing_said_leaves_it_to_the_platform() -> None:
    assert rollout.translate(service({})).value is None
    assert rollout.translate(service({"deploy": {"replicas": 2}})).notes == ()


@pytest.mark.parametrize(
    ("mode", "by_address"),
    [
        pytest.param("vip", False, id="one-address-in-front"),
        pytest.param("dnsrr", True, id="the-addresses-of-the-replicas"),
    ],
)
def test_endpoint_mode(mode: str, by_address: bool) -> None:
    view = service({"deploy": {"endpoint_mode": mode}})
    translated = endpoint_mode.answers_by_address(view)
    assert translated.value is by_address
    assert fates(view, translated.notes) == {"deploy.endpoint_mode": "carried"}
    assert endpoint_mode.answers_by_address(service({})).value is False
