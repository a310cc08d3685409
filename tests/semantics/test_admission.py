"""What a namespace refuses: by its level, its LimitRanges, its quotas."""

from decimal import Decimal
from typing import Any

import pytest
from tests.semantics import manifests
from tests.semantics.manifests import Raw, container, pod, pod_spec, service, thing, workload
from tests.semantics.pod_cases import CASES

from mooring.semantics import admission, kinds, limits, pod_resources, quotas
from mooring.semantics.objects import ManifestSet
from mooring.semantics.quotas import Use
from mooring.semantics.views import Claim


def asking(requests: Raw | None = None, most: Raw | None = None) -> Raw:
    resources = {"requests": requests, "limits": most}
    return container(resources={key: value for key, value in resources.items() if value})


def limit_range(**entry: Any) -> Raw:
    return thing("LimitRange", "bounds", spec={"limits": [{"type": "Container", **entry}]})


def quota(scopes: list[str] | None = None, **hard: str) -> Raw:
    dotted = {name.replace("_", ".").replace("..", "/"): value for name, value in hard.items()}
    spec: Raw = {"hard": dotted} | ({"scopes": scopes} if scopes else {})
    return thing("ResourceQuota", "quota", spec=spec)


def refused(*given: Raw) -> list[str]:
    objects = ManifestSet(given, namespace="shop")
    return [f"{each.subject} {each.field}: {each.reason}" for each in admission.refusals(objects)]


MAIN = "spec.template.spec.containers[0].resources"


@pytest.mark.parametrize(
    ("bounds", "asked", "expected"),
    [
        pytest.param(
            {"default": {"cpu": "1"}}, asking(), ({"cpu": "1"}, {"cpu": "1"}), id="a-default-limit"
        ),
        pytest.param(
            {"default": {"cpu": "1"}, "defaultRequest": {"cpu": "100m"}},
            asking(),
            ({"cpu": "0.1"}, {"cpu": "1"}),
            id="a-default-request",
        ),
        pytest.param(
            {"max": {"cpu": "2"}}, asking(), ({"cpu": "2"}, {"cpu": "2"}), id="the-maximum-is-one"
        ),
        pytest.param(
            {"min": {"cpu": "100m"}}, asking(), ({"cpu": "0.1"}, {}), id="the-minimum-is-a-request"
        ),
        pytest.param(
            {"min": {"cpu": "100m"}, "default": {"cpu": "1"}},
            asking(),
            ({"cpu": "1"}, {"cpu": "1"}),
            id="the-default-limit-comes-before-the-minimum",
        ),
        pytest.param(
            {"default": {"cpu": "1"}, "defaultRequest": {"cpu": "100m"}},
            asking({"cpu": "300m"}, {"cpu": "500m"}),
            ({"cpu": "0.3"}, {"cpu": "0.5"}),
            id="what-is-written-stays",
        ),
        pytest.param(
            {"type": "Pod", "default": {"cpu": "1"}},
            asking(),
            ({}, {}),
            id="pods-get-nothing",
        ),
        pytest.param(
            {"default": {"cpu": "1"}, "defaultRequest": {"cpu": "100m"}},
            asking(None, {"cpu": "500m"}),
            ({"cpu": "0.5"}, {"cpu": "0.5"}),
            id="a-written-limit-is-the-request-before-any-default",
        ),
    ],
)
def test_limit_range_defaults(bounds: Raw, asked: Raw, expected: tuple[Raw, Raw]) -> None:
    objects = ManifestSet([limit_range(**bounds), pod(spec=pod_spec(asked))])
    (found,) = objects.templates
    entries = limits.of_namespace(objects, "")
    (each,) = limits.defaulted(pod_resources.of_containers(found), entries)
    for amounts, wanted in zip(
        (each.resources.requests, each.resources.limits), expected, strict=True
    ):
        assert amounts == {name: Decimal(size) for name, size in wanted.items()}


