"""What must have happened elsewhere first."""

import pytest
from tests.translate.support import complaints, fates, service

from mooring.app.dependencies import Condition, Dependency
from mooring.compose.nodes import Plain
from mooring.settings.choices import Kind
from mooring.translate.attributes import depends_on

KINDS = {"db": Kind.WORKLOAD, "migrate": Kind.TASK}


def on(name: str, **fields: Plain) -> dict[str, Plain]:
    return {"depends_on": {name: fields}}


@pytest.mark.parametrize(
    ("attributes", "condition", "fate"),
    [
        pytest.param(on("db"), Condition.STARTED, "approximated", id="nothing-is-said"),
        pytest.param(
            on("db", condition="service_started"), Condition.STARTED, "approximated", id="its-start"
        ),
        pytest.param(
            on("db", condition="service_healthy"), Condition.HEALTHY, "carried", id="its-health"
        ),
        pytest.param(
            on("migrate", condition="service_completed_successfully"),
            Condition.COMPLETED,
            "carried",
            id="its-end",
        ),
        pytest.param(
            on("db", condition="service_completed_successfully"),
            Condition.STARTED,
            "approximated",
            id="the-end-of-what-goes-on",
        ),
        pytest.param(
            on("migrate", condition="service_healthy"),
            Condition.STARTED,
            "approximated",
            id="the-health-of-what-ends",
        ),
        pytest.param(
            on("gone", condition="service_healthy", required=False),
            Condition.STARTED,
            "approximated",
            id="what-does-not-run",
        ),
    ],
)
def test_conditions(attributes: dict[str, Plain], condition: Condition, fate: str) -> None:
    view = service(attributes)
    translated = depends_on.translate(view, KINDS, {})
    assert [one.condition for one in translated.value] == [condition]
    assert set(fates(view, translated.notes).values()) <= {fate}
    assert complaints(translated.notes) == []


def test_all_that_is_said() -> None:
    view = service(on("db", condition="service_healthy", required=False, restart=True))
    translated = depends_on.translate(view, KINDS, {})
    assert translated.value == (
        Dependency(
            on="db",
            condition=Condition.HEALTHY,
            required=False,
            restarts_with_it=True,
            position=translated.value[0].position,
        ),
    )
    assert fates(view, translated.notes) == {
        "depends_on.db.condition": "carried",
        "depends_on.db.required": "carried",
        "depends_on.db.restart": "dropped",
    }


def test_a_wait_that_no_pod_can_have() -> None:
    view = service(on("db", condition="service_healthy"))
    reason = "containers of one pod start together"
    translated = depends_on.translate(view, KINDS, {("web", "db"): reason})
    assert translated.value[0].condition is Condition.STARTED
    assert fates(view, translated.notes) == {"depends_on.db.condition": "approximated"}


def test_nobody_is_needed() -> None:
    assert depends_on.translate(service({}), KINDS, {}).value == ()
