"""Whom services dial, and on which ports."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, rules, translation


@pytest.mark.parametrize(
    ("said", "ports"),
    [
        pytest.param("http://web:9090/x", [80, 9090], id="in-a-url"),
        pytest.param("WEB:9090", [80, 9090], id="without-regard-to-case"),
        pytest.param("a,web:9090,web:9091", [80, 9090, 9091], id="in-a-list"),
        pytest.param("web:80", [80], id="a-port-that-is-known"),
        pytest.param("web:443", [80, 443], id="a-usual-port-below-1024"),
        pytest.param("web:16", [80], id="rather-a-version"),
        pytest.param("web:1.2", [80], id="a-version"),
        pytest.param("web:9090.1", [80], id="no-port"),
        pytest.param("web:99999", [80], id="more-than-a-port-can-be"),
        pytest.param("web:9090:9091", [80], id="a-mapping-of-ports"),
        pytest.param("my-web:9090 web.x:9090 xweb:9090", [80], id="other-names"),
        pytest.param("shop-web-1:9090", [80, 9090], id="under-the-name-of-its-container"),
        pytest.param("box:9090", [80, 9090], id="under-the-name-that-was-given-to-it"),
        pytest.param("alias:9090", [80, 9090], id="under-an-alias"),
    ],
)
def test_ports_that_are_dialled(tmp_path: Path, said: str, ports: list[int]) -> None:
    made = translation(
        tmp_path,
        f"""
        services:
          web:
            image: a:1
            expose: [80]
            container_name: box
            networks: {{default: {{aliases: [alias]}}}}
          peer: {{image: "b:1", environment: {{SAID: "{said}"}}}}
        """,
    )
    assert [one.port for one in container(made, "web").endpoints] == ports
    assert bool(decided(made, "ports")) is (len(ports) > 1)


def test_who_declares_no_port_has_those_that_are_dialled(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          web: {image: "a:1"}
          peer: {image: "b:1", environment: {A: "web:9090"}}
        """,
    )
    assert [one.port for one in container(made, "web").endpoints] == [9090]
    assert decided(made, "ports") == {"services.web": "listens on 9090"}


def test_the_port_of_a_scheme_counts_where_nothing_else_is_known(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          web: {image: "a:1"}
          api: {image: "a:1", expose: [81]}
          peer: {image: "b:1", environment: {A: "http://web", B: "http://api"}}
        """,
    )
    assert [one.port for one in container(made, "web").endpoints] == [80]
    assert [one.port for one in container(made, "api").endpoints] == [81]


def test_a_port_of_the_machine_is_none_of_the_container(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          db: {image: "postgres:16", ports: ["5435:5432"]}
          peer: {image: "b:1", environment: {A: "db:5435"}}
        """,
    )
    assert [one.port for one in container(made, "db").endpoints] == [5432]


def test_a_port_of_a_neighbour_in_the_pod_is_known(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          web: {image: "a:1", expose: [80]}
          side: {image: "b:1", expose: [9090], network_mode: "service:web"}
          peer: {image: "c:1", environment: {A: "web:9090"}}
        """,
    )
    assert [one.port for one in container(made, "web").endpoints] == [80]
    assert decided(made, "ports") == {}


def test_a_name_of_another_service_is_that_service_s(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          web: {image: "a:1", expose: [80], hostname: db}
          db: {image: "b:1", expose: [81]}
          peer: {image: "c:1", environment: {A: "db:9090"}}
        """,
    )
    assert [one.port for one in container(made, "web").endpoints] == [80]
    assert [one.port for one in container(made, "db").endpoints] == [81, 9090]


@pytest.mark.parametrize(
    ("of_web", "said", "others", "renamed"),
    [
        pytest.param("container_name: box", "http://box", ("box",), None, id="a-container"),
        pytest.param("container_name: box", "boxes", (), None, id="a-longer-word"),
        pytest.param("container_name: my_box", "my_box:1024", ("my-box",), "my-box:1024",
                     id="a-container-that-cannot-keep-its-name"),
        pytest.param("hostname: box.example.com", "http://box", ("box",), None,
                     id="the-first-word-of-a-host"),
        pytest.param("hostname: box.example.com", "http://box.example.com", (), None,
                     id="a-whole-domain-is-the-world-s"),
        pytest.param("networks: {default: {aliases: [a, b]}}", "", ("a", "b"), None,
                     id="aliases-count-always"),
        pytest.param("networks: {default: {aliases: [my_api]}}", "http://my_api", ("my-api",),
                     "http://my-api", id="an-alias-that-cannot-stay"),
        pytest.param("networks: {default: {aliases: [peer]}}", "", (), None,
                     id="the-name-of-another-service"),
    ],
)  # fmt: skip
def test_further_names(
    tmp_path: Path, of_web: str, said: str, others: tuple[str, ...], renamed: str | None
) -> None:
    made = translation(
        tmp_path,
        f"""
        services:
          web:
            image: a:1
            {of_web}
          peer: {{image: "b:1", environment: {{SAID: "{said}"}}}}
        """,
    )
    assert part(made, "web").other_names == others
    (setting,) = container(made, "peer").settings
    assert setting.value == (renamed or said)


@pytest.mark.parametrize(
    ("name", "dialled", "taken", "told"),
    [
        pytest.param("tenant-one.my-stack", "http://tenant-one:4000/x", "api", [], id="of-a-stack"),
        pytest.param("box.local", "http://box:4000/x", "api", [], id="of-no-domain"),
        pytest.param("box.example.com", "http://box.example.com:4000/x", "api",
                     ["container-name-left-out"], id="it-may-be-a-domain-of-the-world"),
        pytest.param("box.xn--p1ai", "http://box.xn--p1ai:4000/x", "api",
                     ["container-name-left-out"], id="a-domain-in-letters-of-another-script"),
        pytest.param("box.my-stack", "http://box.my-stack:4000/x", "box",
                     ["container-name-left-out"], id="another-service-is-called-so"),
    ],
)  # fmt: skip
def test_a_container_name_with_dots(
    name: str, dialled: str, taken: str, told: list[str], tmp_path: Path
) -> None:
    made = translation(
        tmp_path,
        f"""
        services:
          web: {{image: "a:1", container_name: {name}, expose: [4000]}}
          {taken}: {{image: "b:1", environment: {{UPSTREAM: "http://{name}:4000/x"}}}}
        """,
    )
    (setting,) = container(made, taken).settings
    assert setting.value == dialled
    assert rules(made) == told
    assert part(made, "web").other_names == (() if told else (name.partition(".")[0],))


def test_a_container_name_that_no_service_can_have(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          web: {image: "a:1", container_name: my.box}
          peer: {image: "b:1", environment: {A: "http://my.box"}}
        """,
    )
    assert part(made, "web").other_names == ()
    assert rules(made) == ["container-name-left-out"]


def test_what_a_service_calls_itself_is_no_call(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        'services: {web: {image: "a:1", container_name: box, environment: {SELF: box}}}',
    )
    assert part(made, "web").other_names == ()


def test_names_of_a_service_in_the_pod_of_another_lead_to_the_pod(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          web: {image: "a:1"}
          side: {image: "b:1", network_mode: "service:web", container_name: box}
          peer: {image: "c:1", links: ["web:far"], environment: {A: "http://box"}}
        """,
    )
    assert sorted(part(made, "web").other_names) == ["box", "far", "side"]
