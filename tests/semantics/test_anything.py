"""Nothing that somebody may write stops a judgement, or is changed by one."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.semantics import manifests
from tests.semantics.manifests import Raw, container, pod_spec, service, thing, workload
from tests.support.copies import copied

from mooring.semantics import admission, placement, pod_security, references, views
from mooring.semantics.nodes import NodePool
from mooring.semantics.objects import ManifestSet
from mooring.semantics.reachability import Network
from mooring.semantics.selection import Selections
from mooring.semantics.views import Service

SPEC = pod_spec(
    container(
        env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
        envFrom=[{"configMapRef": {"name": "c"}}],
        ports=[{"containerPort": 80, "name": "http", "hostPort": 80}],
        volumeMounts=[{"name": "v", "mountPath": "/v", "subPath": "k"}],
        readinessProbe={"httpGet": {"port": "http", "host": "a"}},
        resources={"requests": {"memory": "1Gi", "cpu": "100m"}, "limits": {"memory": "1Gi"}},
        securityContext={"capabilities": {"add": ["CHOWN"], "drop": ["ALL"]}, "runAsUser": 0},
    ),
    initContainers=[container("init", restartPolicy="Always")],
    volumes=[{"name": "v", "secret": {"secretName": "s", "items": [{"key": "k", "path": "k"}]}}],
    securityContext={"sysctls": [{"name": "a"}], "seccompProfile": {"type": "Unconfined"}},
    nodeSelector={"a": "b"},
    tolerations=[{"key": "a", "operator": "Exists"}],
    affinity={
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [
                    {"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["1"]}]}
                ]
            }
        },
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
                {"topologyKey": "a", "labelSelector": {}, "namespaceSelector": {}}
            ]
        },
    },
    topologySpreadConstraints=[{"topologyKey": "a"}],
    overhead={"cpu": "1"},
    resources={"limits": {"memory": "2Gi"}},
    imagePullSecrets=[{"name": "p"}],
)
EVERYTHING: list[Raw] = [
    manifests.namespace("n", **{"pod-security.kubernetes.io/enforce": "restricted"}),
    workload("a", SPEC, namespace="n", replicas=2, strategy={"rollingUpdate": {"maxSurge": "1%"}}),
    workload(
        "b",
        SPEC,
        kind="StatefulSet",
        namespace="n",
        serviceName="b",
        volumeClaimTemplates=[{"metadata": {"name": "d"}, "spec": {"storageClassName": "x"}}],
    ),
    workload("c", SPEC, kind="CronJob", namespace="n"),
    workload("d", SPEC, kind="DaemonSet", namespace="n"),
    service("a", {"port": 80, "targetPort": "http"}, namespace="n"),
    manifests.policy(
        namespace="n",
        podSelector={"matchLabels": {"app": "a"}},
        ingress=[
            {
                "from": [
                    {"podSelector": {}, "namespaceSelector": {"matchLabels": {"a": "b"}}},
                    {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}},
                ],
                "ports": [{"port": 1, "endPort": 9}, {"port": "http", "protocol": "TCP"}],
            }
        ],
        egress=[{"to": [{"podSelector": {}}]}],
        policyTypes=["Ingress", "Egress"],
    ),
    thing(
        "ResourceQuota",
        "q",
        namespace="n",
        spec={
            "hard": {"pods": "1", "requests.cpu": "1", "requests.storage": "1Gi"},
            "scopeSelector": {
                "matchExpressions": [
                    {"scopeName": "PriorityClass", "operator": "NotIn", "values": ["a"]}
                ]
            },
        },
    ),
    thing(
        "LimitRange",
        "l",
        namespace="n",
        spec={
            "limits": [
                {"type": "Container", "min": {"cpu": "1"}, "maxLimitRequestRatio": {"cpu": "2"}},
                {"type": "Pod", "max": {"memory": "1Gi"}},
            ]
        },
    ),
    thing(
        "Ingress",
        "i",
        "networking.k8s.io/v1",
        namespace="n",
        annotations={"cert-manager.io/issuer": "i"},
        spec={
            "tls": [{"secretName": "t"}],
            "rules": [
                {
                    "http": {
                        "paths": [
                            {"backend": {"service": {"name": "a", "port": {"name": "x"}}}},
                        ]
                    }
                }
            ],
        },
    ),
    thing(
        "HorizontalPodAutoscaler",
        "h",
        "autoscaling/v2",
        namespace="n",
        spec={
            "maxReplicas": 3,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"},
        },
    ),
    thing("PodDisruptionBudget", "b", "policy/v1", namespace="n", spec={"selector": {}}),
    thing("PersistentVolume", "v", spec={"storageClassName": "x", "claimRef": {"name": "c"}}),
    thing("PersistentVolumeClaim", "c", namespace="n", spec={"storageClassName": "x"}),
    thing(
        "CustomResourceDefinition",
        "gadgets.example.com",
        "apiextensions.k8s.io/v1",
        spec={"group": "example.com", "scope": "Cluster", "names": {"kind": "Gadget"}},
    ),
    thing("SealedSecret", "s", "bitnami.com/v1", namespace="n", spec={"encryptedData": {"k": "x"}}),
    thing("RoleBinding", "r", "rbac.authorization.k8s.io/v1", namespace="n", roleRef={"name": "x"}),
    thing(
        "HTTPRoute",
        "r",
        "gateway.networking.k8s.io/v1",
        namespace="n",
        spec={
            "parentRefs": [{"name": "g"}],
            "rules": [{"backendRefs": [{"name": "a", "port": 1}]}],
        },
    ),
    thing("Widget", "w", "example.com/v1", namespace="n", spec={"anything": [1, {"a": None}]}),
]
POOLS = [NodePool(count=2, cpu="2", memory="4Gi"), NodePool(count=1, cpu="1", memory="1Gi")]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in ``value``."""
    found = [path] if path else []
    entries = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        entries = enumerate(value)  # type: ignore[assignment]
    for key, inner in entries:
        found += places(inner, (*path, key))
    return found


