"""All objects of an environment together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generate.support import DEV, application, container, task, workload

from mooring.app.configuration import Document, DocumentMount, Setting
from mooring.app.dependencies import Condition, Dependency
from mooring.app.endpoints import Endpoint, NetworkAccess
from mooring.app.storage import Lifetime, Storage, StorageMount
from mooring.app.workloads import Task, Workload
from mooring.generate.objects import namespace_name, objects
from mooring.kube.object_set import ObjectSet
from mooring.sensitive import Sensitive
from mooring.settings.environments import Environment, Tier


def kinds(made: ObjectSet) -> list[str]:
    return [f"{item.kind}/{item.name}" for item in made]


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        pytest.param(DEV, "shop-dev", id="project-and-environment"),
        pytest.param(
            Environment(name="dev", tier=Tier.DEV, namespace="mine"), "mine", id="as-it-was-set"
        ),
    ],
)
def test_namespace(environment: Environment, name: str) -> None:
    shop = application(workload())
    assert namespace_name(shop, environment) == name
    assert kinds(objects(shop, environment))[0] == f"Namespace/{name}"


def test_what_is_mounted_comes_before_what_mounts_it() -> None:
    web = container(
        settings=(Setting(name="A", value="1"), Setting(name="B", value=Sensitive("hidden"))),
        endpoints=(Endpoint(port=80),),
        storage=(StorageMount(storage="data", path="/data"),),
        documents=(DocumentMount(document="conf", path="/conf"),),
    )
    shop = application(
        workload("web", web),
        task("migrate"),
        storages=(Storage(name="data", lifetime=Lifetime.PERSISTENT),),
        documents=(Document(name="conf", files={"a": b"1"}),),
    )
    *others, job = kinds(objects(shop, DEV))
    assert others == [
        "Namespace/shop-dev",
        "ConfigMap/web-env",
        "ConfigMap/conf",
        "Secret/shop-secrets",
        "PersistentVolumeClaim/data",
        "Service/web",
        "Deployment/web",
    ]
    assert job.startswith("Job/migrate-")


@pytest.mark.parametrize(
    ("condition", "other", "has_account"),
    [
        pytest.param(Condition.COMPLETED, task("db"), True, id="who-waits-for-an-end-asks-the-api"),
        pytest.param(
            Condition.HEALTHY,
            workload("db", container("db", endpoints=(Endpoint(port=1),))),
            False,
            id="who-waits-for-an-answer-needs-no-account",
        ),
        pytest.param(Condition.STARTED, task("db"), False, id="who-waits-for-nothing-neither"),
    ],
)
def test_the_account_of_waits(
    condition: Condition, other: Workload | Task, has_account: bool
) -> None:
    web = workload(dependencies=(Dependency(on="db", condition=condition),))
    made = kinds(objects(application(web, other), DEV))
    assert ("ServiceAccount/shop-waits" in made) is has_account
    assert ("Role/shop-waits" in made) is has_account
    assert ("RoleBinding/shop-waits" in made) is has_account


def test_a_part_without_a_network_is_closed() -> None:
    web = workload("web", container(endpoints=(Endpoint(port=80),)), network=NetworkAccess.NONE)
    made = kinds(objects(application(web), DEV))
    assert made == ["Namespace/shop-dev", "NetworkPolicy/web", "Deployment/web"]


_NAMES = st.sampled_from(["web", "api", "db", "a-b", "web-env"])


@given(st.lists(st.tuples(_NAMES, st.booleans(), st.booleans()), unique_by=lambda one: one[0]))
def test_everything_belongs_to_the_application(
    parts: list[tuple[str, bool, bool]],
) -> None:
    made = objects(
        application(
            *(
                (task if is_task else workload)(
                    name,
                    container(
                        name,
                        endpoints=(Endpoint(port=80),) if listens else (),
                        settings=(Setting(name="A", value=name),),
                    ),
                )
                for name, is_task, listens in parts
            )
        ),
        DEV,
    )
    for item in made:
        assert item.metadata.labels["app.kubernetes.io/instance"] == "shop"
        assert item.metadata.labels["app.kubernetes.io/managed-by"] == "mooring"
        assert item.metadata.namespace is None
