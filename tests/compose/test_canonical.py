"""Long forms of a whole model."""

import pytest
from tests.compose.documents import at, model, service, shown

from mooring.compose import canonical
from mooring.compose.nodes import Plain, plain
from mooring.errors import InputErrors

_STARTED = {"condition": "service_started", "required": True}


@pytest.mark.parametrize(
    ("attributes", "long"),
    [
        pytest.param("build: ./app", {"build": {"context": "./app"}}, id="a-build-context"),
        pytest.param(
            "build: {args: [A=1], secrets: [s], ssh: [default, k=./key], sbom: true}",
            {
                "build": {
                    "args": ["A=1"],
                    "secrets": [{"source": "s"}],
                    "ssh": {"default": None, "k": "./key"},
                    "sbom": "true",
                }
            },
            id="inside-of-a-build",
        ),
        pytest.param(
            "build: {additional_contexts: [a=./b, c=d=e]}",
            {"build": {"additional_contexts": {"a": "./b", "c": "d=e"}}},
            id="additional-contexts",
        ),
        pytest.param("depends_on: [db]", {"depends_on": {"db": _STARTED}}, id="depends-on-names"),
        pytest.param(
            "depends_on: {db: {condition: service_healthy}}",
            {"depends_on": {"db": {"condition": "service_healthy", "required": True}}},
            id="what-is-depended-on-is-required",
        ),
        pytest.param(
            "networks: [a, b]", {"networks": {"a": None, "b": None}}, id="networks-by-name"
        ),
        pytest.param("models: [m]", {"models": {"m": None}}, id="models-by-name"),
        pytest.param(
            "env_file: a.env", {"env_file": [{"path": "a.env", "required": True}]}, id="an-env-file"
        ),
        pytest.param(
            "env_file: [a.env, {path: b.env, required: false}]",
            {
                "env_file": [
                    {"path": "a.env", "required": True},
                    {"path": "b.env", "required": False},
                ]
            },
            id="env-files",
        ),
        pytest.param(
            "secrets: [s, {source: t, target: u}]",
            {"secrets": [{"source": "s"}, {"source": "t", "target": "u"}]},
            id="secrets",
        ),
        pytest.param("configs: [c]", {"configs": [{"source": "c"}]}, id="configs"),
        pytest.param(
            "devices: ['/dev/a', '/dev/a:/dev/b:r']",
            {
                "devices": [
                    {"source": "/dev/a", "target": "/dev/a", "permissions": "rwm"},
                    {"source": "/dev/a", "target": "/dev/b", "permissions": "r"},
                ]
            },
            id="devices",
        ),
        pytest.param("gpus: all", {"gpus": [{"count": "all"}]}, id="all-gpus"),
        pytest.param("dns: 1.1.1.1", {"dns": ["1.1.1.1"]}, id="one-name-server"),
        pytest.param("dns: ['', 1.1.1.1]", {"dns": ["1.1.1.1"]}, id="an-empty-name-server-is-none"),
        pytest.param("label_file: a", {"label_file": ["a"]}, id="a-label-file"),
        pytest.param("extends: base", {"extends": {"service": "base"}}, id="extends"),
        pytest.param(
            "develop: {watch: [{path: a, action: sync, ignore: x}]}",
            {"develop": {"watch": [{"path": "a", "action": "sync", "ignore": ["x"]}]}},
            id="what-a-watch-ignores",
        ),
        pytest.param(
            "pre_start: [{env_file: a, networks: [n]}]",
            {
                "pre_start": [
                    {"env_file": [{"path": "a", "required": True}], "networks": {"n": None}}
                ]
            },
            id="inside-of-a-hook",
        ),
        pytest.param("command: echo hi", {"command": "echo hi"}, id="a-command-stays-for-merge"),
        pytest.param("environment: [A=1]", {"environment": ["A=1"]}, id="so-do-variables"),
        pytest.param("ports:", {"ports": None}, id="what-has-the-wrong-type-is-left-alone"),
    ],
)
def test_long_form(attributes: str, long: dict[str, Plain]) -> None:
    made = canonical.canonical(service(attributes))
    assert plain(at(made, "services", "web")) == long
    assert canonical.canonical(made) == made, "a long form is its own long form"


@pytest.mark.parametrize(
    ("text", "long"),
    [
        pytest.param(
            "volumes: {v: {external: {name: n}}}",
            {"volumes": {"v": {"external": True, "name": "n"}}},
            id="the-old-form-of-external",
        ),
        pytest.param(
            "networks: {n: {external: {name: a}, name: a}}",
            {"networks": {"n": {"external": True, "name": "a"}}},
            id="twice-the-same-name",
        ),
        pytest.param(
            "jobs: {j: {triggers: {schedule: ['@daily']}, ports: [80]}}",
            {
                "jobs": {
                    "j": {
                        "triggers": {"schedule": [{"cron": "@daily"}]},
                        "ports": [{"mode": "ingress", "target": 80, "protocol": "tcp"}],
                    }
                }
            },
            id="jobs",
        ),
    ],
)
def test_long_form_outside_of_services(text: str, long: Plain) -> None:
    assert plain(canonical.canonical(model(text))) == long


def test_all_short_texts_that_cannot_be_read_are_told_at_once() -> None:
    root = model(
        """
        services:
          web: {ports: [a, '80'], devices: ['a:b:c:d']}
          db: {build: {ssh: [key]}}
        networks: {n: {external: {name: a}, name: b}}
        """
    )
    with pytest.raises(InputErrors) as raised:
        canonical.canonical(root)
    assert [text.partition("\n")[0] for text in shown(raised.value)] == [
        'compose.yaml:3:17: services.web.ports: port "a" has the container port "a", '
        "which is no number",
        'compose.yaml:3:37: services.web.devices: device "a:b:c:d" has too many colons',
        'compose.yaml:4:22: services.db.build: ssh key "key" has no "="',
        'compose.yaml:5:33: networks.n: the names "b" and "a" (under external) contradict '
        "each other",
    ]


def test_positions_of_names_cut_out_of_a_list() -> None:
    made = canonical.canonical(service("depends_on: [db, cache]"))
    dependencies = at(made, "services", "web", "depends_on")
    assert str(dependencies.key_position("cache")) == "compose.yaml:3:22"  # type: ignore[union-attr]


def test_extensions_that_became_attributes() -> None:
    root = service("x-develop: {watch: [{path: a, action: sync, x-initialSync: true}]}")
    web = at(canonical.promote_aliases(root), "services", "web")
    assert plain(web) == {
        "develop": {"watch": [{"path": "a", "action": "sync", "initial_sync": True}]}
    }


def test_the_attribute_wins_over_the_extension_it_was() -> None:
    root = service("x-develop: {x-a: 1, x-b: 1}\ndevelop: {x-b: 2}")
    web = at(canonical.promote_aliases(root), "services", "web")
    assert plain(web) == {"develop": {"x-a": 1, "x-b": 2}}


def test_without_such_extensions_nothing_changes() -> None:
    root = service("image: x\ndevelop: {watch: [{path: a, action: rebuild}]}")
    assert canonical.promote_aliases(root) is root
