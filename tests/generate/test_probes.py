"""Probes from Compose's health check."""

import pytest

from mooring.app.health import Health
from mooring.generate.probes import readiness_probe, startup_probe

CHECK = Health(command=("pg_isready",))


@pytest.mark.parametrize(
    ("interval", "period_seconds"),
    [
        pytest.param(30.0, 30, id="whole-seconds-pass-through"),
        pytest.param(1.5, 2, id="fractions-round-up"),
        pytest.param(0.1, 1, id="never-below-kubernetes-minimum"),
    ],
)
def test_readiness_period(interval: float, period_seconds: int) -> None:
    check = Health(command=("true",), interval=interval)
    assert readiness_probe(check).period_seconds == period_seconds


def test_dockers_defaults_are_written_since_kubernetes_has_others() -> None:
    probe = readiness_probe(CHECK)
    assert (probe.period_seconds, probe.timeout_seconds, probe.failure_threshold) == (30, 30, 3)


def test_without_a_start_period_nothing_may_restart_the_container() -> None:
    assert startup_probe(CHECK) is None


def test_the_startup_probe_bears_the_start_period_and_then_the_retries() -> None:
    slow = Health(command=("true",), interval=10, retries=3, start_period=60, start_interval=5)
    probe = startup_probe(slow)
    assert probe is not None
    assert probe.period_seconds == 5
    assert probe.failure_threshold is not None
    assert probe.failure_threshold * probe.period_seconds >= 60 + 3 * 10


def test_dollars_of_the_check_reach_its_shell() -> None:
    probe = readiness_probe(Health(command=("/bin/sh", "-c", "test $(cat f) = 1")))
    assert probe.exec is not None
    assert probe.exec.command[-1] == "test $$(cat f) = 1"
