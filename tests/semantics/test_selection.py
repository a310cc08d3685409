"""Selectors mean what the API server means by them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.semantics import manifests

from mooring.semantics import kinds, selection
from mooring.semantics.objects import ManifestSet
from mooring.semantics.selection import PodIndex, Selections, SelectorIndex
from mooring.semantics.views import Autoscaler, Service


def expression(key: str, operator: str, *values: Any) -> dict[str, Any]:
    written: dict[str, Any] = {"key": key, "operator": operator}
    return {**written, "values": list(values)} if values else written


@pytest.mark.parametrize(
    ("written", "labels", "selected"),
    [
        pytest.param(None, {}, False, id="absent-selects-nothing"),
        pytest.param({}, {}, True, id="empty-selects-everything"),
        pytest.param({}, {"a": "1"}, True, id="empty-selects-what-has-labels"),
        pytest.param({"matchLabels": {}}, {}, True, id="empty-match-labels-select-everything"),
        pytest.param({"matchExpressions": []}, {}, True, id="empty-expressions-select-everything"),
        pytest.param({"matchLabels": {"a": "1"}}, {"a": "1", "b": "2"}, True, id="more-labels"),
        pytest.param({"matchLabels": {"a": "1", "b": "2"}}, {"a": "1"}, False, id="all-must-hold"),
        pytest.param({"matchLabels": {"a": "1"}}, {"a": "2"}, False, id="another-value"),
        pytest.param({"matchLabels": {"a": 1}}, {"a": "1"}, True, id="an-unquoted-number"),
        pytest.param(
            {"matchExpressions": [expression("a", "In", "1", "2")]}, {"a": "2"}, True, id="in"
        ),
        pytest.param(
            {"matchExpressions": [expression("a", "In", "1", "2")]},
            {},
            False,
            id="in-misses",
        ),
        pytest.param(
            {"matchExpressions": [expression("a", "NotIn", "1")]},
            {},
            True,
            id="not-in-holds-where-the-key-is-missing",
        ),
        pytest.param(
            {"matchExpressions": [expression("a", "NotIn", "1")]}, {"a": "1"}, False, id="not-in"
        ),
        pytest.param(
            {"matchExpressions": [expression("a", "Exists")]}, {"a": ""}, True, id="exists-empty"
        ),
        pytest.param({"matchExpressions": [expression("a", "Exists")]}, {}, False, id="exists"),
        pytest.param(
            {"matchExpressions": [expression("a", "DoesNotExist")]}, {}, True, id="does-not-exist"
        ),
        pytest.param(
            {"matchExpressions": [expression("a", "DoesNotExist")]},
            {"a": "1"},
            False,
            id="does-not-exist-and-does",
        ),
        pytest.param(
            {"matchLabels": {"a": "1"}, "matchExpressions": [expression("b", "Exists")]},
            {"a": "1"},
            False,
            id="labels-and-expressions-must-both-hold",
        ),
        pytest.param(
            {"matchLabels": {"a": "1"}, "matchExpressions": [expression("a", "In", "2")]},
            {"a": "1"},
            False,
            id="a-contradiction-selects-nothing",
        ),
        pytest.param(
            {"matchExpressions": [expression("a", "In")]}, {"a": ""}, False, id="in-without-values"
        ),
        pytest.param(
            {"matchExpressions": [expression("a", "NotIn")]}, {}, False, id="not-in-without-values"
        ),
        pytest.param(
            {"matchExpressions": [expression("a", "Exists", "1")]},
            {"a": "1"},
            False,
            id="exists-with-values-is-refused",
        ),
        pytest.param(
            {"matchExpressions": [expression("a", "exists")]},
            {"a": "1"},
            False,
            id="operators-know-their-case",
        ),
    ],
)
def test_selector(written: object, labels: dict[str, str], selected: bool) -> None:
    assert selection.selector(written).matches(labels) is selected


LABELS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1", "2"]), max_size=3)
EXPRESSIONS = st.builds(
    lambda key, operator, values: (
        {"key": key, "operator": operator, "values": values}
        if operator in ("In", "NotIn")
        else {"key": key, "operator": operator}
    ),
    st.sampled_from("abc"),
    st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
    st.lists(st.sampled_from(["", "1", "2"]), min_size=1, max_size=2),
)
SELECTORS = st.fixed_dictionaries(
    {}, optional={"matchLabels": LABELS, "matchExpressions": st.lists(EXPRESSIONS, max_size=2)}
)


def literal(written: dict[str, Any], labels: dict[str, str]) -> bool:
    """Return what the documentation says, sentence by sentence."""
    demands = [
        expression(key, "In", value) for key, value in written.get("matchLabels", {}).items()
    ]
    for demand in demands + written.get("matchExpressions", []):
        has, value = demand["key"] in labels, labels.get(demand["key"])
        met = {
            "In": has and value in demand.get("values", []),
            "NotIn": not (has and value in demand.get("values", [])),
            "Exists": has,
            "DoesNotExist": not has,
        }
        if not met[demand["operator"]]:
            return False
    return True


@given(written=SELECTORS, labels=LABELS)
def test_selectors_agree_with_a_literal_reading(
    written: dict[str, Any], labels: dict[str, str]
) -> None:
    assert selection.selector(written).matches(labels) is literal(written, labels)


@given(
    entries=st.lists(st.tuples(st.sampled_from(["n", "m"]), SELECTORS), max_size=6),
    labels=LABELS,
)
def test_an_index_of_selectors_answers_as_each_alone(
    entries: list[tuple[str, dict[str, Any]]], labels: dict[str, str]
) -> None:
    index = SelectorIndex(
        (place, selection.selector(written), number)
        for number, (place, written) in enumerate(entries)
    )
    expected = [
        number
        for number, (place, written) in enumerate(entries)
        if place == "n" and literal(written, labels)
    ]
    assert [*index.selecting("n", labels)] == expected


@given(carried=st.lists(LABELS, max_size=6), written=SELECTORS)
def test_an_index_of_pods_answers_as_each_alone(
    carried: list[dict[str, str]], written: dict[str, Any]
) -> None:
    pods = [manifests.pod(f"p{number}", labels=each) for number, each in enumerate(carried)]
    index = PodIndex(ManifestSet([*pods, manifests.pod("other", namespace="m")]).templates)
    found = [each.owner.name for each in index.selected("", selection.selector(written))]
    assert found == [f"p{n}" for n, labels in enumerate(carried) if literal(written, labels)]


@pytest.mark.parametrize(
    ("service", "found"),
    [
        pytest.param(manifests.service("web"), ["web", "canary"], id="by-its-selector"),
        pytest.param(manifests.service("web", selector={}), [], id="without-selector-none"),
        pytest.param(manifests.service("web", selector=None), [], id="with-null-none"),
        pytest.param(
            manifests.service("web", type="ExternalName", externalName="a.example.com"),
            [],
            id="an-alias-leads-to-no-pods",
        ),
        pytest.param(manifests.service("web", namespace="other"), [], id="in-its-namespace-only"),
    ],
)
def test_services_lead_to_pods(service: dict[str, Any], found: list[str]) -> None:
    objects = ManifestSet(
        [
            manifests.workload("web"),
            manifests.workload("canary", labels={"app": "web", "track": "canary"}),
            manifests.workload("db", kind="StatefulSet"),
            service,
        ],
        namespace="shop",
    )
    selections = Selections(objects)
    (item,) = objects.of_kind(kinds.SERVICE)
    assert [each.owner.name for each in selections.behind(Service(item))] == found
    services = [selections.services_of(each) for each in objects.templates]
    assert [bool(each) for each in services] == [
        each.owner.name in found for each in objects.templates
    ]


def of_pod(name: str, **more: str) -> dict[str, Any]:
    return manifests.service("one", selector={"statefulset.kubernetes.io/pod-name": name, **more})


@pytest.mark.parametrize(
    ("service", "found"),
    [
        pytest.param(of_pod("db-1"), ["db"], id="a-pod-of-the-set"),
        pytest.param(of_pod("db-1", app="db"), ["db"], id="and-a-label-of-it"),
        pytest.param(of_pod("db-1", app="web"), [], id="with-a-label-of-another"),
        pytest.param(of_pod("db-0"), [], id="before-its-first-ordinal"),
        pytest.param(of_pod("db-3"), [], id="behind-its-last"),
        pytest.param(of_pod("db"), [], id="no-pod-of-a-set"),
        pytest.param(of_pod("web-1"), [], id="a-deployment-has-no-such-pods"),
    ],
)
def test_a_service_may_lead_to_one_pod_of_a_stateful_set(
    service: dict[str, Any], found: list[str]
) -> None:
    own = manifests.workload("db", kind="StatefulSet", replicas=2, ordinals={"start": 1})
    objects = ManifestSet([manifests.workload("web", replicas=2), own, service], namespace="shop")
    selections = Selections(objects)
    (item,) = objects.of_kind(kinds.SERVICE)
    assert [each.owner.name for each in selections.behind(Service(item))] == found
    services = [selections.services_of(each) for each in objects.templates]
    assert [bool(each) for each in services] == [
        each.owner.name in found for each in objects.templates
    ]


@pytest.mark.parametrize(
    ("kind", "spec", "found"),
    [
        pytest.param("NetworkPolicy", {"podSelector": {}}, ["a", "b"], id="policy-empty-is-all"),
        pytest.param("NetworkPolicy", {}, ["a", "b"], id="policy-absent-is-all"),
        pytest.param("NetworkPolicy", {"podSelector": None}, ["a", "b"], id="policy-null-is-all"),
        pytest.param(
            "NetworkPolicy", {"podSelector": {"matchLabels": {"app": "a"}}}, ["a"], id="policy"
        ),
        pytest.param("PodDisruptionBudget", {"selector": {}}, ["a", "b"], id="budget-empty-is-all"),
        pytest.param("PodDisruptionBudget", {}, [], id="budget-absent-is-none"),
    ],
)
def test_policies_and_budgets_select_pods(
    kind: str, spec: dict[str, Any], found: list[str]
) -> None:
    group = {"NetworkPolicy": "networking.k8s.io/v1", "PodDisruptionBudget": "policy/v1"}[kind]
    objects = ManifestSet(
        [
            manifests.workload("a"),
            manifests.workload("b"),
            manifests.workload("c", namespace="elsewhere"),
            manifests.thing(kind, "x", group, spec=spec),
        ]
    )
    selections = Selections(objects)
    (item,) = [each for each in objects if each.ref.kind == kind]
    assert [each.owner.name for each in selections.selected_by(item)] == found
    of = selections.policed_by if kind == "NetworkPolicy" else selections.budgeted_by
    assert [each.owner.name for each in objects.templates if item in of(each)] == found


@pytest.mark.parametrize(
    ("target", "found"),
    [
        pytest.param({"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"}, True, id="hit"),
        pytest.param(
            {"apiVersion": "apps/v1beta1", "kind": "Deployment", "name": "a"},
            True,
            id="an-older-version-is-the-same-object",
        ),
        pytest.param(
            {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "a"}, False, id="kind"
        ),
        pytest.param({"apiVersion": "v1", "kind": "Deployment", "name": "a"}, False, id="group"),
        pytest.param({}, False, id="nothing-named"),
    ],
)
def test_autoscaler_target(target: dict[str, Any], found: bool) -> None:
    autoscaler = manifests.thing(
        "HorizontalPodAutoscaler",
        "a",
        "autoscaling/v2",
        spec={"scaleTargetRef": target, "maxReplicas": 4},
    )
    objects = ManifestSet([manifests.workload("a"), autoscaler], namespace="n")
    (item,) = objects.of_kind(kinds.AUTOSCALER)
    selections = Selections(objects)
    assert (selections.target(Autoscaler(item)) is not None) is found
    assert [ref.name for ref in selections.autoscaler_of] == (["a"] if found else [])


def test_a_replication_controller_selects_by_its_template_unless_told() -> None:
    template = {"metadata": {"labels": {"app": "a"}}, "spec": manifests.pod_spec()}
    controller = manifests.thing("ReplicationController", "a", spec={"template": template})
    objects = ManifestSet([controller])
    (item,) = objects
    assert [each.owner.name for each in Selections(objects).selected_by(item)] == ["a"]
