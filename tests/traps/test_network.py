"""Traps 9 to 15, 29 and 30: who is found where, under which name."""

import re
from collections.abc import Callable

import pytest
from tests.traps.road import Walked, web

from mooring.errors import InputErrors

Walk = Callable[..., Walked]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param(
            ("ports: ['3000']",),
            [(3000, "TCP")],
            id="trap 9: a port alone is that of the container, whatever the machine takes",
        ),
        pytest.param(
            ("ports: ['80:8888']",),
            [(8888, "TCP")],
            id="trap 9: the Service listens where the container does, not where it was published",
        ),
        pytest.param(
            ("ports: ['10.0.0.1:80:8888', '[::1]:81:8889']",),
            [(8888, "TCP"), (8889, "TCP")],
            id="trap 9: an address before the port, IPv6 in brackets",
        ),
        pytest.param(
            ("ports: ['3000-3002']",),
            [(3000, "TCP"), (3001, "TCP"), (3002, "TCP")],
            id="trap 9: a range is written out",
        ),
        pytest.param(
            ("ports: ['9000-9001:80-81/udp']",),
            [(80, "UDP"), (81, "UDP")],
            id="trap 9: ranges of equal length, and a protocol",
        ),
        pytest.param(
            ("ports: ['8000-9000:80']",),
            [(80, "TCP")],
            id="trap 9: any port of a range of the machine for one port",
        ),
        pytest.param(
            ("ports: ['80:8080', '443:8080']", "expose: [8080]"),
            [(8080, "TCP")],
            id="trap 9: a port that is published twice and exposed is one port",
        ),
        pytest.param(
            ("ports: [22:22]",),
            [(22, "TCP")],
            id="trap 8: 22:22 is no number to the base of sixty",
        ),
        pytest.param(
            ("ports: ['53:53/udp', '53:53']",),
            [(53, "UDP"), (53, "TCP")],
            id="trap 10: one number under two protocols is two ports",
        ),
        pytest.param(
            ("expose: ['8000/tcp', '3000-3001/udp']",),
            [(8000, "TCP"), (3000, "UDP"), (3001, "UDP")],
            id="trap 12: exposed ports, with protocols and ranges",
        ),
        pytest.param(
            ("labels: {traefik.http.services.x.loadbalancer.server.port: 9000}",),
            [(9000, "TCP")],
            id="row no port declared: the port that a proxy was told",
        ),
        pytest.param(
            ("environment: {VIRTUAL_PORT: '9000', VIRTUAL_HOST: a.example.com}",),
            [(9000, "TCP")],
            id="row no port declared: the port that nginx-proxy was told",
        ),
    ],
)
def test_ports(walk: Walk, attributes: tuple[str, ...], expected: list[tuple[int, str]]) -> None:
    walked = walk(web(*attributes))
    ports = walked.at("Service web", "spec.ports")
    assert isinstance(ports, list)
    assert [(one["port"], one.get("protocol", "TCP")) for one in ports] == expected
    _matches(walked, "web")
    assert walked.at("Service web", "spec.clusterIP") is None
    assert walked.at("Service web", "spec.type") is None


def _matches(walked: Walked, service: str) -> None:
    """Hold that each port of a Service names a port of a container, which is the same number."""
    pod = walked.at(f"pod {walked.at(f'Service {service}', SELECTED)}")
    assert isinstance(pod, dict)
    of_pod = [port for one in pod["containers"] for port in one.get("ports", ())]
    names = [port["name"] for port in of_pod]
    assert len(set(names)) == len(names)
    assert all(
        len(name) <= 15
        and re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name)
        and re.search("[a-z]", name)
        for name in names
    )
    for port in walked.at(f"Service {service}", "spec.ports") or ():
        (target,) = [
            one
            for one in of_pod
            if one["name"] == port["targetPort"] and one.get("protocol") == port.get("protocol")
        ]
        assert target["containerPort"] == port["port"]


SELECTED = 'spec.selector."app.kubernetes.io/name"'


