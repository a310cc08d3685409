"""For whom a service waits, and what becomes of a wait for the start alone."""

from pathlib import Path

import pytest
from tests.translate.whole import part, translation

from mooring.app.dependencies import Condition

STACK = """
services:
  db: {image: example/db}
  web: {image: example/web, depends_on: [db]}
  app: {image: example/app, depends_on: {web: {condition: %s}}}
"""


@pytest.mark.parametrize(
    ("awaited", "condition"),
    [
        pytest.param("service_started", Condition.STARTED, id="a-workload-bears-a-missing-peer"),
        pytest.param(
            "service_completed_successfully", Condition.HEALTHY, id="a-task-does-not-come-back"
        ),
    ],
)
def test_started(tmp_path: Path, awaited: str, condition: Condition) -> None:
    (dependency,) = part(translation(tmp_path, STACK % awaited), "web").dependencies
    assert dependency.condition is condition
