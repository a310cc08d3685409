"""Addresses that lead nowhere are found, and all others are left alone."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

STACK = """
services:
  api:
    image: a:1
    expose: [4000]
    container_name: the-api
    environment: {{SAID: "{said}"}}
  db: {{image: "postgres:16", ports: ["5435:5432"]}}
  redis-cache: {{image: "redis:7"}}
  web: {{image: "b:1", ports: ["8080:80"], networks: {{default: {{aliases: [shop]}}}}}}
  silent: {{image: "c:1"}}
  tool: {{image: "d:1", profiles: [debug]}}
"""


def found(folder: Path, compose: str, files: dict[str, str] | None = None) -> list[str]:
    """Return the findings about addresses: rule, message and remedy."""
    about = {"host-not-found", "port-not-open", "only-in-docker"}
    made = translation(folder, compose, files)
    return [
        f"{one.rule}: {one.message}; {one.remedy}"
        for one in (*made.findings, *(each.finding for each in made.unmet))
        if one.rule in about or one.rule.startswith("localhost-")
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            "redis://redis_cache:6379",
            "host-not-found: SAID of api dials redis_cache:6379, and nothing here is called "
            'redis_cache; did you mean "redis-cache"?',
            id="a-host-that-is-almost-there",
        ),
        pytest.param(
            "http://payments:80",
            "host-not-found: SAID of api dials payments:80, and nothing here is called payments; "
            "correct the name, or write the whole name of the host outside",
            id="a-host-that-is-not-there",
        ),
        pytest.param(
            "http://tool",
            "host-not-found: SAID of api dials tool, and the service tool is switched off: it "
            'needs the profile "debug"; switch the profile on for this environment (environments: '
            "{<environment>: {profiles: [debug]}}), or remove the address",
            id="a-service-that-is-switched-off",
        ),
        pytest.param(
            "postgres://u@db:5435/x",
            "port-not-open: SAID of api dials db:5435, a port of the machine: db itself listens on "
            "5432; write db:5432: peers dial the container's port",
            id="the-port-of-the-machine",
        ),
        pytest.param(
            "postgres://u@db:6543/x",
            "port-not-open: SAID of api dials db:6543, and db listens on 5432; write the port on "
            "which it listens, or let it listen on 6543",
            id="a-port-that-a-known-server-does-not-open",
        ),
        pytest.param(
            "postgres://u@localhost:5432/x",
            "localhost-of-a-peer: SAID of api dials localhost:5432, which in a container is the "
            "container itself; db listens there; write db:5432",
            id="a-peer-on-localhost",
        ),
        pytest.param(
            "postgres://u@127.0.0.1:5435/x",
            "localhost-of-a-peer: SAID of api dials 127.0.0.1:5435, which in a container is the "
            "container itself; it led to port 5432 of db on the machine; write db:5432",
            id="a-peer-on-the-machine",
        ),
        pytest.param(
            "http://localhost:8080/x",
            "localhost-for-browsers: SAID of api leads browsers to localhost:8080, which is the "
            "author's machine; outside of development write the address under which the service "
            "is exposed",
            id="a-page-on-the-machine",
        ),
        pytest.param(
            "http://host.docker.internal:9999",
            "only-in-docker: SAID of api dials host.docker.internal:9999: the machine that runs "
            "Docker, which no pod has; give it a name that the cluster knows, of a Service or of a "
            "host outside",
            id="the-machine-under-docker",
        ),
        pytest.param(
            "postgres://u@host.docker.internal:5435/x",
            "only-in-docker: SAID of api dials host.docker.internal:5435: the machine that runs "
            "Docker, which no pod has; write db:5432, to which port 5435 of the machine led",
            id="a-peer-by-way-of-the-machine",
        ),
    ],
)
def test_an_address_that_leads_nowhere(tmp_path: Path, said: str, expected: str) -> None:
    assert found(tmp_path, STACK.format(said=said)) == [expected]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("http://web", id="a-service-on-the-usual-port"),
        pytest.param("http://WEB:80", id="without-regard-to-case"),
        pytest.param("http://shop", id="an-alias"),
        pytest.param("http://shop-web-1", id="the-name-that-compose-makes-up"),
        pytest.param("http://silent:1234", id="a-service-of-which-no-port-is-known"),
        pytest.param("https://api.stripe.com", id="a-host-of-the-world"),
        pytest.param("http://localhost:4000", id="its-own-port"),
        pytest.param("http://localhost:3999", id="a-port-that-nobody-has"),
        pytest.param("http://the-api:4000", id="its-own-container"),
        pytest.param("http://hostname/path", id="an-example"),
        pytest.param("http://your-host/path", id="a-placeholder"),
        pytest.param("http://10.0.0.5:5432", id="an-address-of-the-network-outside"),
        pytest.param("smtp://0.0.0.0:25", id="all-addresses"),
    ],
)
def test_an_address_that_leads_somewhere(tmp_path: Path, said: str) -> None:
    assert found(tmp_path, STACK.format(said=said)) == []


def test_a_line_that_several_services_read_is_one_finding(tmp_path: Path) -> None:
    compose = """
    services:
      a: {image: "a:1", env_file: [shared.env]}
      b: {image: "b:1", env_file: [shared.env]}
      c: {image: "c:1", env_file: [shared.env]}
      d: {image: "d:1", env_file: [shared.env]}
    """
    (one,) = found(tmp_path, compose, {"shared.env": "DB_HOST=dbx\n"})
    assert one.startswith("host-not-found: DB_HOST of a, b and 2 more dials dbx,")


def test_who_listens_may_share_the_line_with_others(tmp_path: Path) -> None:
    compose = """
    services:
      a: {image: "a:1", env_file: [shared.env], expose: [4000]}
      b: {image: "b:1", env_file: [shared.env]}
    """
    assert found(tmp_path, compose, {"shared.env": "A=http://localhost:4000\n"}) == []


def test_pages_of_one_file_are_one_finding(tmp_path: Path) -> None:
    compose = """
    services:
      a: {image: "a:1", env_file: [a.env]}
      web: {image: "b:1", ports: ["80:8080"]}
    """
    lines = "SERVER_URL=http://localhost\nREDIRECT_URL=http://localhost/back\n"
    told = set(found(tmp_path, compose, {"a.env": lines}))
    (one,) = told
    assert one.startswith("localhost-for-browsers: REDIRECT_URL, SERVER_URL of a lead browsers to")


def test_the_port_of_a_peer_s_address_is_none_of_its_own(tmp_path: Path) -> None:
    compose = """
    services:
      web:
        image: "a:1"
        ports: ["3000:3000"]
        environment: {API: "http://api:8000", PUBLIC_URL: "http://localhost:8000"}
      api: {image: "b:1", ports: ["8000:8000"]}
    """
    (one,) = found(tmp_path, compose)
    assert one.startswith("localhost-for-browsers: PUBLIC_URL of web leads browsers")


def test_a_network_of_other_projects_may_hold_what_is_not_here(tmp_path: Path) -> None:
    compose = """
    services:
      a: {image: "a:1", environment: {DB_HOST: payments}, networks: [shared]}
    networks: {shared: {external: true}}
    """
    (one,) = found(tmp_path, compose)
    assert "a service of another project on the network shared?" in one


def test_a_name_of_its_own_hosts_file_is_known(tmp_path: Path) -> None:
    compose = """
    services:
      a: {image: "a:1", environment: {DB_HOST: payments}, extra_hosts: ["payments=10.0.0.5"]}
    """
    assert found(tmp_path, compose) == []


def test_the_address_of_a_compose_network_is_nobody_s_here(tmp_path: Path) -> None:
    compose = """
    services:
      a: {image: "a:1", environment: {A: "http://172.25.0.7:80"}}
      b: {image: "b:1", networks: {n: {ipv4_address: 172.25.0.7}}}
    networks: {n: {ipam: {config: [{subnet: 172.25.0.0/16}]}}}
    """
    (one,) = found(tmp_path, compose)
    assert one.endswith("gave to b; pods get addresses of their own; write b:80")


def test_an_address_in_a_shipped_file_is_merely_worth_knowing(tmp_path: Path) -> None:
    compose = """
    services:
      a: {image: "a:1", volumes: ["./a.yaml:/a.yaml"]}
      b: {image: "b:1", expose: [8000]}
    """
    made = found(tmp_path, compose, {"a.yaml": "url: http://localhost:8000\n"})
    assert [one.partition(":")[0] for one in made] == ["localhost-in-a-file"]


def test_no_secret_is_told(tmp_path: Path) -> None:
    (one,) = found(tmp_path, STACK.format(said="postgres://user:hunter2@dbx:5432/x"))
    assert "hunter2" not in one