@pytest.mark.parametrize(
    "ports",
    [
        pytest.param("[{target: 80, name: web}, {target: 81, name: web}]", id="two of one name"),
        pytest.param("[{target: 80, name: A_much.too-long_Name}]", id="a long name with capitals"),
        pytest.param("[{target: 80, name: '12345'}]", id="digits alone"),
        pytest.param(
            "[{target: 80, name: the-first-port-of-all}, {target: 81, name: the-first-port-of-us}]",
            id="long names with one beginning",
        ),
        pytest.param(
            "[{target: 80, name: tcp-81}, {target: 81}]", id="the name that another would get"
        ),
    ],
)
def test_port_names(walk: Walk, ports: str) -> None:
    """Trap 10: at most 15 letters and digits, one letter among them, none twice in a pod."""
    _matches(walk(web(f"ports: {ports}")), "web")


def test_port_names_of_two_containers_in_one_pod(walk: Walk) -> None:
    """Trap 10: a Service finds a port by its name among all containers of a pod."""
    walked = walk(
        """
        services:
          web: {image: "app:1", ports: [{target: 80, name: http}]}
          metrics:
            image: agent:1
            network_mode: service:web
            ports: [{target: 9100, name: http}]
          admin:
            image: admin:1
            network_mode: service:metrics
            expose: [9200]
        """
    )
    assert walked.of_kind("Deployment") == ["web"]
    for service in ("web", "metrics", "admin"):
        _matches(walked, service)
        ports = walked.at(f"Service {service}", "spec.ports")
        assert isinstance(ports, list)
        assert [one["port"] for one in ports] == [80, 9100, 9200]


def test_application_protocol(walk: Walk) -> None:
    walked = walk(web("ports: [{target: 80, app_protocol: http2, name: api}]"))
    assert walked.at("Service web", "spec.ports") == [
        {"name": "api", "port": 80, "targetPort": "api", "appProtocol": "http2"}
    ]


@pytest.mark.parametrize(
    "ports",
    [
        pytest.param("['127.0.0.1:80:80']", id="trap 11: an address of the loopback stays private"),
        pytest.param("['80:80']", id="trap 11: a published port is opened to nobody unasked"),
        pytest.param(
            "[{target: 80, published: 80, mode: host}]", id="trap 11: nor is one of hosts"
        ),
    ],
)
def test_nothing_is_opened(walk: Walk, ports: str) -> None:
    walked = walk(web(f"ports: {ports}"))
    assert walked.of_kind("Ingress") == []
    assert walked.at("Service web", "spec.type") is None
    assert walked.at("Service web", "spec.ports[0].nodePort") is None
    assert walked.at("container web", "ports[0].hostPort") is None


def test_a_service_without_ports_is_found(walk: Walk) -> None:
    """Trap 12: every port of a container can be dialled, so a headless Service names its pods."""
    walked = walk(web())
    assert walked.at("Service web", "spec.clusterIP") == "None"
    assert walked.at("Service web", "spec.ports") is None