@pytest.mark.parametrize(
    ("bounds", "asked", "reasons"),
    [
        pytest.param({"min": {"cpu": "100m"}}, asking({"cpu": "100m"}), [], id="at-the-minimum"),
        pytest.param(
            {"min": {"cpu": "100m"}},
            asking({"cpu": "50m"}),
            ["needs at least 100m of cpu, and has 50m"],
            id="below-the-minimum",
        ),
        pytest.param({"max": {"memory": "1Gi"}}, asking(), [], id="the-maximum-is-given"),
        pytest.param(
            {"max": {"memory": "1Gi"}},
            asking(None, {"memory": "2Gi"}),
            ["needs at most 1Gi of memory, and has 2Gi"],
            id="above-the-maximum",
        ),
        pytest.param(
            {"default": {"memory": "256Mi"}},
            asking({"memory": "257Mi"}),
            ["asks for 257Mi of memory, above the limit of 256Mi that it is given"],
            id="a-request-above-the-default-limit",
        ),
        pytest.param(
            {"default": {"memory": "256Mi"}},
            asking({"memory": "1Gi"}, {"memory": "2Gi"}),
            [],
            id="not-where-a-limit-is-written",
        ),
        pytest.param(
            {"maxLimitRequestRatio": {"cpu": "2"}},
            asking({"cpu": "500m"}, {"cpu": "2"}),
            ["needs a limit of at most 2 times the request of cpu, and has 4.00 times"],
            id="a-ratio",
        ),
        pytest.param(
            {"maxLimitRequestRatio": {"cpu": "2"}},
            asking({"cpu": "1"}, {"cpu": "2"}),
            [],
            id="a-ratio-that-is-kept",
        ),
        pytest.param(
            {"maxLimitRequestRatio": {"cpu": "2"}},
            asking({"cpu": "1"}),
            ["needs a limit of at most 2 times the request of cpu, and both to be set"],
            id="a-ratio-without-a-limit",
        ),
        pytest.param(
            {"type": "Pod", "max": {"memory": "1Gi"}},
            asking({"memory": "1Gi"}),
            ["needs at most 1Gi of memory, and sets none"],
            id="nothing-is-given-to-pods",
        ),
        pytest.param(
            {"type": "PersistentVolumeClaim", "max": {"storage": "1"}}, asking(), [], id="pvc"
        ),
    ],
)
def test_limit_range_bounds(bounds: Raw, asked: Raw, reasons: list[str]) -> None:
    found = refused(limit_range(**bounds), workload(spec=pod_spec(asked)))
    assert [each.partition(": ")[2] for each in found] == reasons


def test_limits_of_a_pod_count_its_containers_together() -> None:
    bounds = limit_range(type="Pod", max={"memory": "1Gi"})
    half = asking(None, {"memory": "600Mi"})
    assert refused(bounds, workload(spec=pod_spec(half))) == []
    (found,) = refused(bounds, workload(spec=pod_spec(half, half)))
    assert found == (
        "Deployment/shop/app spec.template.spec.resources:"
        " needs at most 1Gi of memory, and has 1200Mi"
    )


def test_limit_ranges_of_other_namespaces_say_nothing() -> None:
    other = {**limit_range(min={"cpu": "1"})}
    other["metadata"] = {"name": "bounds", "namespace": "other"}
    assert refused(other, workload(spec=pod_spec(asking({"cpu": "1m"})))) == []


@pytest.mark.parametrize(
    ("size", "found"),
    [
        pytest.param("1Gi", [], id="fits"),
        pytest.param("100Gi", ["max"], id="too-large"),
        pytest.param("1Mi", ["min"], id="too-small"),
    ],
)
def test_claims_have_bounds(size: str, found: list[str]) -> None:
    bounds = limit_range(
        type="PersistentVolumeClaim", min={"storage": "1Gi"}, max={"storage": "10Gi"}
    )
    (item,) = ManifestSet([bounds]).of_kind(kinds.LIMIT_RANGE)
    claim = Claim({"resources": {"requests": {"storage": size}}})
    breaches = limits.claim_breaches(claim, "spec", limits.limits(item))
    assert [each.constraint.value for each in breaches] == found


def uses(*given: Raw, nodes: int = 1) -> dict[str, Use]:
    found = quotas.uses(ManifestSet(given, namespace="shop"), nodes=nodes)
    return {use.resource: use for use in found}


HALF = pod_spec(asking({"cpu": "500m", "memory": "1Gi"}, {"memory": "2Gi"}))


