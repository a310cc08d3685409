"""Pods fit on nodes or do not, pool by pool, and it is told why."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.semantics.manifests import Raw, container, pod, pod_spec, thing, workload

from mooring.refs import ObjectRef
from mooring.semantics import nodes, placement
from mooring.semantics.nodes import NodePool, Taint, Why
from mooring.semantics.objects import ManifestSet
from mooring.semantics.placement import Fit, Placement
from mooring.semantics.rollout import Load

MI = 1 << 20


def asking(memory: str, cpu: str = "0", **fields: Any) -> Raw:
    return container(resources={"requests": {"memory": memory, "cpu": cpu}}, **fields)


def app(name: str, memory: str, replicas: int = 1, *, kind: str = "Deployment", **spec: Any) -> Raw:
    count = {} if kind in ("DaemonSet", "Job") else {"replicas": replicas}
    return workload(name, pod_spec(asking(memory), **spec), kind=kind, **count)


def pool(count: int = 1, memory: str = "1Gi", cpu: str = "4", **fields: Any) -> NodePool:
    return NodePool(count=count, memory=memory, cpu=cpu, **fields)


def place(*given: Raw, pools: list[NodePool], **options: Any) -> Placement:
    return placement.place(ManifestSet(given, namespace="shop"), pools, **options)


def told(found: Placement) -> list[str]:
    return [
        f"{each.count} of {each.pod.name}: {obstacle.why}"
        for each in found.unplaced
        for obstacle in each.obstacles
    ]


ARM = Taint("arch", "arm64")


def requiring(*expressions: Raw) -> Raw:
    terms = [{"matchExpressions": list(expressions)}]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    return {"affinity": {"nodeAffinity": required}}


def expression(key: str, operator: str, *values: str) -> Raw:
    return {"key": key, "operator": operator, **({"values": list(values)} if values else {})}


LABELLED = pool(labels={"disk": "ssd", "cores": "8"})
TAINTED = pool(taints=(Taint("dedicated", "db"), Taint("soft", effect="PreferNoSchedule")))


@pytest.mark.parametrize(
    ("spec", "where", "whys"),
    [
        pytest.param({}, LABELLED, [], id="no-demands"),
        pytest.param({"nodeSelector": {"disk": "ssd"}}, LABELLED, [], id="selector"),
        pytest.param({"nodeSelector": {"disk": "hdd"}}, LABELLED, [Why.SELECTOR], id="no-label"),
        pytest.param({"nodeSelector": {"kubernetes.io/os": "linux"}}, pool(), [], id="an-os"),
        pytest.param(
            {"nodeSelector": {"kubernetes.io/arch": "arm64"}},
            pool(),
            [Why.SELECTOR],
            id="arch",
        ),
        pytest.param(
            {"nodeSelector": {"kubernetes.io/hostname": "a"}},
            pool(),
            [],
            id="a-hostname",
        ),
        pytest.param({"os": {"name": "windows"}}, pool(), [Why.SELECTOR], id="another-system"),
        pytest.param(requiring(expression("disk", "In", "ssd", "x")), LABELLED, [], id="in"),
        pytest.param(requiring(expression("disk", "NotIn", "hdd")), LABELLED, [], id="not-in"),
        pytest.param(requiring(expression("x", "NotIn", "y")), LABELLED, [], id="not-in-absent"),
        pytest.param(requiring(expression("x", "Exists")), LABELLED, [Why.AFFINITY], id="absent"),
        pytest.param(requiring(expression("x", "DoesNotExist")), LABELLED, [], id="does-not-exist"),
        pytest.param(requiring(expression("cores", "Gt", "4")), LABELLED, [], id="greater"),
        pytest.param(
            requiring(expression("cores", "Lt", "8")), LABELLED, [Why.AFFINITY], id="not-less"
        ),
        pytest.param(
            requiring(expression("disk", "In", "ssd"), expression("x", "Exists")),
            LABELLED,
            [Why.AFFINITY],
            id="all-expressions-of-a-term-must-hold",
        ),
        pytest.param(requiring(), LABELLED, [Why.AFFINITY], id="an-empty-term-is-met-by-none"),
        pytest.param({}, TAINTED, [Why.TAINT], id="a-taint-and-not-the-soft-one"),
        pytest.param(
            {"tolerations": [{"key": "dedicated", "value": "db"}]}, TAINTED, [], id="tolerated"
        ),
        pytest.param(
            {"tolerations": [{"key": "dedicated", "value": "web"}]},
            TAINTED,
            [Why.TAINT],
            id="another-value",
        ),
        pytest.param(
            {"tolerations": [{"key": "dedicated", "operator": "Exists"}]},
            TAINTED,
            [],
            id="values",
        ),
        pytest.param({"tolerations": [{"operator": "Exists"}]}, TAINTED, [], id="any-taint"),
        pytest.param(
            {"tolerations": [{"key": "dedicated", "operator": "Exists", "effect": "NoExecute"}]},
            TAINTED,
            [Why.TAINT],
            id="another-effect",
        ),
    ],
)
def test_obstacles(spec: Raw, where: NodePool, whys: list[Why]) -> None:
    (template,) = ManifestSet([pod(spec=pod_spec(**spec))]).templates
    assert [each.why for each in nodes.obstacles(template, where)] == whys


def test_terms_of_an_affinity_are_alternatives() -> None:
    written = requiring(expression("x", "Exists"))
    required = written["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    required["nodeSelectorTerms"].append({"matchExpressions": [expression("disk", "Exists")]})
    (template,) = ManifestSet([pod(spec=pod_spec(**written))]).templates
    assert nodes.obstacles(template, LABELLED) == ()


def test_images_must_be_made_for_the_nodes() -> None:
    (template,) = ManifestSet([pod()]).templates
    arm = pool(arch="arm64")
    assert nodes.obstacles(template, arm) == ()
    assert nodes.obstacles(template, arm, architectures=["amd64", "arm64"]) == ()
    (found,) = nodes.obstacles(template, arm, architectures=["amd64"])
    assert (found.why, found.detail) == (
        Why.ARCHITECTURE,
        "its images are for amd64, the nodes are arm64",
    )


def test_daemon_sets_tolerate_what_their_controller_adds() -> None:
    unready = pool(taints=(Taint("node.kubernetes.io/not-ready", effect="NoExecute"),))
    daemon, deployment = ManifestSet([workload(kind="DaemonSet"), workload()]).templates
    assert nodes.obstacles(daemon, unready) == ()
    assert [each.why for each in nodes.obstacles(deployment, unready)] == [Why.TAINT]


@pytest.mark.parametrize(
    ("given", "pools", "fit", "whys"),
    [
        pytest.param([app("a", "1Gi")], [pool()], Fit.FITS, [], id="exactly-full"),
        pytest.param(
            [app("a", "1025Mi")],
            [pool(4)],
            Fit.IMPOSSIBLE,
            ["1 of a: size"],
            id="too-large",
        ),
        pytest.param(
            [app("a", "600Mi"), app("b", "500Mi", 3)],
            [pool(2)],
            Fit.IMPOSSIBLE,
            ["1 of b: room"],
            id="more-than-all-nodes",
        ),
        pytest.param(
            [app("a", "600Mi", 3)],
            [pool(2, "1000Mi")],
            Fit.IMPOSSIBLE,
            ["1 of a: room"],
            id="the-sum-fits-and-the-pieces-do-not",
        ),
        pytest.param(
            [app("a", "600Mi", 2), app("b", "500Mi")],
            [pool(2, "1000Mi")],
            Fit.OPEN,
            ["1 of b: room"],
            id="the-pieces-of-several-are-not-proven",
        ),
        pytest.param(
            [
                *(app(f"a{n}", "600Mi", nodeSelector={"x": "y"}) for n in range(2)),
                app("b", "500Mi", nodeSelector={"x": "y"}),
                app("elsewhere", "90Gi", nodeSelector={"x": "z"}),
            ],
            [pool(2, "1000Mi", labels={"x": "y"}), pool(1, "100Gi", labels={"x": "z"})],
            Fit.OPEN,
            ["1 of b: selector", "1 of b: room"],
            id="pods-bound-to-other-pools-prove-nothing-here",
        ),
        pytest.param(
            [app("a", "1Gi", kind="Job")],
            [pool(0)],
            Fit.FITS,
            [],
            id="tasks-do-not-rest",
        ),
        pytest.param(
            [app("a", "600Mi"), app("log", "500Mi", kind="DaemonSet")],
            [pool(2)],
            Fit.IMPOSSIBLE,
            ["1 of a: size"],
            id="daemon-sets-come-first",
        ),
        pytest.param(
            [app("a", "1Gi", nodeSelector={"x": "y"})],
            [pool(4)],
            Fit.IMPOSSIBLE,
            ["1 of a: selector"],
            id="no-pool-is-open",
        ),
        pytest.param(
            [app("free", "1Gi"), app("bound", "1Gi", nodeSelector={"x": "y"})],
            [pool(labels={"x": "y"}), pool()],
            Fit.FITS,
            [],
            id="those-with-fewer-choices-go-first",
        ),
        pytest.param(
            [app("a", "1Mi", 3)],
            [pool(pods=2)],
            Fit.IMPOSSIBLE,
            ["1 of a: room"],
            id="a-node-takes-only-so-many-pods",
        ),
        pytest.param(
            [app("a", "800Mi")],
            [pool(reserved_memory="300Mi")],
            Fit.IMPOSSIBLE,
            ["1 of a: size"],
            id="what-the-system-keeps-is-not-there",
        ),
        pytest.param(
            [workload("a", pod_spec(container(resources={"limits": {"nvidia.com/gpu": "1"}})))],
            [pool()],
            Fit.IMPOSSIBLE,
            ["1 of a: size"],
            id="no-gpu",
        ),
        pytest.param(
            [workload("a", pod_spec(container(resources={"limits": {"nvidia.com/gpu": "1"}})))],
            [pool(resources={"nvidia.com/gpu": "1"})],
            Fit.FITS,
            [],
            id="a-gpu",
        ),
        pytest.param([app("a", "2Gi", 0)], [pool()], Fit.FITS, [], id="nothing-asks-for-nothing"),
        pytest.param([workload("a")], [], Fit.IMPOSSIBLE, [], id="no-nodes-at-all"),
    ],
)
def test_fit(given: list[Raw], pools: list[NodePool], fit: Fit, whys: list[str]) -> None:
    found = place(*given, pools=pools)
    assert (found.fit, told(found)) == (fit, whys)


def test_what_limit_ranges_give_is_counted() -> None:
    bounds = thing(
        "LimitRange", "b", spec={"limits": [{"type": "Container", "default": {"memory": "2Gi"}}]}
    )
    assert place(workload(), pools=[pool()]).fit is Fit.FITS
    assert place(workload(), bounds, pools=[pool()]).fit is Fit.IMPOSSIBLE


@pytest.mark.parametrize(
    ("load", "count"),
    [
        pytest.param(Load.RESTING, 4, id="resting"),
        pytest.param(Load.ROLLING, 5, id="rolling"),
        pytest.param(Load.MOST, 11, id="most"),
    ],
)
def test_loads(load: Load, count: int) -> None:
    scaler = thing(
        "HorizontalPodAutoscaler",
        "h",
        "autoscaling/v2",
        spec={
            "maxReplicas": 8,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"},
        },
    )
    found = place(
        app("a", "1Mi", 4), app("task", "1Mi", kind="Job"), scaler, pools=[pool()], load=load
    )
    assert found.asked["pods"] == count


def test_an_update_without_room_is_stuck() -> None:
    given = [app("a", "600Mi"), app("b", "200Mi")]
    assert [ref.name for ref in place(*given, pools=[pool()]).stuck] == ["a"]
    assert place(*given, pools=[pool(2)]).stuck == ()
    # Where updates are laid out themselves, there is nothing more to try.
    assert place(*given, pools=[pool()], load=Load.ROLLING).stuck == ()
    recreated = workload("a", pod_spec(asking("600Mi")), strategy={"type": "Recreate"})
    assert place(recreated, pools=[pool()]).stuck == ()


def apart_from(name: str, key: str = "kubernetes.io/hostname", **term: Any) -> Raw:
    written = {"labelSelector": {"matchLabels": {"app": name}}, "topologyKey": key, **term}
    required = {"requiredDuringSchedulingIgnoredDuringExecution": [written]}
    return {"affinity": {"podAntiAffinity": required}}


ZONES = [pool(2, labels={"zone": "a"}), pool(2, labels={"zone": "b"})]


@pytest.mark.parametrize(
    ("given", "pools", "left"),
    [
        pytest.param([app("a", "1Mi", 2, **apart_from("a"))], [pool(2)], [], id="one-on-each-node"),
        pytest.param(
            [app("a", "1Mi", 3, **apart_from("a"))],
            [pool(2)],
            ["1 of a: apart"],
            id="more-replicas-than-nodes",
        ),
        pytest.param(
            [app("a", "1Mi", 3, **apart_from("a", "zone"))],
            ZONES,
            ["1 of a: apart", "1 of a: apart"],
            id="more-replicas-than-zones",
        ),
        pytest.param(
            [app("a", "1Mi"), app("b", "1Mi", **apart_from("a"))],
            [pool()],
            ["1 of b: apart"],
            id="two-workloads",
        ),
        pytest.param(
            [app("b", "1Mi", **apart_from("a")), app("a", "1Mi")],
            [pool()],
            ["1 of a: apart"],
            id="it-works-both-ways",
        ),
        pytest.param(
            [app("a", "1Mi", 3, **apart_from("a", namespaces=["other"]))],
            [pool()],
            [],
            id="pods-of-another-namespace-are-others",
        ),
        pytest.param(
            [app("a", "1Mi", 2, **apart_from("a", namespaceSelector={}))],
            [pool()],
            ["1 of a: apart"],
            id="all-namespaces-include-ones-own",
        ),
        pytest.param(
            [
                workload(
                    "a",
                    pod_spec(container(ports=[{"containerPort": 80, "hostPort": 8080}])),
                    replicas=2,
                )
            ],
            [pool()],
            ["1 of a: apart"],
            id="one-host-port-on-a-node",
        ),
        pytest.param(
            [
                workload(
                    name,
                    pod_spec(container(ports=[{"containerPort": 80}]), hostNetwork=True),
                )
                for name in ("a", "b")
            ],
            [pool()],
            ["1 of b: apart"],
            id="ports-on-the-host-network",
        ),
        pytest.param(
            [
                workload(name, pod_spec(container(ports=[{"containerPort": 80, "hostPort": port}])))
                for name, port in (("a", 1), ("b", 2))
            ],
            [pool()],
            [],
            id="different-host-ports",
        ),
    ],
)
def test_pods_that_must_not_meet(given: list[Raw], pools: list[NodePool], left: list[str]) -> None:
    assert told(place(*given, pools=pools)) == left


@pytest.mark.parametrize(
    ("given", "pools", "fit"),
    [
        pytest.param(app("a", "1Mi", 3, **apart_from("a")), [pool(2)], Fit.IMPOSSIBLE, id="nodes"),
        pytest.param(
            app("a", "1Mi", 3, **apart_from("a", "zone")), ZONES, Fit.IMPOSSIBLE, id="zones"
        ),
        pytest.param(
            app("a", "1Mi", 4, **apart_from("a", "zone")),
            [*ZONES, pool(1)],
            Fit.FITS,
            id="nodes-outside-all-zones-take-any-number",
        ),
    ],
)
def test_too_few_places_apart_are_proven(given: Raw, pools: list[NodePool], fit: Fit) -> None:
    assert place(given, pools=pools).fit is fit


@pytest.mark.parametrize(
    ("given", "pools"),
    [
        pytest.param(
            [app("a", "400Mi", **apart_from("b")), app("b", "300Mi", 5)],
            [pool(2)],
            id="others-are-no-bound-of-ones-own-number",
        ),
        pytest.param(
            [
                app("a", "600Mi", 4, **apart_from("a", "zone")),
                app("b", "1500Mi", nodeSelector={"x": "y"}),
            ],
            [*ZONES, pool(1, "2Gi", labels={"x": "y"})],
            id="nodes-outside-all-zones-are-no-bound",
        ),
    ],
)
def test_what_stays_open(given: list[Raw], pools: list[NodePool]) -> None:
    assert place(*given, pools=pools).fit is Fit.OPEN


def test_what_is_bound_to_a_pool_and_what_is_free() -> None:
    given = [app("free", "100Mi"), app("bound", "200Mi", 2, nodeSelector={"x": "y"})]
    found = place(*given, pools=[pool(labels={"x": "y"}), pool()])
    assert [use.bound.get("memory", 0) for use in found.pools] == [400 * MI, 0]
    assert sum(use.placed.get("memory", 0) for use in found.pools) == 500 * MI
    assert [use.largest and use.largest[0].name for use in found.pools] == ["bound", "free"]


def test_wishes_that_are_not_modelled_are_told() -> None:
    near = {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone"}]}
    spec = pod_spec(
        affinity={"podAffinity": near},
        topologySpreadConstraints=[
            {"topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"},
            {"topologyKey": "host", "whenUnsatisfiable": "ScheduleAnyway"},
        ],
        nodeName="pi-1",
    )
    found = place(workload("a", spec), pools=[pool()])
    assert [wish for _, wish in found.unmodelled] == [
        "to run near other pods",
        "to be spread over zone",
        "to run on pi-1",
    ]


def test_the_same_set_is_laid_out_the_same_way() -> None:
    given = [app(f"a{n}", f"{100 + n % 7}Mi", 2) for n in range(40)]
    first, second = (place(*given, pools=[pool(5, "1Gi"), pool(3, "2Gi")]) for _ in range(2))
    assert first == second


@settings(max_examples=50, deadline=None)
@given(
    sizes=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), min_size=1, max_size=6),
    capacities=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 15)), max_size=3),
)
def test_a_layout_never_holds_more_than_its_nodes(
    sizes: list[tuple[int, int]], capacities: list[tuple[int, int]]
) -> None:
    given = [app(f"a{n}", f"{size}Mi", count) for n, (size, count) in enumerate(sizes)]
    found = place(*given, pools=[pool(count, f"{size}Mi") for count, size in capacities])
    for use in found.pools:
        for name, amount in use.placed.items():
            assert amount <= use.capacity[name]
    placed = sum(use.placed.get("pods", 0) for use in found.pools)
    assert placed + sum(each.count for each in found.unplaced) == sum(count for _, count in sizes)
    assert (found.fit is Fit.FITS) is (not found.unplaced)
    room = sum(count * size for count, size in capacities)
    if sum(size * count for size, count in sizes) > room:
        assert found.fit is Fit.IMPOSSIBLE


def fits_somehow(pods: list[tuple[int, int | None]], free: list[list[int]]) -> bool:
    """Try every layout of pods (size, the pool they are bound to) on nodes by pool."""
    if not pods:
        return True
    (size, bound), *rest = pods
    for index, of_pool in enumerate(free):
        if bound not in (None, index):
            continue
        for node, left in enumerate(of_pool):
            if left >= size:
                of_pool[node] -= size
                found = fits_somehow(rest, free)
                of_pool[node] += size
                if found:
                    return True
    return False


@settings(max_examples=150, deadline=None)
@given(
    sizes=st.lists(
        st.tuples(st.integers(1, 9), st.integers(1, 2), st.sampled_from([None, 0, 1])),
        min_size=1,
        max_size=4,
    ),
    capacities=st.lists(st.tuples(st.integers(1, 2), st.integers(4, 12)), min_size=2, max_size=2),
)
def test_what_is_called_impossible_has_no_layout(
    sizes: list[tuple[int, int, int | None]], capacities: list[tuple[int, int]]
) -> None:
    given = [
        app(
            f"a{n}",
            f"{size}Mi",
            count,
            **({} if bound is None else {"nodeSelector": {"pool": str(bound)}}),
        )
        for n, (size, count, bound) in enumerate(sizes)
    ]
    pools = [
        pool(count, f"{size}Mi", labels={"pool": str(index)})
        for index, (count, size) in enumerate(capacities)
    ]
    pods = [(size, bound) for size, count, bound in sizes for _ in range(count)]
    free = [[size] * count for count, size in capacities]
    exists = fits_somehow(pods, free)
    found = place(*given, pools=pools)
    assert found.fit in ((Fit.FITS, Fit.OPEN) if exists else (Fit.IMPOSSIBLE, Fit.OPEN))


# The coffee system on four Raspberry Pis, one of which is the control plane.

CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
PIN = {
    **requiring(expression(CONTROL_PLANE, "Exists")),
    "tolerations": [{"key": CONTROL_PLANE, "operator": "Exists"}],
}
OFF = requiring(expression(CONTROL_PLANE, "DoesNotExist"))
PIS = [
    NodePool(
        name="control-plane",
        count=1,
        cpu="4",
        memory="906M",
        arch="arm64",
        labels={CONTROL_PLANE: "true"},
        taints=(Taint(CONTROL_PLANE),),
    ),
    NodePool(name="workers", count=3, cpu="4", memory="906M", arch="arm64"),
]
COFFEE = [
    app("postgres", "192Mi", kind="StatefulSet", **PIN),
    app("kafka", "192Mi", kind="StatefulSet", **PIN),
    *(app(f"temporal-{role}", "256Mi", **PIN) for role in ("front", "history", "match", "worker")),
    app("temporal-web", "64Mi", **PIN),
    *(app(f"{name}-staging", "64Mi", **OFF) for name in ("server", "order", "customer")),
    *(app(f"{name}-prod", "64Mi", 2, **OFF) for name in ("server", "order", "customer")),
    app("valkey", "128Mi", kind="StatefulSet", **OFF),
    app("otel-collector", "64Mi", **OFF),
    app("prometheus", "256Mi", kind="StatefulSet", **OFF),
    app("grafana", "128Mi", **OFF),
    app("alertmanager", "64Mi", kind="StatefulSet", **OFF),
    app("kube-state-metrics", "64Mi", **OFF),
    app("prometheus-operator", "128Mi", **OFF),
    app("node-exporter", "32Mi", kind="DaemonSet", tolerations=[{"operator": "Exists"}]),
]


def percent(share: Decimal) -> int:
    return round(share * 100)


def test_coffee_the_memory_budget_comes_out_to_the_mebibyte() -> None:
    found = place(*COFFEE, pools=PIS)
    control_plane, workers = found.pools

    assert control_plane.capacity["memory"] == 906_000_000
    assert control_plane.bound["memory"] == 1472 * MI
    assert percent(control_plane.bound["memory"] / control_plane.capacity["memory"]) == 170
    assert control_plane.daemons["memory"] == 32 * MI

    assert workers.bound["memory"] + workers.daemons["memory"] == 1504 * MI
    assert percent(workers.share("memory")) == 58
    assert workers.largest == (ObjectRef("apps/v1", "StatefulSet", "prometheus", "shop"), 256 * MI)

    assert found.asked["memory"] == 3008 * MI
    assert found.capacity["memory"] == 3_624_000_000
    # The plain sum passes; the pool does not.
    assert percent(found.asked["memory"] / found.capacity["memory"]) == 87
    assert found.fit is Fit.IMPOSSIBLE


def test_coffee_says_who_stays_pending_and_why() -> None:
    found = place(*COFFEE, pools=PIS)
    assert found.unplaced
    for each in found.unplaced:
        assert each.pod.name.startswith(("postgres", "kafka", "temporal"))
        assert [(o.pool, o.why) for o in each.obstacles] == [
            ("workers", Why.AFFINITY),
            ("control-plane", Why.ROOM),
        ]
    assert found.unplaced[0].obstacles[1].detail == "no node has enough memory left"


def test_coffee_the_table_of_the_readme_adds_up() -> None:
    table = [
        *(("192Mi", "500m"), ("192Mi", "500m"), ("64Mi", "100m"), ("64Mi", "100m")),
        *(("64Mi", "100m"), ("128Mi", "100m"), ("256Mi", "250m"), ("64Mi", "100m")),
        *(("256Mi", "250m"), ("128Mi", "100m")),
    ]
    given = [
        workload(f"w{number}", pod_spec(asking(memory, cpu)))
        for number, (memory, cpu) in enumerate(table)
    ]
    found = place(*given, pools=[pool(4, "906M")])
    assert found.asked["memory"] == 1408 * MI
    assert found.asked["cpu"] == Decimal("2.1")
    assert percent(found.asked["memory"] / found.capacity["memory"]) == 41
