"""Replicas that were parts of their own: their names, their numbers, and what each fills in."""

from typing import Any

import pytest
from tests.generate.support import application, around, container, plain, workload

from mooring.app.configuration import Setting
from mooring.app.dependencies import Condition, Dependency
from mooring.app.endpoints import Endpoint, Protocol
from mooring.app.process import Process, Reference
from mooring.app.replicas import Member, Own
from mooring.generate.configuration import configuration
from mooring.generate.pods import pod_template
from mooring.generate.stateful import member_services, stateful_set
from mooring.generate.waits import waits

MEMBERS = (
    Member(source_name="db1", names=("db1", "first")),
    Member(source_name="db2", names=("db2",), moved_ports={5433: 5432}),
)
LISTENS = container(
    "db1", endpoints=(Endpoint(port=5432), Endpoint(port=53, protocol=Protocol.UDP))
)


def cluster(**fields: Any) -> Any:
    given = {"keeps_state": True, "replicas": 2, "members": MEMBERS, **fields}
    return workload("db", LISTENS, **given)


@pytest.mark.parametrize(
    ("first_number", "pods"),
    [
        pytest.param(0, ["db-0", "db-0", "db-1"], id="from-nought"),
        pytest.param(3, ["db-3", "db-3", "db-4"], id="from-the-members-own-number"),
    ],
)
def test_each_name_leads_to_one_pod(first_number: int, pods: list[str]) -> None:
    part = cluster(first_number=first_number)
    made = list(member_services(part, application(part)))
    assert [one.metadata.name for one in made] == ["db1", "first", "db2"]
    assert [one.spec.selector["statefulset.kubernetes.io/pod-name"] for one in made] == pods
    assert all(one.spec.publish_not_ready_addresses for one in made)
    assert all(one.spec.selector["app.kubernetes.io/name"] == "db" for one in made)


def test_an_old_port_leads_to_the_one_that_all_have() -> None:
    part = cluster()
    ports = [plain(one.spec)["ports"] for one in member_services(part, application(part))]
    assert ports[0] == [
        {"name": "tcp-5432", "port": 5432, "targetPort": "tcp-5432"},
        {"name": "udp-53", "port": 53, "targetPort": "udp-53", "protocol": "UDP"},
    ]
    assert {"name": "tcp-5433", "port": 5433, "targetPort": "tcp-5432"} in ports[2]


@pytest.mark.parametrize(
    ("part", "ordinals"),
    [
        pytest.param(cluster(), None, id="the-usual-numbers-are-not-written"),
        pytest.param(cluster(first_number=1), {"start": 1}, id="others-are"),
    ],
)
def test_ordinals(part: Any, ordinals: dict[str, int] | None) -> None:
    assert plain(stateful_set(part, around(part)).spec).get("ordinals") == ordinals


OWN = (
    Setting(name="POD_NAME", value="", own=Own.NAME),
    Setting(name="POD_NUMBER", value="", own=Own.NUMBER),
    Setting(name="POD_ADDRESS", value="", own=Own.ADDRESS),
    Setting(
        name="URL",
        value="x://.db:1/$(y)",
        references=(Reference(start=4, end=4, setting="POD_NAME"),),
    ),
    Setting(name="PLAIN", value="a"),
)


def test_what_a_replica_fills_in_is_a_field_of_its_pod() -> None:
    one = container("db", settings=OWN)
    part = workload("db", one)
    made = configuration(application(part))
    _, single = made.environment_of(one)
    assert [plain(each) for each in single] == [
        {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {
            "name": "POD_NUMBER",
            "valueFrom": {
                "fieldRef": {"fieldPath": "metadata.labels['apps.kubernetes.io/pod-index']"}
            },
        },
        {"name": "POD_ADDRESS", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        {"name": "URL", "value": "x://$(POD_NAME).db:1/$$(y)"},
    ]
    assert [one.data for one in made.config_maps] == [{"PLAIN": "a"}]


def test_a_command_refers_to_what_the_replica_fills_in() -> None:
    process = Process(
        arguments=("--name", "", "--of=.db"),
        references=(
            Reference(word=1, start=0, end=0, setting="POD_NAME"),
            Reference(word=2, start=5, end=5, setting="POD_NAME"),
        ),
    )
    part = workload("db", container("db", process=process, settings=OWN[:1]))
    (made,) = pod_template(part, around(part)).spec.containers
    assert made.args == ("--name", "$(POD_NAME)", "--of=$(POD_NAME).db")


def test_whoever_waits_for_a_member_waits_for_the_cluster_once() -> None:
    both = tuple(Dependency(on=name, condition=Condition.HEALTHY) for name in ("db1", "db2"))
    part, other = cluster(), workload("web", dependencies=both)
    assert [one.name for one in waits(other, around(part, other))] == ["wait-for-db"]