def test_pods_take_requests_and_limits() -> None:
    found = uses(
        workload(spec=HALF, replicas=4),
        workload("task", spec=HALF, kind="Job", parallelism=2),
        quota(requests_cpu="3", cpu="3", requests_memory="8Gi", limits_memory="8Gi", pods="5"),
    )
    assert {name: (use.resting, use.tasks, use.surge) for name, use in found.items()} == {
        "requests.cpu": (2, 1, Decimal("0.5")),
        "cpu": (2, 1, Decimal("0.5")),
        "requests.memory": (4 << 30, 2 << 30, 1 << 30),
        "limits.memory": (8 << 30, 4 << 30, 2 << 30),
        "pods": (4, 2, 1),
    }
    assert [str(ref) for ref, _ in found["pods"].parts] == ["Deployment/shop/app"]


@pytest.mark.parametrize(
    ("hard", "at_rest", "while_rolling", "always"),
    [
        pytest.param("3", False, False, False, id="too-small-at-rest"),
        pytest.param("4", True, False, False, id="no-room-for-an-update"),
        pytest.param("5", True, True, False, id="no-room-for-the-task-beside-it"),
        pytest.param("6", True, True, True, id="room-for-all"),
    ],
)
def test_what_fits(hard: str, at_rest: bool, while_rolling: bool, always: bool) -> None:
    found = uses(workload(replicas=4), workload("task", kind="Job"), quota(pods=hard))["pods"]
    assert (found.at_rest, found.while_rolling, found.always) == (at_rest, while_rolling, always)


def test_all_updates_together_and_the_top_of_the_scale() -> None:
    scaler = thing(
        "HorizontalPodAutoscaler",
        "h",
        "autoscaling/v2",
        spec={
            "maxReplicas": 8,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"},
        },
    )
    given = [workload("a", replicas=4), workload("b", replicas=4), scaler, quota(pods="20")]
    found = uses(*given)["pods"]
    assert (found.resting, found.scaled, found.surge, found.surges) == (8, 4, 1, 3)


def test_daemon_sets_take_for_each_node() -> None:
    assert uses(workload(kind="DaemonSet"), quota(pods="5"), nodes=3)["pods"].resting == 3


def test_objects_are_counted() -> None:
    claim = {"storageClassName": "fast", "resources": {"requests": {"storage": "2Gi"}}}
    found = uses(
        workload(
            kind="StatefulSet",
            replicas=3,
            volumeClaimTemplates=[{"metadata": {"name": "data"}, "spec": claim}],
        ),
        thing("PersistentVolumeClaim", "own", spec=claim),
        service("a"),
        service("b", {"port": 1}, {"port": 2}, type="NodePort"),
        service("c", type="LoadBalancer"),
        thing("ConfigMap", "c"),
        thing("Ingress", "i", "networking.k8s.io/v1"),
        {**thing("ConfigMap", "elsewhere"), "metadata": {"name": "c", "namespace": "other"}},
        quota(
            requests_storage="1",
            persistentvolumeclaims="1",
            fast_storageclass_storage_k8s_io__requests_storage="1",
            services="1",
            services_nodeports="1",
            services_loadbalancers="1",
            configmaps="1",
            count__statefulsets_apps="1",
            count__ingresses_networking_k8s_io="1",
            secrets="1",
        ),
    )
    assert {name: int(use.resting) for name, use in found.items()} == {
        "requests.storage": 8 << 30,
        "persistentvolumeclaims": 4,
        "fast.storageclass.storage.k8s.io/requests.storage": 8 << 30,
        "services": 3,
        "services.nodeports": 3,
        "services.loadbalancers": 1,
        "configmaps": 2,  # The cluster adds kube-root-ca.crt.
        "count/statefulsets.apps": 1,
        "count/ingresses.networking.k8s.io": 1,
        "secrets": 0,
    }


def test_bare_pods_are_counted_once() -> None:
    assert uses(pod("a"), pod("b"), quota(count__pods="1"))["count/pods"].resting == 2


def test_a_quota_with_scopes_counts_pods_alone() -> None:
    found = uses(pod(), thing("ConfigMap", "c"), quota(["BestEffort"], configmaps="1", pods="1"))
    assert {name: use.resting for name, use in found.items()} == {"configmaps": 0, "pods": 1}


URGENT = {**HALF, "priorityClassName": "high"}