@pytest.mark.parametrize(
    "dialling",
    [
        pytest.param("environment: {URL: 'http://web:9090/x'}", id="in a setting"),
        pytest.param("environment: {DB_PASSWORD: 'x://u:p@web:9090'}", id="in a secret"),
        pytest.param("command: [call, 'web:9090']", id="in a command"),
        pytest.param("volumes: ['./peer.conf:/etc/peer.conf:ro']", id="in a file that is shipped"),
    ],
)
def test_a_port_that_only_a_peer_names(walk: Walk, dialling: str) -> None:
    """Trap 12: a port that nobody declared is open in Compose, so the Service has it as well."""
    walked = walk(
        f"""
        services:
          web: {{image: "app:1", ports: ["80:8080"]}}
          peer:
            image: peer:1
            {dialling}
        """,
        {"peer.conf": "upstream http://web:9090;\nother http://else:7070; web:99999 a.web:1234\n"},
    )
    ports = walked.at("Service web", "spec.ports")
    assert isinstance(ports, list)
    assert [one["port"] for one in ports] == [8080, 9090]
    _matches(walked, "web")
    assert walked.decided("services.web", "ports") == ["listens on 9090 as well"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("hasura_plus", "hasura-plus", id="an underscore"),
        pytest.param("My.App", "my-app", id="capitals and a dot"),
        pytest.param("9lives", "svc-9lives", id="a digit first"),
    ],
)
def test_names_that_cannot_stay(walk: Walk, name: str, expected: str) -> None:
    """Trap 13: a service's name becomes a DNS label, and whoever dials it is told."""
    walked = walk(
        f"""
        services:
          {name}: {{image: "app:1", expose: [8080], healthcheck: {{test: "curl -d 1 {name}:8080"}}}}
          peer:
            image: peer:1
            command: [call, --host, {name}, "--to={name}:8080"]
            environment:
              URL: http://{name}:8080/{name}
              PEER_HOST: {name}
              LIST: "{name}:8080,other:1"
              SECRET_URL: "x://u:p@{name}/{name}"
              DATABASE: {name}
            volumes: ["./conf:/etc/conf:ro"]
        """,
        {
            "conf/a.conf": f"server {name}:8080;\nname {name}\nproxy_pass http://{name};\n",
            "conf/b.conf": f"name {name}\n",
        },
    )
    assert walked.of_kind("Service") == [expected, "peer"]
    assert walked.runner(expected) == "Deployment"
    assert walked.at("container peer", "args") == [
        "call",
        "--host",
        expected,
        f"--to={expected}:8080",
    ]
    assert walked.at("ConfigMap peer-env", "data") == {
        "URL": f"http://{expected}:8080/{name}",
        "PEER_HOST": expected,
        "LIST": f"{expected}:8080,other:1",
        "DATABASE": name,
    }
    assert walked.at("Secret shop-secrets", "stringData") == {
        "SECRET_URL": f"x://u:p@{expected}/{name}"
    }
    assert walked.at("ConfigMap conf", 'data."a.conf"') == (
        f"server {expected}:8080;\nname {name}\nproxy_pass http://{expected};\n"
    )
    assert walked.at(f"container {expected}", "readinessProbe.exec.command[2]") == (
        f"curl -d 1 {expected}:8080"
    )
    remaining = [one.message for one in walked.findings if one.rule == "old-name-remains"]
    assert any("DATABASE" in message for message in remaining)
    assert any("b.conf" in message for message in remaining)
    assert len(remaining) == 2


def test_names_that_meet_in_one(walk: Walk) -> None:
    """Trap 13: `a_b` and `a-b` are two services, and stay two."""
    walked = walk(
        """
        services:
          a_b: {image: "x:1", expose: [1]}
          a-b: {image: "y:1", expose: [1]}
          peer: {image: "z:1", environment: {ONE_URL: "http://a_b:1", TWO_URL: "http://a-b:1"}}
        """
    )
    other, kept, peer = walked.of_kind("Deployment")
    assert (kept, peer) == ("a-b", "peer")
    assert other.startswith("a-b-")
    assert walked.of_kind("Service") == [other, "a-b", "peer"]
    assert walked.at("ConfigMap peer-env", "data") == {
        "ONE_URL": f"http://{other}:1",
        "TWO_URL": "http://a-b:1",
    }


def test_a_long_name(walk: Walk) -> None:
    """Trap 13: 63 letters are the limit, for a name and for what is named after it."""
    name = "a" + "b" * 70
    walked = walk(f"services: {{{name}: {{image: 'x:1', environment: {{A: b}}}}}}")
    (made,) = walked.of_kind("Deployment")
    names = [made, *walked.of_kind("Service"), *walked.of_kind("ConfigMap")]
    assert all(len(one) <= 63 for one in names)
    assert len(set(names)) == 2


