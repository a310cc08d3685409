"""The helper by which statements of acceptance look at a system sees what the kubelet would."""

import pytest
from tests.acceptance import systems


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        pytest.param("a$(B)c", "abc", id="a-reference-is-replaced"),
        pytest.param("$(C)", "$(C)", id="a-name-without-a-value-stays"),
        pytest.param("$$(B)", "$(B)", id="a-doubled-dollar-is-one"),
        pytest.param("pa$s", "pa$s", id="a-dollar-alone-stays"),
        pytest.param("$(B", "$(B", id="an-open-bracket-stays"),
    ],
)
def test_values_are_expanded_as_the_kubelet_does(value: str, seen: str) -> None:
    assert systems.expanded(value, {"B": "b"}) == seen


def test_single_variables_win_over_imported_ones() -> None:
    container = {
        "envFrom": [{"configMapRef": {"name": "plain"}}, {"secretRef": {"name": "hidden"}}],
        "env": [
            {"name": "A", "value": "own"},
            {"name": "C", "valueFrom": {"secretKeyRef": {"name": "hidden", "key": "k"}}},
        ],
    }
    config_maps = {"plain": {"data": {"A": "shared", "B": "shared"}}}
    secrets = {"hidden": {"stringData": {"k": "secret"}}}
    assert systems.environment(container, config_maps, secrets) == {
        "A": "own",
        "B": "shared",
        "C": "secret",
        "k": "secret",
    }


@pytest.mark.corpus
@pytest.mark.parametrize("name", systems.SYSTEMS)
def test_every_value_of_every_system_is_accounted_for(name: str) -> None:
    for made in systems.converted(name).values():
        assert made.unaccounted() == []
        assert made.leaves() > 0
