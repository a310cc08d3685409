"""
Several releases on the real control plane: what two environments share goes up once and first, the
stack in both behind it, and all of it comes down in reverse.

What was made when is asserted from the API server's own records.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.deploy.objects import Manifest, config, namespace, service, workload
from tests.integration.test_deploying import Program, made
from tests.support.bed import BedClient

from mooring.semantics.readiness import conditions

pytestmark = pytest.mark.real

NUMBER = os.getpid()
SETTINGS = f"""\
environments: {{staging: , production: }}
releases:
  infrastructure: {{path: infra, environment: shared, namespace: infra-{NUMBER}}}
  monitoring:
    {{path: monitoring, namespace: watch-{NUMBER}, needs: [infrastructure],
      environments: [staging]}}
  application: {{needs: [infrastructure]}}
"""
DEFINITION: Manifest = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "menus.releases.example.com"},
    "spec": {
        "group": "releases.example.com",
        "scope": "Cluster",
        "names": {"kind": "Menu", "plural": "menus", "singular": "menu"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "x-kubernetes-preserve-unknown-fields": True,
                    }
                },
            }
        ],
    },
}
MENU: Manifest = {
    "apiVersion": "releases.example.com/v1",
    "kind": "Menu",
    "metadata": {"name": "lunch"},
    "spec": {"of": "staging"},
}


def _write(folder: Path, *objects: Manifest) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "all.yaml").write_text(yaml.safe_dump_all(objects), encoding="utf-8")


def _application(folder: Path, environment: str, image: str = "shop/api:1") -> None:
    space = f"shop-{environment}-{NUMBER}"
    objects = [
        namespace(space),
        config("settings"),
        service("db"),
        workload("db", "StatefulSet", image="shop/db:1"),
        workload("migrate", "Job", depends_on="db=healthy", image="shop/migrate:1"),
        workload("api", depends_on="migrate=completed", image=image),
    ]
    for one in objects:
        one["metadata"]["labels"] = {"app.kubernetes.io/instance": f"shop-{NUMBER}"}
        if one["kind"] != "Namespace":
            one["metadata"]["namespace"] = space
    more = [MENU] if environment == "staging" else []
    _write(folder / f"deploy/environments/{environment}", *objects, *more)


@pytest.fixture(scope="module")
def shop(bed: BedClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A stack in two environments, the infrastructure that they share, and monitoring."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "mooring.yaml").write_text(SETTINGS, encoding="utf-8")
    broker = workload("broker", "StatefulSet", image="shop/broker:1")
    _write(folder / "infra", DEFINITION, service("broker"), broker)
    _write(folder / "monitoring", workload("prometheus", image="shop/prometheus:1"))
    for environment in ("staging", "production"):
        _application(folder, environment)
    yield Program(folder, bed)
    for name in ("infra", "watch", "shop-staging", "shop-production"):
        bed.api.delete(f"/api/v1/namespaces/{name}-{NUMBER}")
    bed.api.delete(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/menus.releases.example.com"
    )


def _workloads(bed: BedClient, space: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for plural in ("statefulsets", "deployments"):
        found |= made(bed, f"{space}-{NUMBER}", f"/apis/apps/v1/NS/{plural}")
    return found


def test_all_goes_up_behind_what_it_needs(shop: Program, bed: BedClient) -> None:
    told = shop("diff", "staging", status=1)
    assert "Menu/lunch" in told
    told = shop("up", "staging", "--yes", "--hold", "1", "--accept-open-questions")
    assert "staging is up" in told
    (broker,) = bed.pods(f"infra-{NUMBER}")
    ready = str(conditions.condition(broker, "Ready").get("lastTransitionTime"))
    assert ready <= min(_workloads(bed, "shop-staging").values())
    assert ready <= min(_workloads(bed, "watch").values())
    assert bed.api.get("/apis/releases.example.com/v1/menus/lunch")["spec"] == {"of": "staging"}
    assert "all 3 releases are as they should be" in shop(
        "up", "staging", "--yes", "--accept-open-questions"
    )


def test_what_is_shared_goes_up_once(shop: Program, bed: BedClient) -> None:
    before = _workloads(bed, "infra")
    told = shop("up", "production", "--yes", "--hold", "1", "--accept-open-questions")
    assert "as they should be: infrastructure" in told
    assert _workloads(bed, "infra") == before
    told = shop("status", "production")
    assert "release infrastructure" in told
    assert "monitoring" not in told


def test_the_last_change_goes_back(shop: Program, bed: BedClient) -> None:
    _application(shop._folder, "staging", image="shop/api:2")
    shop("up", "staging", "--yes", "--hold", "1", "--accept-open-questions")
    told = shop("rollback", "staging", "--yes", "--hold", "1")
    assert "release application back to revision 1" in told
    assert "release monitoring back" not in told
    path = f"/apis/apps/v1/namespaces/shop-staging-{NUMBER}/deployments/api"
    (container,) = bed.api.get(path)["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "shop/api:1"


def test_it_comes_down_and_leaves_what_the_other_uses(shop: Program, bed: BedClient) -> None:
    told = shop("down", "staging", "--yes")
    assert f"shop-{NUMBER}.production uses it" in told
    assert not bed.pods(f"shop-staging-{NUMBER}"), "down waits until the pods have ended"
    assert _workloads(bed, "infra")
    told = shop("down", "production", "--yes")
    assert "production is down" in told
    assert not bed.pods(f"infra-{NUMBER}")
    assert not _workloads(bed, "infra")
