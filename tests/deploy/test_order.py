"""Who waits for whom, and how far that must have come."""

from itertools import pairwise
from typing import Any

import pytest
from tests.deploy.objects import (
    config,
    made,
    namespace,
    ref,
    secret,
    service,
    wanted,
    workload,
)

from mooring.deploy.order import DependencyCycle, Gate, order

APPS, BATCH, NET = "apps/v1", "batch/v1", "networking.k8s.io/v1"
RBAC = "rbac.authorization.k8s.io/v1"
EXISTS, STARTED, READY = Gate.EXISTS, Gate.STARTED, Gate.READY
DEFINITION = made(
    "CustomResourceDefinition",
    "widgets.x.io",
    "apiextensions.k8s.io/v1",
    spec={"group": "x.io", "names": {"kind": "Widget"}, "scope": "Namespaced"},
)
INGRESS = made(
    "Ingress",
    "web",
    NET,
    spec={"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}},
)
AUTOSCALER = made(
    "HorizontalPodAutoscaler",
    "web",
    "autoscaling/v2",
    spec={"scaleTargetRef": {"apiVersion": APPS, "kind": "Deployment", "name": "web"}},
)
BINDING = made(
    "RoleBinding",
    "reads",
    RBAC,
    roleRef={"kind": "Role", "name": "reader"},
    subjects=[{"kind": "ServiceAccount", "name": "web"}],
)
HOOK = {"helm.sh/hook": "pre-install,pre-upgrade"}


@pytest.mark.parametrize(
    ("objects", "child", "parent", "gate"),
    [
        pytest.param(
            (namespace(), config()), ("ConfigMap", "settings"), ("Namespace", "shop-dev"), READY,
            id="its-namespace",
        ),
        pytest.param(
            (DEFINITION, made("Widget", "one", "x.io/v1")), ("Widget", "one", "x.io/v1"),
            ("CustomResourceDefinition", "widgets.x.io", "apiextensions.k8s.io/v1"), READY,
            id="the-definition-of-its-kind",
        ),
        pytest.param(
            (workload("web", pod={"volumes": [{"name": "v", "secret": {"secretName": "s"}}]}),
             secret("s")),
            ("Deployment", "web", APPS), ("Secret", "s"), EXISTS, id="a-secret-that-it-mounts",
        ),
        pytest.param(
            (workload("web", pod={"volumes": [
                {"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]}),
             made("PersistentVolumeClaim", "data", spec={})),
            ("Deployment", "web", APPS), ("PersistentVolumeClaim", "data"), EXISTS,
            id="a-claim-need-not-be-bound",
        ),
        pytest.param(
            (workload("web", pod={"serviceAccountName": "web"}), made("ServiceAccount", "web"),
             BINDING, made("Role", "reader", RBAC)),
            ("Deployment", "web", APPS), ("RoleBinding", "reads", RBAC), EXISTS,
            id="the-rights-of-its-account",
        ),
        pytest.param(
            (workload("web"), service("web")), ("Deployment", "web", APPS), ("Service", "web"),
            EXISTS, id="its-service-is-there-before-it",
        ),
        pytest.param(
            (workload("web"), service("web"), INGRESS), ("Ingress", "web", NET),
            ("Deployment", "web", APPS), READY, id="an-ingress-comes-when-its-workload-is-ready",
        ),
        pytest.param(
            (workload("web"), AUTOSCALER), ("HorizontalPodAutoscaler", "web", "autoscaling/v2"),
            ("Deployment", "web", APPS), READY, id="an-autoscaler-comes-after-what-it-scales",
        ),
        pytest.param(
            (workload("web"), made("NetworkPolicy", "deny", NET, spec={"podSelector": {}})),
            ("Deployment", "web", APPS), ("NetworkPolicy", "deny", NET), EXISTS,
            id="policies-hold-from-the-first-pod-on",
        ),
        pytest.param(
            (workload("web", depends_on="db=healthy"), workload("db", "StatefulSet")),
            ("Deployment", "web", APPS), ("StatefulSet", "db", APPS), READY,
            id="a-dependency-that-has-to-be-healthy",
        ),
        pytest.param(
            (workload("web", depends_on="api=started"), workload("api")),
            ("Deployment", "web", APPS), ("Deployment", "api", APPS), STARTED,
            id="a-dependency-that-has-to-be-started",
        ),
        pytest.param(
            (workload("web", depends_on="migrate=completed"), workload("migrate", "Job")),
            ("Deployment", "web", APPS), ("Job", "migrate", BATCH), READY,
            id="a-job-that-has-to-complete",
        ),
        pytest.param(
            (workload("web"), workload("migrate", "Job", annotations=HOOK)),
            ("Deployment", "web", APPS), ("Job", "migrate", BATCH), READY,
            id="a-hook-of-helm-that-comes-before",
        ),
        pytest.param(
            (workload("web"),
             workload("seed", "Job", annotations={"helm.sh/hook": "post-install"})),
            ("Job", "seed", BATCH), ("Deployment", "web", APPS), READY,
            id="a-hook-of-helm-that-comes-after",
        ),
    ],
)  # fmt: skip
def test_edges(
    objects: tuple[Any, ...], child: tuple[str, ...], parent: tuple[str, ...], gate: Gate
) -> None:
    graph = order(wanted(*objects).objects)
    cluster_wide = {"Namespace", "CustomResourceDefinition"}
    found = ref(*parent)
    if parent[0] in cluster_wide:
        found = type(found)(found.api_version, found.kind, found.name)
    assert graph.parents[ref(*child)].get(found) is gate


@pytest.mark.parametrize(
    "objects",
    [
        pytest.param((config(), secret()), id="configuration-of-nobody"),
        pytest.param((workload("web"), workload("api")), id="workloads-apart"),
        pytest.param((workload("web", depends_on="gone=healthy"),), id="what-is-not-there"),
        pytest.param(
            (workload("web"), made("NetworkPolicy", "db", NET, spec={
                "podSelector": {"matchLabels": {"app.kubernetes.io/name": "db"}}})),
            id="a-policy-for-pods-of-others",
        ),
        pytest.param(
            (
                made("PersistentVolume", "disk", spec={"claimRef": {"name": "data",
                     "namespace": "shop-dev"}}),
                made("ServiceAccount", "a", secrets=[{"name": "t"}]),
            ),
            id="a-volume-kept-for-a-claim",
        ),
    ],
)  # fmt: skip
def test_nobody_waits_for(objects: tuple[Any, ...]) -> None:
    graph = order(wanted(*objects).objects)
    assert all(not parents for parents in graph.parents.values())


def test_a_volume_and_a_claim_may_name_each_other() -> None:
    disk = made(
        "PersistentVolume", "disk", spec={"claimRef": {"name": "c", "namespace": "shop-dev"}}
    )
    claim = made("PersistentVolumeClaim", "c", spec={"volumeName": "disk"})
    assert len(order(wanted(disk, claim).objects).parents) == 2


def test_a_circle_is_told_with_its_path() -> None:
    objects = wanted(
        workload("a", depends_on="b=healthy"),
        workload("b", depends_on="c=started"),
        workload("c", depends_on="a=completed"),
    ).objects
    with pytest.raises(DependencyCycle) as caught:
        order(objects)
    names = [one.name for one in caught.value.path]
    assert names[0] == names[-1]
    assert set(names) == {"a", "b", "c"}
    after = {"a": "b", "b": "c", "c": "a"}
    assert all(after[one] == other for one, other in pairwise(names))


def test_parents_come_before_their_children() -> None:
    graph = order(
        wanted(
            INGRESS,
            workload("web", depends_on="db=healthy"),
            service("web"),
            workload("db", "StatefulSet"),
            namespace(),
        ).objects
    )
    place = {one: number for number, one in enumerate(graph.parents)}
    assert all(
        place[parent] < place[child] for child, found in graph.parents.items() for parent in found
    )


def test_a_declared_dependency_is_remembered_for_the_budget_of_crashes() -> None:
    graph = order(wanted(workload("web", depends_on="db=healthy"), workload("db")).objects)
    assert graph.declared[ref("Deployment", "web", APPS)] == (ref("Deployment", "db", APPS),)
