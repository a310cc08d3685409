"""How one model overrides another: values, positions, and what cannot be merged."""

import pytest

from mooring.compose import merge, resets
from mooring.compose.nodes import Mapping, Node, Path, Scalar, Sequence, plain
from mooring.compose.yaml_reader import read_documents
from mooring.errors import InputErrors
from mooring.sources import Position


def _model(text: str, file: str = "a.yaml") -> Mapping:
    (document,) = read_documents(text.encode(), file)
    assert isinstance(document.root, Mapping)
    return document.root


def _web(text: str, file: str = "a.yaml") -> Mapping:
    return _model(f"services: {{web: {{{text}}}}}", file)


def _at(node: Node, *path: str) -> Node:
    for name in path:
        assert isinstance(node, Mapping)
        node = node.entries[name]
    return node


def _merged_web(base: str, override: str) -> Node:
    return _at(merge.merge(_web(base), _web(override, "b.yaml")), "services", "web")


@pytest.mark.parametrize(
    ("base", "override", "merged"),
    [
        pytest.param("image: a", "image: b", {"image": "b"}, id="a-text-is-replaced"),
        pytest.param("image: a", "image: null", {"image": "a"}, id="null-changes-nothing"),
        pytest.param("image: null", "image: b", {"image": "b"}, id="null-is-replaced"),
        pytest.param(
            "cap_add: [A, B]",
            "cap_add: [B, C]",
            {"cap_add": ["A", "B", "C"]},
            id="lists-are-joined",
        ),
        pytest.param(
            "group_add: [1]",
            "group_add: ['1', true]",
            {"group_add": [1, "1", True]},
            id="entries-of-other-types-differ",
        ),
        pytest.param(
            "command: [a, b]", "command: [c]", {"command": ["c"]}, id="a-command-is-replaced"
        ),
        pytest.param(
            "command: [a]", "command: null", {"command": None}, id="null-replaces-a-command"
        ),
        pytest.param(
            "environment: {B: 1, A: true, N: null}",
            "environment: [A=x, C]",
            {"environment": ["A=x", "B=1", "N", "C"]},
            id="environment-is-merged-by-name",
        ),
        pytest.param(
            "labels: {a: 1.5, b: 1e9}",
            "labels: {}",
            {"labels": ["a=1.5", "b=1e+09"]},
            id="numbers-become-the-texts-of-go",
        ),
        pytest.param(
            "extra_hosts: {b: ['2', '1'], a: '3'}",
            "extra_hosts: ['c:4']",
            {"extra_hosts": ["a=3", "b=1", "b=2", "c:4"]},
            id="several-values-of-a-key-are-several-entries",
        ),
        pytest.param(
            "dns: 1.1.1.1",
            "dns: [2.2.2.2, 1.1.1.1]",
            {"dns": ["1.1.1.1", "2.2.2.2"]},
            id="a-text-is-a-list-of-one",
        ),
        pytest.param(
            "build: x",
            "build: {target: t}",
            {"build": {"context": "x", "target": "t"}},
            id="a-text-is-the-build-context",
        ),
        pytest.param(
            "depends_on: [a]",
            "depends_on: {a: {condition: service_healthy}, b: {condition: service_started}}",
            {
                "depends_on": {
                    "a": {"condition": "service_healthy", "required": True},
                    "b": {"condition": "service_started"},
                }
            },
            id="dependencies-are-merged-by-service",
        ),
        pytest.param(
            "networks: [a]",
            "networks: {b: {priority: 1}}",
            {"networks": {"a": None, "b": {"priority": 1}}},
            id="networks-are-merged-by-name",
        ),
        pytest.param(
            "networks: null", "networks: [b]", {"networks": {"b": None}}, id="no-networks-yet"
        ),
        pytest.param(
            "logging: {driver: a, options: {x: 1}}",
            "logging: {driver: b}",
            {"logging": {"driver": "b"}},
            id="another-log-driver-drops-the-options",
        ),
        pytest.param(
            "ulimits: {n: {soft: 1, hard: 2}}",
            "ulimits: {n: 5}",
            {"ulimits": {"n": 5}},
            id="a-limit-as-a-number-replaces-a-mapping",
        ),
        pytest.param(
            "deploy: {resources: {limits: {cpus: 1}}}",
            "deploy: {resources: {limits: {memory: 1g}}}",
            {"deploy": {"resources": {"limits": {"cpus": 1, "memory": "1g"}}}},
            id="mappings-merge-at-every-depth",
        ),
    ],
)
def test_a_service_over_another(base: str, override: str, merged: object) -> None:
    assert plain(_merged_web(base, override)) == merged


@pytest.mark.parametrize(
    ("base", "override", "subnets"),
    [
        pytest.param("[{subnet: a, gateway: g}]", "[{subnet: a}]", ["a"], id="same-subnet-merges"),
        pytest.param("[{subnet: a}]", "[{subnet: b}]", ["b"], id="a-base-pool-alone-is-left-out"),
        pytest.param(
            "[{subnet: a}]", "[{subnet: a}, {subnet: b}]", ["a", "b"], id="another-pool-is-added"
        ),
    ],
)
def test_address_pools(base: str, override: str, subnets: list[str]) -> None:
    models = [
        _model(f"networks: {{n: {{ipam: {{config: {pools}}}}}}}") for pools in (base, override)
    ]
    pools = _at(merge.merge(*models), "networks", "n", "ipam", "config")
    assert isinstance(pools, Sequence)
    assert [plain(_at(pool, "subnet")) for pool in pools.items] == subnets


