"""A migration is undone on the real control plane before the version before it comes back."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from tests.deploy.objects import config, namespace, service, workload
from tests.integration.test_deploying import Program
from tests.support.bed import BedClient

from mooring.semantics.readiness import conditions

pytestmark = pytest.mark.real

SPACE = f"ways-back-{os.getpid()}"
BACK = '{"args": ["downgrade", "-1"]}'


@pytest.fixture(scope="module")
def shop(bed: BedClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A shop with a database, whose every version migrates it."""
    folder = tmp_path_factory.mktemp("ways-back")
    yield Program(folder, bed)
    bed.api.delete(f"/api/v1/namespaces/{SPACE}")


def _up(shop: Program, version: int) -> None:
    """Bring ``version`` of the shop up."""
    objects = [
        config(VERSION=str(version)),
        service("db"),
        workload("db", "StatefulSet"),
        workload(
            f"migrate-{version}",
            "Job",
            depends_on="db=healthy",
            image=f"shop/api:{version}",
            annotations={"mooring.dev/way-back": BACK},
        ),
        workload("api", depends_on=f"migrate-{version}=completed", image=f"shop/api:{version}"),
    ]
    for one in objects:
        one["metadata"]["namespace"] = SPACE
    text = yaml.safe_dump_all([namespace(SPACE), *objects])
    (shop._folder / "shop.yaml").write_text(text, encoding="utf-8")
    shop("up", "dev", "--manifests", "shop.yaml", "--yes", "--hold", "1")


def _jobs(bed: BedClient) -> dict[str, Any]:
    found = bed.api.get(f"/apis/batch/v1/namespaces/{SPACE}/jobs")["items"]
    return {one["metadata"]["name"]: one for one in found}


def test_a_migration_is_undone_before_its_version_is_left(shop: Program, bed: BedClient) -> None:
    _up(shop, 1)
    _up(shop, 2)
    assert set(_jobs(bed)) == {"migrate-2"}
    shop("rollback", "dev", "--manifests", "shop.yaml", "--yes", "--hold", "1")
    after = _jobs(bed)
    (undoing,) = (name for name in after if name.startswith("migrate-2-back-"))
    (container,) = after[undoing]["spec"]["template"]["spec"]["containers"]
    assert (container["image"], container["args"]) == ("shop/api:2", ["downgrade", "-1"])
    ended = str(conditions.condition(after[undoing], "Complete").get("lastTransitionTime"))
    live = bed.api.get(f"/apis/apps/v1/namespaces/{SPACE}/deployments/api")
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == "shop/api:1"
    pods = [one for one in bed.pods(SPACE) if one["metadata"]["name"].startswith("api-")]
    assert pods
    assert all(ended <= one["metadata"]["creationTimestamp"] for one in pods)


def test_on_the_way_forward_it_migrates_again(shop: Program, bed: BedClient) -> None:
    (undone,) = (one for name, one in _jobs(bed).items() if "-back-" in name)
    _up(shop, 2)
    again = _jobs(bed)["migrate-2"]
    assert conditions.is_true(again, "Complete")
    ended = str(conditions.condition(undone, "Complete").get("lastTransitionTime"))
    assert again["metadata"]["creationTimestamp"] >= ended, "it is another Job of the same name"
