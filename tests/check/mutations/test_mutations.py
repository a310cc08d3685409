"""
Each fault that is put into a healthy stack is found, by its rule and by no other.

The example takes every fault.  Further stacks, of other kinds, take those that can be put into
them: each is found there as well, and nothing else.
"""

import importlib
from pathlib import Path

import pytest
from tests.check.mutations import harness
from tests.check.mutations.harness import MUTATIONS, Healthy, Mutation

from mooring.check import catalogue

COFFEE = Path(__file__).parents[3] / "examples" / "coffee"
HERE = Path(__file__).parent
STACKS = HERE / "stacks"

for file in sorted(HERE.glob("*.py")):
    if file.stem not in ("additions", "harness", "test_mutations"):
        importlib.import_module(f"tests.check.mutations.{file.stem}")

FURTHER = {
    "events": {"postgres": "mongo", "redis": "kafka", "coffee": "events"},
    "ledger": {"postgres": "mysql", "coffee": "ledger"},
}
"""Further stacks: what plays the parts that the example gives other names."""

LEAST_TAKEN = 100
"""So many faults must fit a further stack, or its parts are named wrongly."""


@pytest.fixture(scope="session")
def coffee(tmp_path_factory: pytest.TempPathFactory) -> Healthy:
    """The example in production, of which every question is answered."""
    return harness.healthy(COFFEE, tmp_path_factory.mktemp("healthy") / "coffee")


@pytest.fixture(scope="session")
def further(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Healthy]:
    """The further stacks in production."""
    folder = tmp_path_factory.mktemp("further")
    return {
        name: harness.healthy(STACKS / name, folder / name, roles)
        for name, roles in FURTHER.items()
    }


def test_nothing_is_found_in_the_healthy_stacks(
    coffee: Healthy, further: dict[str, Healthy]
) -> None:
    stacks = {"coffee": coffee, **further}
    assert not [
        f"{name}: {one.rule}: {one.ref}: {one.message}"
        for name, stack in stacks.items()
        for one in stack.before
        if harness.by_default.shows(one)
    ]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.id)
def test_a_fault_is_found_by_its_rule_and_by_no_other(mutation: Mutation, coffee: Healthy) -> None:
    outcome = mutation.outcome(coffee)
    assert outcome is not None, "the mutation changed nothing"
    assert outcome.is_found
    assert not outcome.others


@pytest.mark.long
@pytest.mark.parametrize("name", FURTHER)
def test_faults_are_found_in_a_stack_of_another_kind(
    name: str, further: dict[str, Healthy]
) -> None:
    outcomes = {one.id: one.outcome(further[name]) for one in MUTATIONS}
    taken = {each: outcome for each, outcome in outcomes.items() if outcome is not None}
    missed = [each for each, outcome in taken.items() if not outcome.is_found]
    assert len(taken) >= LEAST_TAKEN
    assert not {each: outcome.others for each, outcome in taken.items() if outcome.others}
    assert not missed


def test_every_rule_has_a_fault_that_it_finds() -> None:
    assert {one.rule for one in MUTATIONS} == set(catalogue.names())
