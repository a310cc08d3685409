"""Names of Jobs: the same for the same content, another for another."""

from typing import Any

import pytest
from tests.generate.support import application, around, container, plain, task, workload

from mooring.app.application import Application
from mooring.app.configuration import Document, DocumentMount, Setting
from mooring.app.dependencies import Condition, Dependency
from mooring.app.process import Image, Process
from mooring.app.workloads import Container
from mooring.generate.context import context
from mooring.generate.job_names import with_job_names
from mooring.generate.workloads import job
from mooring.generate.workloads import workload as made
from mooring.sensitive import Sensitive
from mooring.settings.environments import Environment, Tier
from mooring.sources import Position

DEV = Environment(name="dev", tier=Tier.DEV)
SETTING = Setting(name="LEVEL", value="info")
CONF = Document(name="conf", files={"a": b"1"})
MOUNT = DocumentMount(document="conf", path="/conf")


def migrate(**fields: Any) -> Container:
    given = {"settings": (SETTING,), "documents": (MOUNT,), **fields}
    return container("migrate", **given)


def names(shop: Application) -> dict[str, str]:
    return with_job_names(context(shop, DEV)).job_names


def name(one: Container, document: Document = CONF, **fields: Any) -> str:
    return names(application(task("migrate", one, **fields), documents=(document,)))["migrate"]


BEFORE = name(migrate())


def test_the_name_is_that_of_the_task_and_a_hash() -> None:
    task_name, _, digits = BEFORE.rpartition("-")
    assert task_name == "migrate"
    assert len(digits) == 8
    assert int(digits, 16) >= 0


def test_the_same_content_has_the_same_name() -> None:
    assert name(migrate()) == BEFORE
    assert name(migrate(position=Position("other.yaml", 7))) == BEFORE


@pytest.mark.parametrize(
    ("one", "document"),
    [
        pytest.param(migrate(image=Image(reference="app:2")), CONF, id="another-image"),
        pytest.param(migrate(process=Process(arguments=("x",))), CONF, id="another-command"),
        pytest.param(
            migrate(settings=(Setting(name="LEVEL", value="debug"),)), CONF, id="another-setting"
        ),
        pytest.param(
            migrate(), Document(name="conf", files={"a": b"2"}), id="another-content-of-a-file"
        ),
        pytest.param(
            migrate(), Document(name="conf", files={"a": b"\xff"}), id="a-file-that-is-no-text"
        ),
    ],
)
def test_other_content_has_another_name(one: Container, document: Document) -> None:
    assert name(one, document) != BEFORE


def test_another_value_of_a_secret_is_no_reason_to_run_again() -> None:
    def secret(value: str) -> str:
        return name(migrate(settings=(Setting(name="PASSWORD", value=Sensitive(value)),)))

    assert secret("one") == secret("two") != BEFORE


def waits_for(other: str) -> tuple[Dependency, ...]:
    return (Dependency(on=other, condition=Condition.COMPLETED),)


def test_who_waits_for_the_end_names_that_very_job() -> None:
    web = workload("web", dependencies=waits_for("migrate"))
    shop = application(web, task("migrate", migrate()), documents=(CONF,))
    named = with_job_names(context(shop, DEV))
    (waiting,) = plain(made(web, named))["spec"]["template"]["spec"]["initContainers"]
    assert waiting["args"][2] == f"job/{BEFORE}"
    assert plain(job(shop.tasks[0], named))["metadata"]["name"] == BEFORE


def test_a_task_behind_another_one_runs_again_after_it() -> None:
    def seeds(level: str) -> dict[str, str]:
        changed = migrate(settings=(Setting(name="LEVEL", value=level),))
        seed = task("seed", dependencies=waits_for("migrate"))
        return names(application(seed, task("migrate", changed), documents=(CONF,)))

    assert seeds("info")["migrate"] == BEFORE
    assert seeds("info")["seed"] != seeds("debug")["seed"]


def test_tasks_that_wait_for_each_other_have_names_all_the_same() -> None:
    one = task("one", dependencies=waits_for("two"))
    two = task("two", dependencies=waits_for("one"))
    assert names(application(one, two)).keys() == {"one", "two"}


def test_a_long_name_keeps_its_hash() -> None:
    long = "a" * 63
    (found,) = names(application(task(long, migrate()), documents=(CONF,))).values()
    assert len(found) <= 63


def test_nothing_is_named_where_nothing_ends() -> None:
    there = around(workload())
    assert with_job_names(there) is there
