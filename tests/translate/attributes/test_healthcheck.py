"""How a container tells that it serves, with Docker's defaults where nobody says."""

import pytest
from tests.translate.support import complaints, fates, rules, service, topics, unaccounted

from mooring.app.health import Health
from mooring.compose.nodes import Plain
from mooring.translate.attributes import healthcheck

DOCKERFILE = (
    "FROM alpine\nHEALTHCHECK --interval=5s --start-period=1m --retries=7 CMD wget -q localhost\n"
)


def health(check: Plain, dockerfile: str | None = None) -> Health | None:
    return healthcheck.translate(service({"healthcheck": check}, dockerfile=dockerfile)).value


@pytest.mark.parametrize(
    ("test", "command"),
    [
        pytest.param(["CMD", "curl", "-f", "x"], ("curl", "-f", "x"), id="words-run-as-they-are"),
        pytest.param(
            ["CMD-SHELL", "curl x || exit 1"],
            ("/bin/sh", "-c", "curl x || exit 1"),
            id="a-shell-runs-a-text",
        ),
        pytest.param(
            ["CMD-SHELL", "test $$ -gt $(cat f)"],
            ("/bin/sh", "-c", "test $$ -gt $(cat f)"),
            id="a-text-stays-literal",
        ),
    ],
)
def test_the_command_of_a_test(test: list[Plain], command: tuple[str, ...]) -> None:
    found = health({"test": test})
    assert found is not None
    assert found.command == command


def test_dockers_defaults_fill_what_is_not_said() -> None:
    found = health({"test": ["CMD", "true"]})
    assert found is not None
    assert (found.interval, found.timeout, found.retries) == (30.0, 30.0, 3)
    assert (found.start_period, found.start_interval) == (0.0, 5.0)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"interval": "1m30s"}, ("interval", 90.0), id="minutes-and-seconds"),
        pytest.param({"interval": "500ms"}, ("interval", 0.5), id="less-than-a-second"),
        pytest.param({"interval": "0s"}, ("interval", 30.0), id="nought-is-the-default"),
        pytest.param({"timeout": "2s"}, ("timeout", 2.0), id="a-timeout"),
        pytest.param({"retries": 5}, ("retries", 5), id="as-many-failures-as-were-said"),
        pytest.param({"retries": 0}, ("retries", 3), id="no-retries-is-the-default"),
        pytest.param({"start_period": "40s"}, ("start_period", 40.0), id="a-start-period"),
        pytest.param({"start_interval": "2s"}, ("start_interval", 2.0), id="a-start-interval"),
    ],
)
def test_durations_and_counts(fields: dict[str, Plain], expected: tuple[str, float]) -> None:
    found = health({"test": ["CMD", "true"], **fields})
    assert found is not None
    assert getattr(found, expected[0]) == expected[1]


@pytest.mark.parametrize(
    "check",
    [
        pytest.param({"test": ["NONE"]}, id="none"),
        pytest.param({"disable": True}, id="disabled"),
        pytest.param(
            {"disable": True, "test": ["CMD", "true"]}, id="disabled-though-it-has-a-test"
        ),
    ],
)
def test_a_check_that_is_switched_off_stays_off_whatever_the_image_says(check: Plain) -> None:
    view = service({"healthcheck": check}, dockerfile=DOCKERFILE)
    translated = healthcheck.translate(view)
    assert translated.value is None
    assert set(fates(view, translated.notes).values()) == {"carried"}


def test_the_dockerfiles_check_where_compose_has_none() -> None:
    translated = healthcheck.translate(service({}, dockerfile=DOCKERFILE))
    assert translated.value is not None
    assert translated.value.command == ("/bin/sh", "-c", "wget -q localhost")
    assert (translated.value.interval, translated.value.timeout) == (5.0, 30.0)
    assert (translated.value.start_period, translated.value.retries) == (60.0, 7)
    assert topics(translated.notes) == ["health"]
    assert complaints(translated.notes) == []


def test_a_dockerfile_that_switches_the_check_off() -> None:
    translated = healthcheck.translate(service({}, dockerfile="FROM a\nHEALTHCHECK NONE\n"))
    assert translated.value is None
    assert translated.notes == ()


def test_what_compose_leaves_out_comes_from_the_image() -> None:
    found = health({"interval": "9s"}, DOCKERFILE)
    assert found is not None
    assert found.command == ("/bin/sh", "-c", "wget -q localhost")
    assert (found.interval, found.retries, found.start_period) == (9.0, 7, 60.0)


def test_the_images_own_shell_runs_a_text() -> None:
    dockerfile = 'FROM a\nSHELL ["/bin/bash", "-c"]\n'
    found = health({"test": ["CMD-SHELL", "x"]}, dockerfile)
    assert found is not None
    assert found.command == ("/bin/bash", "-c", "x")


@pytest.mark.parametrize(
    "check",
    [
        pytest.param({"interval": "5s"}, id="times-without-a-test"),
        pytest.param({"test": ["CMD"]}, id="a-keyword-alone"),
        pytest.param({"test": ["curl", "x"]}, id="no-keyword"),
    ],
)
def test_a_check_that_nobody_can_run_is_found(check: Plain) -> None:
    view = service({"healthcheck": check})
    translated = healthcheck.translate(view)
    assert translated.value is None
    assert set(fates(view, translated.notes).values()) == {"dropped"}
    assert rules(translated.notes) == ["health-test-unknown"]
    assert complaints(translated.notes) == []


def test_every_leaf_has_its_fate() -> None:
    check: Plain = {
        "test": ["CMD", "true"],
        "interval": "1.5s",
        "timeout": "3s",
        "retries": 2,
        "start_period": "20s",
        "start_interval": "100ms",
        "x-note": {"by": "me"},
    }
    view = service({"healthcheck": check})
    translated = healthcheck.translate(view)
    assert fates(view, translated.notes) == {
        "healthcheck.test[0]": "carried",
        "healthcheck.test[1]": "carried",
        "healthcheck.interval": "approximated",
        "healthcheck.timeout": "carried",
        "healthcheck.retries": "carried",
        "healthcheck.start_period": "approximated",
        "healthcheck.start_interval": "approximated",
        "healthcheck.x-note.by": "dropped",
    }
    assert complaints(translated.notes) == []


def test_null_leaves_it_to_the_image() -> None:
    view = service({"healthcheck": None})
    translated = healthcheck.translate(view)
    assert translated.value is None
    assert unaccounted(view, translated.notes) == []