@pytest.mark.parametrize(
    ("base", "override", "message"),
    [
        pytest.param(
            "cap_add: [A]",
            "cap_add: {A: B}",
            "b.yaml:1:27: services.web.cap_add: a mapping cannot override a list "
            "(said before at a.yaml:1:27)",
            id="a-mapping-over-a-list",
        ),
        pytest.param(
            "deploy: {mode: m}",
            "deploy: x",
            "a single value cannot override a mapping",
            id="a-text-over-a-mapping",
        ),
        pytest.param(
            "logging: {driver: a}",
            "logging: null",
            "nothing cannot override a mapping",
            id="null-over-logging",
        ),
        pytest.param(
            "environment: {A: a}",
            "environment: [[A]]",
            "an entry must be a text",
            id="a-list-within-environment",
        ),
        pytest.param("networks: [a]", "networks: [5]", "networks", id="a-number-among-names"),
        pytest.param("build: x", "build: [x]", "build", id="a-list-over-a-build"),
    ],
)
def test_what_cannot_be_merged(base: str, override: str, message: str) -> None:
    with pytest.raises(InputErrors) as raised:
        _merged_web(base, override)
    assert message in str(raised.value)
    assert raised.value.errors[0].position is not None


def test_all_conflicts_are_told_at_once() -> None:
    base = "cap_add: [A], deploy: {mode: m}, image: a"
    with pytest.raises(InputErrors) as raised:
        _merged_web(base, "cap_add: {A: B}, deploy: [x], image: b")
    assert len(raised.value.errors) == 2


def test_positions_are_those_of_the_text_that_won() -> None:
    base = _model("services:\n  web:\n    image: a\n    command: x\n    labels: {a: b}\n")
    override = _model("services:\n  web:\n    image: b\n    labels: [c=d]\n", "b.yaml")
    services = _at(merge.merge(base, override), "services")
    assert isinstance(services, Mapping)
    web = services.entries["web"]
    assert isinstance(web, Mapping)
    labels = web.entries["labels"]
    assert isinstance(labels, Sequence)
    assert services.key_position("web") == Position("a.yaml", 2, 3)
    assert web.key_position("image") == Position("b.yaml", 3, 5)
    assert web.entries["image"].position == Position("b.yaml", 3, 12)
    assert web.entries["command"].position == Position("a.yaml", 4, 14)
    assert [item.position for item in labels.items] == [
        Position("a.yaml", 5, 17),
        Position("b.yaml", 4, 14),
    ]


def test_variables_survive_a_change_of_form() -> None:
    value = Scalar("secret", Position("a.yaml", 1, 1), ("PASSWORD",))
    base = Mapping({"services": Mapping({"web": Mapping({"environment": Mapping({"P": value})})})})
    merged = merge.merge(base, _web("environment: [A=b]", "b.yaml"))
    entries = _at(merged, "services", "web", "environment")
    assert isinstance(entries, Sequence)
    assert entries.items[0] == Scalar("P=secret", Position("a.yaml", 1, 1), ("PASSWORD",))


def test_merging_leaves_both_models_as_they_are() -> None:
    base, override = _web("image: a, labels: {a: b}"), _web("image: b, labels: {c: d}")
    before = plain(base), plain(override)
    merge.merge(base, override)
    assert (plain(base), plain(override)) == before


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        pytest.param(
            [("services", "web", "image")],
            {"command": ["x"], "deploy": {"a": 1, "b": 2}},
            id="a-value",
        ),
        pytest.param(
            [("services", "web", "deploy", "a")],
            {"image": "i", "command": ["x"], "deploy": {"b": 2}},
            id="a-value-below",
        ),
        pytest.param(
            [("services", "web", "deploy", "a"), ("services", "web", "deploy")],
            {"image": "i", "command": ["x"]},
            id="a-place-and-one-below-it",
        ),
        pytest.param(
            [("services", "web", "deploy"), ("services", "web", "deploy", "a")],
            {"image": "i", "command": ["x"]},
            id="a-place-below-one-that-is-gone",
        ),
        pytest.param(
            [("services", "web", "command", 0)],
            {"image": "i", "command": ["x"], "deploy": {"a": 1, "b": 2}},
            id="an-entry-of-a-list-stays",
        ),
        pytest.param(
            [("services", "api", "image"), ()],
            {"image": "i", "command": ["x"], "deploy": {"a": 1, "b": 2}},
            id="what-is-not-there",
        ),
    ],
)
def test_resets_take_away(paths: list[Path], left: object) -> None:
    base = _web("image: i, command: [x], deploy: {a: 1, b: 2}")
    assert plain(_at(resets.without(base, paths), "services", "web")) == left
