"""Entries that are the same thing said twice."""

import pytest
from tests.compose.documents import at, model, service, shown, value

from mooring.compose import unicity
from mooring.compose.nodes import Path, Plain, plain
from mooring.errors import InputErrors


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        pytest.param("environment: [A=1, B=2, A=3]", ["A=3", "B=2"], id="variables-by-name"),
        pytest.param("ports: ['80:80', '81:81', '80:80']", ["80:80", "81:81"], id="ports"),
        pytest.param("volumes: ['one:/x', 'two:/x']", ["two:/x"], id="volumes-by-target"),
        pytest.param("devices: ['/a:/x', '/b:/x']", ["/b:/x"], id="devices-by-target"),
        pytest.param("env_file: [a, {path: a}]", [{"path": "a"}], id="env-files-by-path"),
        pytest.param(
            "secrets: [s, {source: t, target: /run/secrets/s}]",
            [{"source": "t", "target": "/run/secrets/s"}],
            id="secrets-by-target",
        ),
        pytest.param("configs: [c, {source: c}]", [{"source": "c"}], id="configs-by-target"),
        pytest.param("expose: [80, '80']", ["80"], id="exposed-ports"),
        pytest.param("cap_add: [A, A]", ["A"], id="capabilities"),
        pytest.param("security_opt: [a, a]", ["a", "a"], id="other-lists-stay-as-they-are"),
        pytest.param("command: [a, a]", ["a", "a"], id="so-do-commands"),
        pytest.param("environment: {A: 1}", {"A": 1}, id="so-do-mappings"),
    ],
)
def test_the_last_said_stands_at_the_place_of_the_first(attributes: str, kept: Plain) -> None:
    made = unicity.enforce(service(attributes))
    assert plain(at(made, "services", "web", attributes.partition(":")[0])) == kept


def test_below_names_of_the_user() -> None:
    made = unicity.enforce(service("networks: {n: {aliases: [a, b, a]}}\nbuild: {tags: [x, x]}"))
    assert plain(at(made, "services", "web")) == {
        "networks": {"n": {"aliases": ["a", "b"]}},
        "build": {"tags": ["x"]},
    }
    made = unicity.enforce(model("networks: {n: {labels: [a=1, a=2]}}"))
    assert plain(made) == {"networks": {"n": {"labels": ["a=2"]}}}


def test_without_doubles_nothing_is_copied() -> None:
    root = service("ports: [80, 81]\nenvironment: [A=1]")
    assert unicity.enforce(root) is root


def test_all_entries_without_identity_are_told_at_once() -> None:
    root = service("volumes: [{type: volume}]\nports: [{published: 80}]\ncap_add: [5]")
    with pytest.raises(InputErrors) as raised:
        unicity.enforce(root)
    assert [text.partition("\n")[0] for text in shown(raised.value)] == [
        "compose.yaml:3:15: services.web.volumes[0]: a volume has no target",
        "compose.yaml:4:13: services.web.ports[0]: a port has no target",
        "compose.yaml:5:15: services.web.cap_add[0]: an entry must be a text here",
    ]


@pytest.mark.parametrize(
    ("path", "entry", "identity"),
    [
        (("services", "web", "environment"), "A=1", "A"),
        (("services", "web", "networks", "n", "aliases"), "a", "a"),
        (("networks", "n", "labels"), "a=b", "a"),
        (("services", "web", "command"), "a", None),
        (("services", "web", "unknown", "deeper"), "a", None),
        (("jobs", "j", "environment"), "A=1", None),
    ],
)
def test_key(path: Path, entry: str, identity: str | None) -> None:
    assert unicity.key(path, value(entry)) == identity