@pytest.mark.parametrize(
    ("of_web", "of_peer", "expected"),
    [
        pytest.param(
            "networks: {default: {aliases: [api, API]}}", "", ["api"], id="trap 14: a network alias"
        ),
        pytest.param("", "links: ['web:backend']", ["backend"], id="trap 14: the alias of a link"),
        pytest.param(
            "container_name: box",
            "environment: {U: 'http://box:80'}",
            ["box"],
            id="trap 14: a container's name that is dialled",
        ),
        pytest.param(
            "container_name: box", "", [], id="trap 14: a container's name that nobody dials"
        ),
        pytest.param(
            "hostname: box",
            "command: [call, box]",
            ["box"],
            id="trap 14: a hostname that is dialled",
        ),
        pytest.param(
            "",
            "environment: {U: 'http://shop-web-1:80'}",
            ["shop-web-1"],
            id="trap 14: the name that Compose gives to a container",
        ),
        pytest.param(
            "container_name: my_box",
            "environment: {U: 'http://my_box:80'}",
            ["my-box"],
            id="trap 13: a container's name that cannot stay",
        ),
        pytest.param(
            "hostname: my_box",
            "environment: {U: 'http://my_box:80'}",
            ["my-box"],
            id="trap 13: a hostname that cannot stay",
        ),
        pytest.param(
            "networks: {default: {aliases: [my_box]}}",
            "environment: {U: 'http://my_box:80'}",
            ["my-box"],
            id="trap 13: an alias that cannot stay",
        ),
    ],
)
def test_further_names(walk: Walk, of_web: str, of_peer: str, expected: list[str]) -> None:
    """Each further name is a Service in front of the same pods, on the same ports."""
    walked = walk(
        f"""
        services:
          web:
            image: app:1
            expose: [80]
            {of_web}
          peer:
            image: peer:1
            {of_peer}
        """
    )
    assert sorted(walked.of_kind("Service")) == sorted([*expected, "peer", "web"])
    for name in expected:
        assert walked.at(f"Service {name}", "spec") == walked.at("Service web", "spec")
        assert walked.at(f"Service {name}", "spec.externalName") is None
        url = walked.at("ConfigMap peer-env", "data.U")
        assert url is None or url == f"http://{name}:80"


def test_an_alias_that_is_a_domain_is_told(walk: Walk) -> None:
    """Trap 14: no Service of the namespace can be called `api.example.com`."""
    walked = walk(web("networks: {default: {aliases: [api.example.com]}}"))
    assert walked.of_kind("Service") == ["web"]
    assert walked.rules == ["alias-left-out"]


@pytest.mark.parametrize("restart", ["always", "'no'"])
def test_no_variables_of_services_are_injected(walk: Walk, restart: str) -> None:
    """Trap 15: REDIS_PORT=tcp://... would break a program that reads REDIS_PORT."""
    walked = walk(
        f"""
        services:
          redis: {{image: "redis:7"}}
          job: {{image: "app:1", command: [run], restart: {restart}}}
        """
    )
    assert walked.at("pod redis", "enableServiceLinks") is False
    assert walked.at("pod job", "enableServiceLinks") is False


SHARED = """
services:
  web: {image: "a:1", networks: [front, back]}
  api: {image: "b:1", networks: [back]}
networks: {front: {}, back: {}}
"""
APART = """
services:
  web: {image: "a:1", networks: [front]}
  api: {image: "b:1", networks: [front, back]}
  db: {image: "c:1", networks: [back]}
  log: {image: "d:1"}
networks: {front: {}, back: {}}
"""


@pytest.mark.parametrize(
    ("compose", "fates", "apart"),
    [
        pytest.param(
            web(),
            {"services.web.networks": "carried", "networks.default.name": "carried"},
            "",
            id="trap 29: without a word all stand on the default network",
        ),
        pytest.param(
            SHARED,
            {
                "services.web.networks": "carried",
                "services.api.networks": "carried",
                "networks.front.name": "carried",
                "networks.back.name": "carried",
            },
            "",
            id="trap 29: networks that keep nobody apart lose nothing",
        ),
        pytest.param(
            APART,
            {
                "services.web.networks": "carried",
                "services.db.networks": "carried",
                "services.log.networks": "carried",
                "networks.front.name": "approximated",
                "networks.back.name": "approximated",
                "networks.default.name": "approximated",
            },
            "db, log",
            id="trap 29: who was kept apart is said once, at the networks",
        ),
    ],
)
def test_networks(walk: Walk, compose: str, fates: dict[str, str], apart: str) -> None:
    walked = walk(compose)
    assert {path: walked.fate(path) for path in fates} == fates
    assert apart in walked.reason("networks.front.name")


def test_an_internal_network_is_told(walk: Walk) -> None:
    walked = walk(web("networks: [back]") + "networks: {back: {internal: true}}\n")
    assert walked.fate("networks.back.internal") == "approximated"
    assert "production" in walked.reason("networks.back.internal")


def test_a_network_mode_excludes_networks(walk: Walk) -> None:
    """Trap 29: Compose refuses both together."""
    with pytest.raises(InputErrors, match="network_mode"):
        walk(web("network_mode: host", "networks: [default]"))


