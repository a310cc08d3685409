"""On which machines a service may run."""

import pytest
from tests.translate.support import complaints, fates, rules, service, unaccounted

from mooring.app.placement import Comparison, Placement, Requirement
from mooring.compose.nodes import Plain
from mooring.translate.attributes import placement


def placed(**parts: Plain) -> dict[str, Plain]:
    return {"deploy": {"placement": dict(parts)}}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param({}, Placement(), id="nothing-said"),
        pytest.param(placed(), Placement(), id="an-empty-mapping-asks-for-nothing"),
        pytest.param(
            {"platform": "linux/amd64"},
            Placement(operating_system="linux", architecture="amd64"),
            id="system-and-processor",
        ),
        pytest.param(
            {"platform": "linux/arm64/v8"},
            Placement(operating_system="linux", architecture="arm64"),
            id="a-variant-is-no-property-of-a-node",
        ),
        pytest.param(
            {"platform": "linux"}, Placement(operating_system="linux"), id="a-system-alone"
        ),
        pytest.param(
            {"platform": "x86_64"}, Placement(architecture="amd64"), id="a-processor-alone"
        ),
        pytest.param(
            {"platform": "windows/amd64"},
            Placement(operating_system="windows", architecture="amd64"),
            id="windows",
        ),
        pytest.param({"runtime": "runc"}, Placement(), id="the-runtime-that-every-node-has"),
        pytest.param(
            {"runtime": "io.containerd.wasmedge.v1"},
            Placement(runtime="io.containerd.wasmedge.v1"),
            id="another-runtime-by-the-name-it-has-here",
        ),
        pytest.param({"isolation": "default"}, Placement(), id="the-isolation-of-every-pod"),
        pytest.param(
            placed(max_replicas_per_node=1), Placement(most_per_machine=1), id="one-on-each-node"
        ),
        pytest.param(
            placed(constraints=["node.platform.arch==x86_64", "node.hostname != a"]),
            Placement(
                requirements=(
                    Requirement(
                        label="kubernetes.io/arch", comparison=Comparison.IS, value="amd64"
                    ),
                    Requirement(
                        label="kubernetes.io/hostname", comparison=Comparison.IS_NOT, value="a"
                    ),
                )
            ),
            id="properties-that-every-node-has",
        ),
        pytest.param(
            placed(preferences=[{"spread": "node.hostname"}]),
            Placement(spread_over=("kubernetes.io/hostname",)),
            id="spread-over-nodes",
        ),
    ],
)
def test_what_is_carried(attributes: dict[str, Plain], expected: Placement) -> None:
    view = service(attributes)
    translated = placement.translate(view)
    assert translated.value == expected
    assert set(fates(view, translated.notes).values()) <= {"carried"}
    assert rules(translated.notes) == []
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "expected", "rule"),
    [
        pytest.param(
            placed(constraints=["node.labels.disk == ssd"]),
            Placement(
                requirements=(Requirement(label="disk", comparison=Comparison.IS, value="ssd"),)
            ),
            "node-label-needed",
            id="a-label-of-a-node",
        ),
        pytest.param(
            placed(preferences=[{"spread": "node.labels.zone"}]),
            Placement(spread_over=("zone",)),
            "node-label-needed",
            id="spread-over-a-label",
        ),
    ],
)
def test_what_the_cluster_has_to_have_is_found(
    attributes: dict[str, Plain], expected: Placement, rule: str
) -> None:
    view = service(attributes)
    translated = placement.translate(view)
    assert translated.value == expected
    assert set(fates(view, translated.notes).values()) == {"carried"}
    assert rules(translated.notes) == [rule]
    assert complaints(translated.notes) == []


def test_a_label_that_must_be_absent_needs_nothing_on_the_nodes() -> None:
    translated = placement.translate(service(placed(constraints=["node.labels.gpu!=true"])))
    assert translated.value.requirements == (
        Requirement(label="gpu", comparison=Comparison.IS_NOT, value="true"),
    )
    assert rules(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "findings"),
    [
        pytest.param(placed(constraints=["node.role == manager"]), [], id="a-role-of-a-swarm"),
        pytest.param(placed(constraints=["node.id == 2ivku8v2gvtg4"]), [], id="an-id-of-a-swarm"),
        pytest.param(
            placed(constraints=["engine.labels.operatingsystem==ubuntu 22.04"]),
            [],
            id="a-label-of-an-engine",
        ),
        pytest.param(
            placed(constraints=["node.labels.disk == fast ones"]),
            [],
            id="a-value-that-no-label-can-have",
        ),
        pytest.param(
            placed(preferences=[{"spread": "engine.labels.x"}]), [], id="spread-over-engines"
        ),
        pytest.param(placed(max_replicas_per_node=3), [], id="several-on-each-node"),
        pytest.param({"platform": "wasi/wasm"}, ["platform-not-known"], id="no-system-of-a-node"),
        pytest.param(
            {"platform": "linux/z80"}, ["platform-not-known"], id="no-processor-of-a-node"
        ),
        pytest.param({"isolation": "hyperv"}, [], id="another-isolation"),
    ],
)
def test_what_is_dropped(attributes: dict[str, Plain], findings: list[str]) -> None:
    view = service(attributes)
    translated = placement.translate(view)
    assert set(fates(view, translated.notes).values()) == {"dropped"}
    assert translated.value.requirements == ()
    assert translated.value.operating_system is None
    assert rules(translated.notes) == findings
    assert complaints(translated.notes) == []


def test_extensions_below_placement_are_accounted_for() -> None:
    view = service(placed(**{"x-why": {"a": [1]}, "constraints": []}))
    assert unaccounted(view, placement.translate(view).notes) == []
