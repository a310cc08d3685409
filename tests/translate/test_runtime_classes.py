"""Container runtimes by name: which RuntimeClass stands for each, and who says so."""

from pathlib import Path

import pytest
from tests.translate.whole import part, translation

from mooring.settings.choices import Choices
from mooring.settings.clusters import Cluster, RuntimeClass
from mooring.settings.environments import Environment, Tier
from mooring.translate.in_environment import in_environment

SANDBOXED = """\
services:
  api:
    image: example/api:1
    runtime: runsc
"""
GVISOR = {"runsc": RuntimeClass(name="gvisor")}
MADE = {"runsc": RuntimeClass(name="gvisor", handler="runsc")}


def environment(
    tier: Tier, runtimes: dict[str, RuntimeClass] | None = None, cluster: Cluster | None = None
) -> Environment:
    return Environment(name=tier.value, tier=tier, runtimes=runtimes or {}, cluster=cluster)


@pytest.mark.parametrize(
    ("compose", "given", "runtime", "told"),
    [
        pytest.param(
            SANDBOXED,
            environment(Tier.PRODUCTION),
            "runsc",
            "environments: {production: {runtimes: {runsc: {class: <class>}}}}; with handler: "
            "<handler> beside it the class is made for what the nodes call the runtime",
            id="production-asks-which-class-it-is",
        ),
        pytest.param(
            SANDBOXED,
            environment(Tier.PRODUCTION, cluster=Cluster(name="live", profile="eks")),
            "runsc",
            "clusters: {live: {profile: eks, runtimes: {runsc: {class: <class>}}}}; with handler: "
            "<handler> beside it the class is made for what the nodes call the runtime",
            id="of-a-cluster-that-is-known-the-answer-stands-with-it",
        ),
        pytest.param(
            SANDBOXED,
            environment(Tier.PRODUCTION, GVISOR),
            "gvisor",
            "runs by the RuntimeClass gvisor",
            id="the-class-that-was-named",
        ),
        pytest.param(
            SANDBOXED,
            environment(Tier.PRODUCTION, MADE),
            "gvisor",
            "runs by the RuntimeClass gvisor, which is made for the handler runsc",
            id="a-class-to-make",
        ),
        pytest.param(
            SANDBOXED,
            environment(Tier.DEV),
            "runsc",
            "install the runtime on the nodes, and make the RuntimeClass runsc, or name another in "
            "mooring.yaml, below runtimes",
            id="development-is-warned",
        ),
        pytest.param(
            SANDBOXED.replace("runsc", "/usr/bin/runsc"),
            environment(Tier.PRODUCTION),
            None,
            "environments: {production: {runtimes: {/usr/bin/runsc: {class: <class>}}}}; with "
            "handler: <handler> beside it the class is made for what the nodes call the runtime",
            id="a-path-is-no-name-of-a-class",
        ),
    ],
)
def test_which_class_stands_for_a_runtime(
    tmp_path: Path, compose: str, given: Environment, runtime: str | None, told: str
) -> None:
    before = translation(tmp_path, compose)
    there = in_environment(before, given, Choices())
    assert part(there, "api").placement.runtime == runtime
    said = [one.choice for one in there.decisions if one.topic == "runtime"]
    said += [one.answer for one in there.questions if one.subject.endswith(".runtime")]
    said += [one.remedy or "" for one in there.findings if one.rule == "runtime-class-needed"]
    assert said == [told]


def test_a_service_without_one_is_asked_nothing(tmp_path: Path) -> None:
    before = translation(tmp_path, SANDBOXED.replace("runsc", "runc"))
    there = in_environment(before, environment(Tier.PRODUCTION), Choices())
    assert part(there, "api").placement.runtime is None
    assert not [one for one in there.questions if one.subject.endswith(".runtime")]


def test_of_a_runtime_that_is_usual_the_question_says_how_it_is_called(tmp_path: Path) -> None:
    before = translation(tmp_path, SANDBOXED.replace("runsc", "nvidia"))
    there = in_environment(before, environment(Tier.PRODUCTION), Choices())
    asked = next(one for one in there.questions if one.subject == "services.api.runtime")
    assert "(the GPU Operator and K3s call it nvidia)" in asked.question
