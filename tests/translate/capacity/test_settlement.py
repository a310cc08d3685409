"""What is settled for one environment changes that one, and what stood open there is closed."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, rules, translation

from mooring.kube import quantity
from mooring.settings.choices import AmountChoices, Choices, ResourceChoices, ServiceChoices
from mooring.settings.environments import Environment, Tier
from mooring.translate.project import in_environment

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
