"""Values as Docker Compose prints them."""

import pytest
from tests.compose.documents import at, model, service, shown

from mooring.compose import typed
from mooring.compose.nodes import Plain, plain
from mooring.errors import InputErrors

_NOTHING: dict[str, Plain] = {"command": None, "entrypoint": None}


@pytest.mark.parametrize(
    ("attributes", "values"),
    [
        pytest.param("image: x", {"image": "x"}, id="a-text"),
        pytest.param("image: ''\ntty: false\ncap_add: []\nscale: 0", {"scale": 0}, id="empties"),
        pytest.param("command: echo 'a b'", {"command": ["echo", "a b"]}, id="a-command-line"),
        pytest.param("entrypoint: []", {"entrypoint": []}, id="no-entrypoint-at-all"),
        pytest.param("command: ''", {"command": []}, id="an-empty-command"),
        pytest.param("mem_limit: 512m", {"mem_limit": "536870912"}, id="a-size"),
        pytest.param("mem_limit: 1.5", {}, id="a-size-with-a-fraction-is-none"),
        pytest.param("stop_grace_period: 90s", {"stop_grace_period": "1m30s"}, id="a-duration"),
        pytest.param("cpus: 0.1", {"cpus": 0.1}, id="a-number"),
        pytest.param("cpu_shares: 1.9", {"cpu_shares": 1}, id="a-fraction-of-an-integer-goes"),
        pytest.param("init: false", {"init": False}, id="false-where-it-means-something"),
        pytest.param(
            "environment: {A: 1.0, B: true, C: null, D: 1e6}",
            {"environment": {"A": "1", "B": "true", "C": None, "D": "1e+06"}},
            id="variables-are-texts",
        ),
        pytest.param(
            "environment: [A=1, B, C=, A=2]",
            {"environment": {"A": "2", "B": None, "C": ""}},
            id="a-list-of-variables",
        ),
        pytest.param("labels: [a, b=c=d]", {"labels": {"a": "", "b": "c=d"}}, id="labels"),
        pytest.param(
            "extra_hosts: ['b:[::1]', 'a=1.1.1.1,2.2.2.2']",
            {"extra_hosts": ["a=1.1.1.1", "a=2.2.2.2", "b=::1"]},
            id="hosts-are-sorted",
        ),
        pytest.param(
            "extra_hosts: {a: [1.1.1.1, 2.2.2.2]}",
            {"extra_hosts": ["a=1.1.1.1", "a=2.2.2.2"]},
            id="hosts-of-a-mapping",
        ),
        pytest.param("group_add: [1000, a]", {"group_add": ["1000", "a"]}, id="numbers-as-texts"),
        pytest.param("expose: [80, 81.0]", {"expose": ["80", "81"]}, id="exposed-ports"),
        pytest.param(
            "ulimits: {a: 5, b: {soft: 0, hard: 2}, c: 0}",
            {"ulimits": {"a": 5, "b": {"hard": 2}, "c": {}}},
            id="limits",
        ),
        pytest.param(
            "networks: {a: null, b: {}, c: {priority: 1.5}}",
            {"networks": {"a": None, "b": {}, "c": {"priority": 1}}},
            id="networks-keep-null",
        ),
        pytest.param(
            "healthcheck: {test: curl x, interval: 1m, retries: 0, timeout: 0s}",
            {
                "healthcheck": {
                    "test": ["CMD-SHELL", "curl x"],
                    "interval": "1m0s",
                    "retries": 0,
                    "timeout": "0s",
                }
            },
            id="a-test-that-is-a-text-runs-in-a-shell",
        ),
        pytest.param(
            "secrets: [{source: s, mode: 0o440}, {source: t, mode: '0440'}, "
            "{source: u, mode: 440}]",
            {
                "secrets": [
                    {"source": "s", "mode": "0440"},
                    {"source": "t", "mode": "0440"},
                    {"source": "u", "mode": "0670"},
                ]
            },
            id="permission-bits-are-octal",
        ),
        pytest.param(
            "volumes: [{type: bind, bind: {create_host_path: true}}]",
            {"volumes": [{"type": "bind", "bind": {}}]},
            id="what-is-true-by-default-is-not-printed",
        ),
        pytest.param(
            "env_file: [{path: a, required: true}, {path: b, required: false}]",
            {"env_file": [{"path": "a"}, {"path": "b", "required": False}]},
            id="nor-that-an-env-file-is-required",
        ),
        pytest.param(
            "depends_on: {db: {condition: service_healthy, restart: false, required: true}}",
            {"depends_on": {"db": {"condition": "service_healthy", "required": True}}},
            id="but-that-a-dependency-is",
        ),
        pytest.param(
            "deploy: {replicas: 0, resources: {limits: {cpus: '0.5', memory: 1g}}}",
            {
                "deploy": {
                    "replicas": 0,
                    "placement": {},
                    "resources": {"limits": {"cpus": 0.5, "memory": "1073741824"}},
                }
            },
            id="deploy",
        ),
        pytest.param(
            "scale: 2\ndeploy: {}",
            {"scale": 2, "deploy": {"replicas": 2, "placement": {}, "resources": {}}},
            id="scale-is-replicas",
        ),
        pytest.param("deploy:", {}, id="null-is-nothing"),
        pytest.param(
            "gpus: [{count: all}, {count: '2'}]", {"gpus": [{"count": -1}, {"count": 2}]}, id="gpus"
        ),
        pytest.param(
            "build: {context: x, no_cache: 'yes', ssh: {default: null, k: /k}}",
            {"build": {"context": "x", "no_cache": True, "ssh": ["default", "k=/k"]}},
            id="build",
        ),
        pytest.param(
            "provider: {type: x, options: {a: 1, b: [c, true]}}",
            {"provider": {"type": "x", "options": {"a": ["1"], "b": ["c", "true"]}}},
            id="options-of-a-provider-are-lists",
        ),
        pytest.param(
            "post_start: [{user: u}]", {"post_start": [{"user": "u", "command": None}]}, id="hooks"
        ),
        pytest.param(
            "pre_start: [{volumes: [{type: bind, bind: {}}]}]",
            {
                "pre_start": [
                    {
                        **_NOTHING,
                        "volumes": [{"type": "bind", "bind": {"create_host_path": False}}],
                    }
                ]
            },
            id="a-bind-of-a-hook-creates-nothing",
        ),
    ],
)
def test_services(attributes: str, values: dict[str, Plain]) -> None:
    made = typed.typed(service(attributes))
    assert plain(at(made, "services", "web")) == {**_NOTHING, **values}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param(
            "networks: {n: {driver_opts: {a: 1}, enable_ipv6: false, internal: false}}",
            {"networks": {"n": {"driver_opts": {"a": "1"}, "enable_ipv6": False, "ipam": {}}}},
            id="a-network",
        ),
        pytest.param(
            "configs: {c: {environment: A, content: x}}",
            {"configs": {"c": {"environment": "A"}}},
            id="a-config-of-a-variable-does-not-show-its-value",
        ),
        pytest.param("volumes: {}", {}, id="no-volumes-at-all"),
        pytest.param(
            "jobs: {j: {triggers: {manual: 'false'}}}",
            {"jobs": {"j": {**_NOTHING, "triggers": {"manual": False}}}},
            id="a-job",
        ),
        pytest.param(
            "models: {m: {model: x, context_size: 0}}",
            {"models": {"m": {"model": "x"}}},
            id="model",
        ),
    ],
)
def test_resources(text: str, values: dict[str, Plain]) -> None:
    assert plain(typed.typed(model(text))) == {"services": {}, **values}


