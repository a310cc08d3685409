"""How a container is stopped."""

import pytest
from msgspec.structs import replace
from tests.translate.support import complaints, fates, rules, service

from mooring.images import catalogue
from mooring.translate.attributes import stopping


@pytest.mark.parametrize(
    ("given", "expected", "fate"),
    [
        pytest.param("1m30s", 90.0, "carried", id="minutes-and-seconds"),
        pytest.param("0s", 0.0, "carried", id="at-once"),
        pytest.param("1.5s", 2.0, "approximated", id="fractions-round-up"),
        pytest.param("100ms", 1.0, "approximated", id="less-than-a-second"),
    ],
)
def test_grace_period(given: str, expected: float, fate: str) -> None:
    view = service({"stop_grace_period": given})
    translated = stopping.grace_seconds(view)
    assert translated.value == expected
    assert fates(view, translated.notes) == {"stop_grace_period": fate}
    assert complaints(translated.notes) == []


def test_docker_s_grace_period_where_nothing_is_said() -> None:
    translated = stopping.grace_seconds(service({}))
    assert translated.value == 10.0
    assert translated.notes == ()


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        pytest.param("rabbitmq:4.1.4", 120.0, id="a-known-data-store-that-needs-longer"),
        pytest.param("nginx:1.29.3", 10.0, id="what-keeps-nothing"),
        pytest.param("acme/store:1.0", 10.0, id="what-nobody-knows"),
    ],
)
def test_a_known_data_store_has_the_time_that_it_needs(image: str, expected: float) -> None:
    view = replace(service({"image": image}), known=catalogue.lookup(image))
    translated = stopping.grace_seconds(view)
    assert translated.value == expected
    assert bool(translated.notes) == (expected > 10)


@pytest.mark.parametrize(
    ("given", "dockerfile", "signal", "fate", "findings"),
    [
        pytest.param("SIGTERM", None, "SIGTERM", "carried", [], id="what-pods-are-sent-anyway"),
        pytest.param("15", None, "SIGTERM", "carried", [], id="a-number"),
        pytest.param(
            "SIGINT", None, "SIGINT", "dropped", ["stop-signal-lost"], id="another-signal"
        ),
        pytest.param("quit", None, "SIGQUIT", "dropped", ["stop-signal-lost"], id="a-short-name"),
        pytest.param(
            "SIGRTMIN+3", None, "SIGRTMIN+3", "dropped", ["stop-signal-lost"], id="systemd-s-signal"
        ),
        pytest.param(
            "SIGINT",
            "FROM a\nSTOPSIGNAL INT\n",
            "SIGINT",
            "carried",
            [],
            id="the-image-s-own-signal",
        ),
        pytest.param(
            "SIGTERM",
            "FROM a\nSTOPSIGNAL SIGQUIT\n",
            "SIGTERM",
            "dropped",
            ["stop-signal-lost"],
            id="the-image-names-another",
        ),
    ],
)
def test_stop_signal(
    given: str, dockerfile: str | None, signal: str, fate: str, findings: list[str]
) -> None:
    view = service({"stop_signal": given}, dockerfile=dockerfile)
    translated = stopping.stop_signal(view)
    assert translated.value == signal
    assert fates(view, translated.notes) == {"stop_signal": fate}
    assert rules(translated.notes) == findings
    assert complaints(translated.notes) == []


def test_no_signal_is_the_image_s() -> None:
    assert stopping.stop_signal(service({})).value is None
