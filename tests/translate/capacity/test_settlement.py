"""What is settled for one environment changes that one, and what stood open there is closed."""

from pathlib import Path
from typing import Any

import pytest
from tests.translate.whole import container, decided, part, rules, translation

from mooring.app.workloads import Autoscaling, Workload
from mooring.kube import quantity
from mooring.settings.choices import (
    AmountChoices,
    AutoscaleChoices,
    Choices,
    ResourceChoices,
    ServiceChoices,
)
from mooring.settings.environments import Environment, Tier
from mooring.translate.in_environment import in_environment
from mooring.translate.project import Translation

STACK = """
services:
  app:
    image: example.com/app
    environment: {NODE_OPTIONS: --max-old-space-size=256}
    pre_start: [{command: [migrate]}]
  db: {image: postgres:17}
"""
STAGING = Environment(name="staging", tier=Tier.STAGING)
PRODUCTION = Environment(name="production", tier=Tier.PRODUCTION)
CHOICES = Choices(
    services={
        "app": ServiceChoices(
            resources={
                "production": ResourceChoices(
                    requests=AmountChoices(memory="128Mi"), limits=AmountChoices(memory="256Mi")
                )
            }
        )
    }
)


@pytest.mark.parametrize(
    ("environment", "limit", "open_", "findings"),
    [
        pytest.param(STAGING, "512Mi", True, [], id="another-environment-stays"),
        pytest.param(
            PRODUCTION,
            "256Mi",
            False,
            ["memory-setting-above-limit"],
            id="the-environment-changes-and-what-it-breaks-is-told",
        ),
    ],
)
def test_amounts_of_one_environment(
    tmp_path: Path, environment: Environment, limit: str, open_: bool, findings: list[str]
) -> None:
    before = translation(tmp_path, STACK, choices=CHOICES)
    made = in_environment(before, environment, CHOICES)
    own = container(made, "app").resources
    step = part(made, "app").initial_steps[0].container.resources
    assert own.memory_limit == step.memory_limit == quantity.parse(limit)
    assert ("services.app" in decided(made, "resources")) is open_
    assert "services.db" in decided(made, "resources")
    assert [rule for rule in rules(made) if rule.startswith("memory")] == findings
    assert part(made, "db") is part(before, "db")


WEB = """
services:
  web: {image: example.com/web, volumes: ['data:/data']}
  db: {image: postgres:17, volumes: ['db:/var/lib/postgresql/data']}
  job: {image: example.com/job, deploy: {mode: replicated-job}}
  agent: {image: example.com/agent, deploy: {mode: global}}
volumes: {data: {}, db: {}}
"""


def _workload(folder: Path, name: str, environment: Environment, **chosen: Any) -> Translation:
    choices = Choices(services={name: ServiceChoices(**chosen)})
    return in_environment(translation(folder, WEB, choices=choices), environment, choices)


@pytest.mark.parametrize(
    ("chosen", "staging", "production"),
    [
        pytest.param({"replicas": {"*": 3}}, 3, 3, id="everywhere"),
        pytest.param({"replicas": {"production": 3}}, 1, 3, id="in-one-environment"),
        pytest.param({"replicas": {"*": 2, "production": 3}}, 2, 3, id="the-nearer-word-counts"),
        pytest.param({"replicas": {"production": 0}}, 1, 0, id="none"),
    ],
)
def test_replicas(tmp_path: Path, chosen: Any, staging: int, production: int) -> None:
    for environment, replicas in ((STAGING, staging), (PRODUCTION, production)):
        found = part(_workload(tmp_path, "web", environment, **chosen), "web")
        assert isinstance(found, Workload)
        assert (found.replicas, found.replicas_in_production) == (replicas, None)


def test_several_replicas_share_what_one_had(tmp_path: Path) -> None:
    made = _workload(tmp_path, "web", PRODUCTION, replicas={"*": 2})
    shared = [storage.name for storage in made.application.storages if storage.used_by_many]
    assert shared == ["data"]
    assert list(decided(made, "access")) == ["volumes.data"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        pytest.param(AutoscaleChoices(), Autoscaling(least=1, most=5, cpu=80), id="as-is-usual"),
        pytest.param(
            AutoscaleChoices(min=2, max=10, cpu=60, memory=70),
            Autoscaling(least=2, most=10, cpu=60, memory=70),
            id="all-said",
        ),
        pytest.param(
            AutoscaleChoices(memory=70), Autoscaling(least=1, most=5, memory=70), id="memory-alone"
        ),
        pytest.param(
            AutoscaleChoices(min=7),
            Autoscaling(least=7, most=7, cpu=80),
            id="never-most-below-least",
        ),
    ],
)
def test_autoscaling(tmp_path: Path, chosen: AutoscaleChoices, expected: Autoscaling) -> None:
    made = _workload(tmp_path, "web", PRODUCTION, autoscale={"production": chosen})
    found = part(made, "web")
    assert isinstance(found, Workload)
    assert found.autoscaling == expected
    assert rules(made) == []


@pytest.mark.parametrize(
    ("name", "chosen", "rule"),
    [
        pytest.param("job", {"replicas": {"*": 2}}, "number-of-copies-not-settled", id="a-task"),
        pytest.param(
            "agent", {"autoscale": {"*": AutoscaleChoices()}}, "number-of-copies-not-settled",
            id="one-on-every-node",
        ),
        pytest.param(
            "db", {"autoscale": {"*": AutoscaleChoices()}}, "autoscaler-left-out", id="a-data-store"
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_obeyed_is_told(tmp_path: Path, name: str, chosen: Any, rule: str) -> None:
    made = _workload(tmp_path, name, PRODUCTION, **chosen)
    found = part(made, name)
    assert rule in rules(made)
    assert not isinstance(found, Workload) or found.autoscaling is None