@pytest.mark.parametrize(
    ("scopes", "selector", "counted"),
    [
        pytest.param([], None, ["best", "burst", "ends", "urgent"], id="without-scopes-all"),
        pytest.param(["BestEffort"], None, ["best", "ends"], id="best-effort"),
        pytest.param(["NotBestEffort"], None, ["burst", "urgent"], id="not-best-effort"),
        pytest.param(["Terminating"], None, ["ends"], id="terminating"),
        pytest.param(["NotTerminating"], None, ["best", "burst", "urgent"], id="not-terminating"),
        pytest.param(["Terminating", "NotBestEffort"], None, [], id="all-scopes-must-hold"),
        pytest.param(["PriorityClass"], None, ["urgent"], id="with-any-priority-class"),
        pytest.param([], ("In", ["high"]), ["urgent"], id="with-this-priority-class"),
        pytest.param([], ("In", ["low"]), [], id="with-another-priority-class"),
        pytest.param([], ("NotIn", ["high"]), ["best", "burst", "ends"], id="not-with-this"),
        pytest.param([], ("DoesNotExist", []), ["best", "burst", "ends"], id="without-any"),
    ],
)
def test_scopes(
    scopes: list[str], selector: tuple[str, list[str]] | None, counted: list[str]
) -> None:
    entry = quota(scopes, pods="0")
    if selector:
        operator, values = selector
        told = {"scopeName": "PriorityClass", "operator": operator, "values": values}
        entry["spec"]["scopeSelector"] = {"matchExpressions": [told]}
    found = uses(
        pod("best"),
        pod("burst", HALF),
        pod("ends", pod_spec(activeDeadlineSeconds=0)),
        pod("urgent", URGENT),
        entry,
    )["pods"]
    assert [ref.name for ref, _ in found.parts] == counted


def test_a_quota_on_memory_refuses_containers_that_do_not_ask() -> None:
    given = [
        workload("a", pod_spec(asking({"memory": "1Mi"}), initContainers=[container()])),
        workload("b", pod_spec(resources={"requests": {"memory": "1Mi"}})),
        workload("c", pod_spec(asking(None, {"memory": "1Mi"}))),
        quota(requests_memory="1Gi"),
    ]
    assert refused(*given) == [
        "Deployment/shop/a spec.template.spec.initContainers[0].resources:"
        " 1 container does not set requests.memory, which the quota counts"
    ]
    given.append(limit_range(defaultRequest={"memory": "1Mi"}))
    assert refused(*given) == []


def test_what_fits_no_more_is_named() -> None:
    found = refused(
        workload("a", replicas=2), workload("b", replicas=2), workload("c"), quota(pods="4")
    )
    assert found == ["Deployment/shop/c None: pods would be 5, the quota is 4"]


@pytest.mark.parametrize(
    ("labels", "case", "count"),
    [
        pytest.param({}, "privileged", 0, id="no-level"),
        pytest.param({"enforce": "baseline"}, "bare", 0, id="baseline-admits"),
        pytest.param({"enforce": "baseline"}, "privileged", 1, id="baseline-refuses"),
        pytest.param({"warn": "restricted"}, "bare", 0, id="a-warning-refuses-nothing"),
        pytest.param({"enforce": "restricted"}, "bare", 4, id="restricted-refuses"),
        pytest.param(
            {"enforce": "baseline", "enforce-version": "v1.33"},
            "livenessprobe-httpget-host",
            0,
            id="the-version-of-the-namespace-counts",
        ),
    ],
)
def test_levels_of_namespaces(labels: dict[str, str], case: str, count: int) -> None:
    prefixed = {f"pod-security.kubernetes.io/{key}": value for key, value in labels.items()}
    found = refused(manifests.namespace("shop", **prefixed), CASES[case].pod)
    assert len(found) == count


def test_a_refusal_says_what_to_change() -> None:
    labelled = manifests.namespace("shop", **{"pod-security.kubernetes.io/enforce": "baseline"})
    assert refused(labelled, workload(spec=pod_spec(hostNetwork=True))) == [
        "Deployment/shop/app spec.template.spec.hostNetwork:"
        " is true; baseline wants it false or absent"
    ]


def test_a_quota_below_zero_refuses_nothing_where_nothing_is() -> None:
    assert refused(quota(requests_storage="-1")) == []
