"""Who has to find itself under its own name before it serves."""

from pathlib import Path

import pytest
from tests.translate.whole import part, translation

from mooring.app.workloads import Workload

WEB = "services: {web: {image: example/web, %s}}"
CHECK = "healthcheck: {test: %s}"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param(CHECK % "curl -f http://web:8080/", True, id="a-check-with-a-port"),
        pytest.param(CHECK % "[CMD, curl, 'http://web/']", True, id="a-check-of-a-url"),
        pytest.param(CHECK % "[CMD, pg_isready, -h, web]", True, id="a-check-with-an-option"),
        pytest.param(CHECK % "nc -z -w 2 web 8080", True, id="a-check-with-netcat"),
        pytest.param(
            CHECK % "curl http://web_1:80/" + ", container_name: web_1",
            True,
            id="a-check-by-the-name-of-its-container",
        ),
        pytest.param(CHECK % "curl -f http://localhost:8080/", False, id="localhost-is-no-name"),
        pytest.param(CHECK % "pg_isready -U web", False, id="a-user-of-the-same-name"),
        pytest.param(
            CHECK % "'true'" + ", environment: {VOTERS: '1@web:9093'}",
            True,
            id="a-setting-of-one-with-a-check",
        ),
        pytest.param(
            CHECK % "'true'" + ", scale: 2, environment: {SELF: 'http://web:80'}",
            False,
            id="a-setting-of-many-may-mean-the-others",
        ),
        pytest.param(
            CHECK % "'true'" + ", command: 'server http://we{1...4}/data http://web/data'",
            True,
            id="a-command",
        ),
        pytest.param(
            CHECK % "[CMD, curl, -f, 'http://web:80/']" + ", expose: [80]",
            False,
            id="a-check-that-the-kubelet-does",
        ),
        pytest.param(
            CHECK % "'true'" + ", env_file: all.env",
            False,
            id="a-file-that-is-not-of-this-service-alone",
        ),
        pytest.param(
            "environment: {VOTERS: '1@web:9093'}, healthcheck: {disable: true}",
            False,
            id="without-a-check-it-serves-at-once",
        ),
    ],
)
def test_dials_itself(tmp_path: Path, attributes: str, expected: bool) -> None:
    files = {"all.env": "API=http://web:8080"}
    made = part(translation(tmp_path, WEB % attributes, files), "web")
    assert isinstance(made, Workload)
    assert made.dials_itself is expected


def test_the_name_of_its_container_is_a_name_of_its_own(tmp_path: Path) -> None:
    attributes = CHECK % "curl http://front:80/" + ", container_name: front"
    assert part(translation(tmp_path, WEB % attributes), "web").other_names == ("front",)


def test_a_range_of_names_holds_each_of_them(tmp_path: Path) -> None:
    one = "{image: example/store, healthcheck: {test: 'true'}, command: 'http://s{1...3}/data'}"
    made = translation(tmp_path, f"services: {{s1: {one}, s2: {one}, s4: {one}}}")
    marked = {name: part(made, name) for name in ("s1", "s2", "s4")}
    assert [name for name, one in marked.items() if getattr(one, "dials_itself", False)] == [
        "s1",
        "s2",
    ]


KEEPER = "clickhouse/clickhouse-keeper:25.8"
SERVER = "clickhouse/clickhouse-server:25.8"
PEERS = """
services:
  one: {image: "%s", volumes: ["one:/data"], environment: {PEERS: "%s"}}
  two: {image: "%s", volumes: ["two:/data"], environment: {PEERS: "one:9181", LEVEL: high}}
volumes: {one: {}, two: {}}
"""


@pytest.mark.parametrize(
    ("first", "peers", "second", "expected"),
    [
        pytest.param(KEEPER, "two:9181", KEEPER, (True, True), id="members-name-one-another"),
        pytest.param(KEEPER, "", KEEPER, (True, False), id="who-is-named-by-a-member"),
        pytest.param(KEEPER, "", SERVER, (False, False), id="a-client-waits"),
        pytest.param(SERVER, "two:9000", SERVER, (False, False), id="each-serves-without-others"),
    ],
)
def test_members_that_stay_apart_are_found_before_they_serve(
    first: str, peers: str, second: str, expected: tuple[bool, bool], tmp_path: Path
) -> None:
    made = translation(tmp_path, PEERS % (first, peers, second))
    found = [part(made, name) for name in ("one", "two")]
    assert tuple(isinstance(one, Workload) and one.dials_itself for one in found) == expected