PLACES = places(EVERYTHING)
ODD = st.sampled_from(
    [
        None,
        "",
        "x",
        "1Gi",
        0,
        -1,
        3.5,
        True,
        False,
        [],
        {},
        [None],
        [[]],
        {"": None},
        {"a": {"b": 1}},
    ]
)


def holds(holder: Any, key: Any) -> bool:
    if isinstance(holder, list):
        return isinstance(key, int) and key < len(holder)
    return isinstance(holder, dict) and key in holder


def replaced(changes: list[tuple[tuple[Any, ...], Any]]) -> list[Raw]:
    """Return the set with a value put at each place, where that place is still there."""
    made: Any = copied(EVERYTHING)
    for path, value in changes:
        *way, last = path
        holder = made
        for key in way:
            holder = holder[key] if holds(holder, key) else None
        if holds(holder, last):
            holder[last] = copied(value)
    return [each for each in made if isinstance(each, dict)]


def judge(given: list[Raw]) -> tuple[Any, ...]:
    """Return all that can be said of a set."""
    objects = ManifestSet(given, namespace="n")
    selections = Selections(objects)
    network = Network(objects)
    return (
        references.dangling(objects),
        references.undefined_kinds(objects),
        admission.refusals(objects),
        [pod_security.level_of(template) for template in objects.templates],
        placement.place(objects, POOLS),
        list(network.edges()),
        [network.dns(endpoint) for endpoint in network.endpoints],
        [selections.selected_by(item) for item in objects],
        [selections.services_of(template) for template in objects.templates],
        [(Service(item).ports, views.data_keys(item), item.labels) for item in objects],
        list(selections.autoscaler_of),
    )


@settings(max_examples=200, deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=4))
def test_odd_values_anywhere_stop_nothing(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    given_set = replaced(changes)
    before = copied(given_set)
    judge(given_set)
    assert given_set == before  # Nor does a judgement change what it reads.


def test_every_value_of_a_set_may_be_of_another_type() -> None:
    # The pods of the first workload stand for those of the others.
    first = [place for place in PLACES if place[0] == 1 or len(place) <= 4 or place[0] > 4]
    for place in first:
        for odd in (None, [[]]):
            judge(replaced([(place, odd)]))


def test_a_judgement_is_repeatable() -> None:
    assert judge(EVERYTHING) == judge(copied(EVERYTHING))


def test_the_set_that_is_bent_has_something_to_judge() -> None:
    dangling, undefined, refused, *_ = judge(EVERYTHING)
    assert len(dangling) > 10
    assert {kind.kind for kind in undefined} == {"Widget", "SealedSecret", "HTTPRoute"}
    assert {each.stage.value for each in refused} == {"pod-security", "limit-range", "quota"}
