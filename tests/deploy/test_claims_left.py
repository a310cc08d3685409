"""No data are deleted, or left behind, without a word."""

from typing import Any

import pytest
from tests.deploy.deploying import down, run, told, up
from tests.deploy.in_process import InProcess
from tests.deploy.objects import Manifest, made, namespace, workload
from tests.fake_api import FakeApi

CLAIM = made("PersistentVolumeClaim", "data-db-0", namespace="shop-dev", spec={})


def _stack() -> list[Manifest]:
    template = {"metadata": {"name": "data"}, "spec": {}}
    return [namespace(), workload("db", "StatefulSet", volumeClaimTemplates=[template])]


@pytest.fixture
def fake() -> FakeApi:
    """A cluster in which the stack is up, and its pod has a claim."""
    found = FakeApi(tick_seconds=None)
    assert up(found, _stack()) == 0
    run(found, lambda: InProcess(found).apply(CLAIM, force=True))
    return found


def test_what_stays_is_told(fake: FakeApi, capsys: Any) -> None:
    assert down(fake, _stack()) == 0
    line = "  · PersistentVolumeClaim/data-db-0  stays with its data; --volumes deletes it"
    assert line in told(capsys).splitlines()


def test_what_goes_is_told(fake: FakeApi, capsys: Any) -> None:
    assert down(fake, _stack(), volumes=True) == 0
    assert "  - PersistentVolumeClaim/data-db-0  with its data" in told(capsys).splitlines()


def test_what_goes_with_its_namespace_is_told_though_its_pods_went_before(
    fake: FakeApi, capsys: Any
) -> None:
    down(fake, _stack())
    told(capsys)
    assert down(fake, _stack(), volumes=True) == 0
    line = "  - PersistentVolumeClaim/data-db-0  with its data, as its namespace goes"
    assert line in told(capsys).splitlines()
