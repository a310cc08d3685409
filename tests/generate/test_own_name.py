"""How a workload that dials itself is led to itself."""

import pytest
from tests.generate.support import application, around, container, plain, workload

from mooring.app.endpoints import Endpoint
from mooring.app.workloads import Workload
from mooring.generate.pods import pod_template
from mooring.generate.services import services

LISTENING = container(endpoints=(Endpoint(port=8080),))


@pytest.mark.parametrize(
    ("part", "hostname", "is_found_unready"),
    [
        pytest.param(
            workload("web", LISTENING, dials_itself=True),
            "web",
            False,
            id="one-pod-is-called-like-its-service",
        ),
        pytest.param(
            workload("web", LISTENING, dials_itself=True, hostname="web"),
            "web",
            False,
            id="it-is-called-so-already",
        ),
        pytest.param(
            workload("web", LISTENING, dials_itself=True, hostname="box"),
            "box",
            True,
            id="it-is-called-otherwise",
        ),
        pytest.param(
            workload("web", LISTENING, dials_itself=True, replicas=2),
            None,
            True,
            id="no-replica-is-all-of-them",
        ),
        pytest.param(
            workload("web", LISTENING, dials_itself=True, keeps_state=True),
            None,
            True,
            id="pods-of-a-stateful-set-have-names-already",
        ),
        pytest.param(
            workload("web", LISTENING, dials_itself=True, other_names=("front",)),
            None,
            True,
            id="further-names-lead-to-it-too",
        ),
        pytest.param(workload("web", LISTENING), None, False, id="others-wait-until-it-serves"),
    ],
)
def test_own_name(part: Workload, hostname: str | None, is_found_unready: bool) -> None:
    assert pod_template(part, around(part)).spec.hostname == hostname
    made = [plain(one.spec) for one in services(application(part), part)]
    assert [one.get("publishNotReadyAddresses", False) for one in made] == [is_found_unready] * len(
        made
    )


def test_a_pod_of_a_stateful_set_is_found_by_its_own_address() -> None:
    part = workload("web", LISTENING, dials_itself=True, keeps_state=True)
    assert [plain(one.spec).get("clusterIP") for one in services(application(part), part)] == [
        "None"
    ]