def test_all_values_that_cannot_be_read_are_told_at_once() -> None:
    root = service(
        """
        mem_limit: 5x
        stop_grace_period: 10
        command: echo 'a
        healthcheck: {interval: soon}
        environment: ['A =1']
        blkio_config: {weight: '5'}
        extra_hosts: [a]
        """
    )
    with pytest.raises(InputErrors) as raised:
        typed.typed(root)
    assert [text.partition("\n")[0] for text in shown(raised.value)] == [
        'compose.yaml:4:16: services.web.mem_limit: "5x" has the unknown unit "x"',
        'compose.yaml:5:24: services.web.stop_grace_period: "10" has no unit',
        "compose.yaml:6:14: services.web.command: the command has a quote or parenthesis that is "
        "not closed",
        'compose.yaml:7:29: services.web.healthcheck.interval: "soon" is no duration',
        'compose.yaml:8:19: services.web.environment: the variable "A " has a space at the end of '
        "its name",
        'compose.yaml:9:28: services.web.blkio_config.weight: "5" is not a number',
        'compose.yaml:10:19: services.web.extra_hosts: extra host "a" has no address',
    ]


def test_a_date_is_no_text() -> None:
    with pytest.raises(InputErrors) as raised:
        typed.typed(service("image: 2024-01-31"))
    (message,) = shown(raised.value)
    assert message.startswith("compose.yaml:3:12: services.web.image: ")


def test_extensions_are_left_out_unless_they_are_kept() -> None:
    root = service("x-a: 1\nimage: x\nlogging: {x-b: 1, driver: d}\nenvironment: {x-c: 1}")
    kept = plain(at(typed.typed(root, keep_extensions=True), "services", "web"))
    left = plain(at(typed.typed(root), "services", "web"))
    assert left == {
        **_NOTHING,
        "image": "x",
        "logging": {"driver": "d"},
        "environment": {"x-c": "1"},
    }
    assert isinstance(kept, dict)
    assert kept["x-a"] == 1
    assert kept["logging"] == {"x-b": 1, "driver": "d"}


def test_limits_of_devices_are_printed_with_capitals() -> None:
    root = service("blkio_config: {device_read_bps: [{path: /dev/a, rate: 1k}], weight: 5}")
    made = typed.typed(root)
    assert plain(at(made, "services", "web", "blkio_config")) == {
        "device_read_bps": [{"path": "/dev/a", "rate": "1024"}],
        "weight": 5,
    }
    assert plain(at(typed.printed(made), "services", "web", "blkio_config")) == {
        "device_read_bps": [{"Path": "/dev/a", "Rate": "1024"}],
        "weight": 5,
    }