def test_no_network_at_all(walk: Walk) -> None:
    walked = walk(web("network_mode: none", "expose: [80]"))
    assert walked.of_kind("Service") == []
    assert walked.at("NetworkPolicy web", "spec.policyTypes") == ["Ingress", "Egress"]
    assert walked.at("NetworkPolicy web", "spec.ingress") is None
    assert walked.at("NetworkPolicy web", "spec.podSelector.matchLabels") == walked.at(
        "Deployment web", "spec.selector.matchLabels"
    )


def test_the_network_of_the_machine(walk: Walk) -> None:
    walked = walk(web("network_mode: host", "expose: [80]"))
    assert walked.at("pod web", "hostNetwork") is True
    assert walked.at("pod web", "dnsPolicy") == "ClusterFirstWithHostNet"


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        pytest.param(
            "['a:10.0.0.1', 'b=10.0.0.2']",
            [{"ip": "10.0.0.1", "hostnames": ["a"]}, {"ip": "10.0.0.2", "hostnames": ["b"]}],
            id="trap 30: a colon or an equals sign",
        ),
        pytest.param(
            "['a:[::1]', 'b=::1']",
            [{"ip": "::1", "hostnames": ["a", "b"]}],
            id="trap 30: IPv6 in brackets or without",
        ),
        pytest.param(
            "['a=10.0.0.1', 'a=10.0.0.2']",
            [{"ip": "10.0.0.1", "hostnames": ["a"]}, {"ip": "10.0.0.2", "hostnames": ["a"]}],
            id="trap 30: several addresses of one host are several entries",
        ),
        pytest.param(
            "['a:host-gateway']", None, id="trap 30: the machine has no address for a pod"
        ),
    ],
)
def test_extra_hosts(walk: Walk, hosts: str, expected: list[object] | None) -> None:
    walked = walk(web(f"extra_hosts: {hosts}"))
    assert walked.at("pod web", "hostAliases") == expected
    assert ("host-entry-left-out" in walked.rules) == (expected is None)


def test_the_dns_of_the_cluster_stays(walk: Walk) -> None:
    """Trap 30: dnsPolicy None with other servers would lose the names of all peers."""
    walked = walk(web("dns: 10.0.0.53", "dns_search: corp.example", "dns_opt: ['ndots:2', rotate]"))
    assert walked.at("pod web", "dnsPolicy") is None
    assert walked.at("pod web", "dnsConfig") == {
        "nameservers": ["10.0.0.53"],
        "searches": ["corp.example"],
        "options": [{"name": "ndots", "value": "2"}, {"name": "rotate"}],
    }


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        pytest.param(
            "linux/arm64/v8",
            {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"},
            id="trap 30: a variant is no property of a node",
        ),
        pytest.param(
            "linux/x86_64",
            {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"},
            id="trap 30: nodes have one name for an architecture",
        ),
        pytest.param("linux", {"kubernetes.io/os": "linux"}, id="trap 30: a system alone"),
    ],
)
def test_platforms(walk: Walk, platform: str, expected: dict[str, str]) -> None:
    assert walk(web(f"platform: {platform}")).at("pod web", "nodeSelector") == expected


@pytest.mark.parametrize(
    ("label", "is_label"),
    [
        pytest.param("team: payments", True, id="trap 30: a word is a label"),
        pytest.param("about: 'takes payments'", False, id="trap 30: a value with a space is not"),
        pytest.param("rule: 'Host(`a.b`)'", False, id="trap 30: nor is one with backquotes"),
        pytest.param("long: '" + "x" * 64 + "'", False, id="trap 30: nor is one of 64 letters"),
    ],
)
def test_labels(walk: Walk, label: str, is_label: bool) -> None:
    walked = walk(web(f"labels: {{{label}}}"))
    key = label.partition(":")[0]
    template = "spec.template.metadata"
    assert (walked.at("Deployment web", f"{template}.labels.{key}") is not None) is is_label
    assert (walked.at("Deployment web", f"{template}.annotations.{key}") is None) is is_label


def test_logging_is_dropped_with_a_reason(walk: Walk) -> None:
    walked = walk(web("logging: {driver: syslog, options: {tag: x}}"))
    assert walked.fate("services.web.logging") == "dropped"
    assert "agent" in walked.reason("services.web.logging")
