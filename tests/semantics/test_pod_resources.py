"""What pods ask for adds up as in the scheduler; their number is what controllers make."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.semantics.manifests import Raw, container, pod, pod_spec, thing, workload

from mooring.semantics import kinds, pod_resources, rollout
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pod_resources import Quality
from mooring.semantics.pods import PodTemplate
from mooring.semantics.rollout import PodCount
from mooring.semantics.views import Autoscaler

MI = 1 << 20


def template(manifest: Raw) -> PodTemplate:
    (found,) = ManifestSet([manifest]).templates
    return found


def asking(memory: str | None = None, *, limit: str | None = None, **fields: Any) -> Raw:
    resources: Raw = {}
    if memory:
        resources["requests"] = {"memory": memory}
    if limit:
        resources["limits"] = {"memory": limit}
    return container(resources=resources, **fields)


def sidecar(memory: str) -> Raw:
    return asking(memory, restartPolicy="Always")


@pytest.mark.parametrize(
    ("spec", "request_mi", "limit_mi"),
    [
        pytest.param(pod_spec(), None, None, id="nothing-asked"),
        pytest.param(pod_spec(asking("10Mi")), 10, None, id="one"),
        pytest.param(pod_spec(asking("10Mi"), asking("5Mi")), 15, None, id="containers-add-up"),
        pytest.param(pod_spec(asking(limit="10Mi")), 10, 10, id="a-limit-is-a-request"),
        pytest.param(pod_spec(asking("4Mi", limit="10Mi")), 4, 10, id="unless-there-is-one"),
        pytest.param(
            pod_spec(asking("10Mi"), initContainers=[asking("4Mi")]), 10, None, id="init-below"
        ),
        pytest.param(
            pod_spec(asking("10Mi"), initContainers=[asking("40Mi"), asking("20Mi")]),
            40,
            None,
            id="the-largest-init-container-counts",
        ),
        pytest.param(
            pod_spec(asking("10Mi"), initContainers=[sidecar("3Mi")]),
            13,
            None,
            id="sidecars-add-up",
        ),
        pytest.param(
            pod_spec(asking("10Mi"), initContainers=[sidecar("3Mi"), asking("20Mi")]),
            23,
            None,
            id="init-after-a-sidecar-runs-beside-it",
        ),
        pytest.param(
            pod_spec(asking("10Mi"), initContainers=[asking("20Mi"), sidecar("3Mi")]),
            20,
            None,
            id="init-before-a-sidecar-does-not",
        ),
        pytest.param(
            pod_spec(asking("10Mi"), ephemeralContainers=[asking("99Mi")]),
            10,
            None,
            id="ephemeral-containers-ask-for-nothing",
        ),
        pytest.param(
            pod_spec(asking("10Mi", limit="20Mi"), overhead={"memory": "5Mi"}),
            15,
            25,
            id="overhead-is-added",
        ),
        pytest.param(
            pod_spec(asking("10Mi"), overhead={"memory": "5Mi"}),
            15,
            None,
            id="overhead-limits-nothing-that-is-unlimited",
        ),
        pytest.param(
            pod_spec(asking("10Mi"), resources={"requests": {"memory": "64Mi"}}),
            64,
            None,
            id="the-pod-as-a-whole-replaces-the-sum",
        ),
        pytest.param(
            pod_spec(asking("10Mi"), resources={"limits": {"memory": "64Mi"}}),
            10,
            64,
            id="a-limit-of-the-whole-keeps-the-sum-of-requests",
        ),
        pytest.param(
            pod_spec(resources={"limits": {"memory": "64Mi"}}),
            64,
            64,
            id="a-limit-of-the-whole-without-requests-is-one",
        ),
        pytest.param(pod_spec(asking("lots")), None, None, id="what-is-no-quantity-is-not-asked"),
    ],
)
def test_memory_of_a_pod(spec: Raw, request_mi: int | None, limit_mi: int | None) -> None:
    found = pod_resources.of_pod(template(pod(spec=spec)))
    for amounts, expected in ((found.requests, request_mi), (found.limits, limit_mi)):
        assert amounts.get("memory") == (None if expected is None else expected * MI)


AMOUNT = st.integers(0, 9)
INIT = st.lists(st.tuples(st.booleans(), AMOUNT), max_size=4)


@given(main=st.lists(AMOUNT, min_size=1, max_size=3), init=INIT)
def test_a_pod_asks_for_the_most_of_any_moment(
    main: list[int], init: list[tuple[bool, int]]
) -> None:
    spec = pod_spec(
        *(asking(str(size)) for size in main),
        initContainers=[sidecar(str(n)) if stays else asking(str(n)) for stays, n in init],
    )
    # Walk through the start of the pod, moment by moment.
    running, peak = 0, 0
    for stays, size in init:
        peak = max(peak, running + size)
        running += size if stays else 0
    peak = max(peak, running + sum(main))
    assert pod_resources.of_pod(template(pod(spec=spec))).requests["memory"] == peak


def test_overhead_of_the_runtime_class() -> None:
    kata = thing("RuntimeClass", "kata", "node.k8s.io/v1", overhead={"podFixed": {"cpu": "250m"}})
    objects = ManifestSet([kata, pod(spec=pod_spec(runtimeClassName="kata"))])
    (found,) = objects.templates
    assert pod_resources.overhead(found, objects) == {"cpu": Decimal("0.25")}
    assert pod_resources.overhead(found, ManifestSet([])) == {}


@pytest.mark.parametrize(
    ("spec", "quality"),
    [
        pytest.param(pod_spec(), Quality.BEST_EFFORT, id="nothing"),
        pytest.param(
            pod_spec(container(resources={"requests": {"cpu": "0"}})),
            Quality.BEST_EFFORT,
            id="zero",
        ),
        pytest.param(
            pod_spec(container(resources={"requests": {"cpu": "1"}})), Quality.BURSTABLE, id="some"
        ),
        pytest.param(
            pod_spec(container(resources={"limits": {"cpu": "1", "memory": "1Gi"}})),
            Quality.GUARANTEED,
            id="limits-alone-are-requests",
        ),
        pytest.param(
            pod_spec(
                container(resources={"limits": {"cpu": "1", "memory": "1Gi"}}),
                initContainers=[container()],
            ),
            Quality.BURSTABLE,
            id="init-containers-count",
        ),
        pytest.param(
            pod_spec(resources={"limits": {"cpu": "1", "memory": "1Gi"}}),
            Quality.GUARANTEED,
            id="the-pod-as-a-whole",
        ),
    ],
)
def test_quality(spec: Raw, quality: Quality) -> None:
    assert pod_resources.quality(template(pod(spec=spec))) is quality


def strategy(surge: Any) -> Raw:
    return {"rollingUpdate": {"maxSurge": surge}}


@pytest.mark.parametrize(
    ("manifest", "count"),
    [
        pytest.param(
            workload(), PodCount(resting=1, most=1, surge=1, surge_at_most=1), id="default"
        ),
        pytest.param(
            workload(replicas=8),
            PodCount(resting=8, most=8, surge=2, surge_at_most=2),
            id="a-quarter-surges",
        ),
        pytest.param(
            workload(replicas=5),
            PodCount(resting=5, most=5, surge=2, surge_at_most=2),
            id="rounded-up",
        ),
        pytest.param(
            workload(replicas=5, strategy=strategy(0)), PodCount(resting=5, most=5), id="no-surge"
        ),
        pytest.param(
            workload(replicas=4, strategy=strategy("100%")),
            PodCount(resting=4, most=4, surge=4, surge_at_most=4),
            id="all-at-once",
        ),
        pytest.param(
            workload(replicas=4, strategy={"type": "Recreate"}),
            PodCount(resting=4, most=4),
            id="recreate",
        ),
        pytest.param(workload(replicas=0), PodCount(), id="scaled-to-nothing"),
        pytest.param(
            workload(kind="StatefulSet", replicas=3),
            PodCount(resting=3, most=3),
            id="stateful-sets-do-not-surge",
        ),
        pytest.param(
            workload(kind="DaemonSet"),
            PodCount(resting=3, most=3),
            id="a-daemon-set-of-three-nodes",
        ),
        pytest.param(
            workload(kind="DaemonSet", updateStrategy=strategy("50%")),
            PodCount(resting=3, most=3, surge=2, surge_at_most=2),
            id="a-daemon-set-surges-on-some",
        ),
        pytest.param(workload(kind="Job"), PodCount(tasks=1), id="job"),
        pytest.param(
            workload(kind="Job", parallelism=5, completions=3), PodCount(tasks=3), id="parallel-job"
        ),
        pytest.param(workload(kind="Job", suspend=True), PodCount(), id="suspended-job"),
        pytest.param(workload(kind="CronJob"), PodCount(tasks=1), id="cron-job"),
        pytest.param(workload(kind="CronJob", suspend=True), PodCount(), id="suspended-cron-job"),
        pytest.param(pod(), PodCount(resting=1, most=1), id="pod"),
        pytest.param(pod(status={"phase": "Succeeded"}), PodCount(), id="finished-pod"),
        pytest.param(
            thing("PodTemplate", "t", template={"spec": pod_spec()}), PodCount(), id="template"
        ),
    ],
)
def test_pod_count(manifest: Raw, count: PodCount) -> None:
    assert rollout.pod_count(template(manifest), nodes=3) == count


@pytest.mark.parametrize(
    ("replicas", "least", "most", "resting", "at_most"),
    [
        pytest.param(1, 2, 10, 2, 10, id="raised-to-the-minimum"),
        pytest.param(20, 2, 10, 10, 10, id="cut-to-the-maximum"),
        pytest.param(5, 2, 10, 5, 10, id="between"),
        pytest.param(0, 2, 10, 0, 0, id="an-autoscaler-leaves-alone-what-is-scaled-to-nothing"),
        pytest.param(3, None, 4, 3, 4, id="the-minimum-is-1-unless-told"),
    ],
)
def test_an_autoscaler_decides(
    replicas: int, least: int | None, most: int, resting: int, at_most: int
) -> None:
    spec = {"maxReplicas": most} | ({} if least is None else {"minReplicas": least})
    scaler = thing("HorizontalPodAutoscaler", "h", "autoscaling/v2", spec=spec)
    (item,) = ManifestSet([scaler]).of_kind(kinds.AUTOSCALER)
    found = rollout.pod_count(template(workload(replicas=replicas)), Autoscaler(item))
    assert (found.resting, found.most) == (resting, at_most)


@pytest.mark.parametrize(
    ("written", "of", "count"),
    [
        pytest.param(2, 10, 2, id="a-number"),
        pytest.param("25%", 10, 3, id="a-percentage-rounded-up"),
        pytest.param("0%", 10, 0, id="none"),
        pytest.param("25", 10, 0, id="a-text-without-percent"),
        pytest.param("x%", 10, 0, id="no-number"),
        pytest.param(-1, 10, 0, id="below-zero"),
        pytest.param(None, 10, 0, id="absent"),
    ],
)
def test_share(written: object, of: int, count: int) -> None:
    assert rollout.share(written, of=of) == count
