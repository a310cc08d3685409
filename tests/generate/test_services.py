"""Under which names and on which ports the pods of a part are found."""

import pytest
from tests.generate.support import application, container, plain, task, workload

from mooring.app.endpoints import Endpoint, Protocol, Publication
from mooring.app.workloads import Task, Workload
from mooring.generate.services import services

LISTENING = container(endpoints=(Endpoint(port=8080),))
PORT = {"name": "tcp-8080", "port": 8080, "targetPort": "tcp-8080"}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        pytest.param(
            workload("web", LISTENING), {"web": {"ports": [PORT]}}, id="the-port-of-the-container"
        ),
        pytest.param(workload("web"), {"web": {"clusterIP": "None"}}, id="headless-without-ports"),
        pytest.param(
            workload("web", LISTENING, answers_by_address=True),
            {"web": {"clusterIP": "None", "ports": [PORT]}},
            id="headless-where-addresses-are-asked-for",
        ),
        pytest.param(
            workload("web", LISTENING, other_names=("api", "far")),
            {"web": {"ports": [PORT]}, "api": {"ports": [PORT]}, "far": {"ports": [PORT]}},
            id="one-for-each-further-name",
        ),
        pytest.param(task("web"), {}, id="a-task-that-nobody-dials-has-none"),
        pytest.param(
            task("web", LISTENING), {"web": {"ports": [PORT]}}, id="a-task-that-listens-has-one"
        ),
        pytest.param(
            task("web", other_names=("api",)),
            {"web": {"clusterIP": "None"}, "api": {"clusterIP": "None"}},
            id="a-task-that-is-dialled-has-one",
        ),
    ],
)
def test_services(part: Workload | Task, expected: dict[str, dict[str, object]]) -> None:
    selector = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}
    made = {one.name: plain(one.spec) for one in services(application(part), part)}
    assert made == {name: {"selector": selector, **spec} for name, spec in expected.items()}


def test_what_was_published_opens_nothing() -> None:
    published = Endpoint(
        port=80,
        publications=(Publication(port=8080), Publication(port=80, on_every_node=True)),
    )
    part = workload("web", container(endpoints=(published,)))
    (service,) = services(application(part), part)
    assert plain(service.spec).keys() == {"selector", "ports"}
    assert plain(service.spec)["ports"] == [{"name": "tcp-80", "port": 80, "targetPort": "tcp-80"}]


def test_protocols_are_kept() -> None:
    endpoints = (
        Endpoint(port=53, protocol=Protocol.UDP),
        Endpoint(port=443, name="api", application_protocol="https"),
    )
    part = workload("web", container(endpoints=endpoints))
    (service,) = services(application(part), part)
    assert plain(service.spec)["ports"] == [
        {"name": "udp-53", "port": 53, "targetPort": "udp-53", "protocol": "UDP"},
        {"name": "api", "port": 443, "targetPort": "api", "appProtocol": "https"},
    ]


def test_where_it_comes_from() -> None:
    part = workload("web", LISTENING)
    (service,) = services(application(part), part)
    assert service.metadata.annotations == {"mooring.dev/origin": "compose.yaml:3"}
