"""Each fault that is put into a healthy stack is found, by its rule and by no other."""

import importlib
import shutil
from pathlib import Path

import pytest
from tests.acceptance import answers
from tests.check.mutations import harness
from tests.check.mutations.harness import MUTATIONS, Manifest, Mutation, Stack

from mooring.check import catalogue
from mooring.check.selection import Profile
from mooring.compose.discovery import LoadRequest
from mooring.findings import Finding
from mooring.kube import manifest

COFFEE = Path(__file__).parents[3] / "examples" / "coffee"

for file in sorted(Path(__file__).parent.glob("*.py")):
    if file.stem not in ("harness", "test_mutations"):
        importlib.import_module(f"tests.check.mutations.{file.stem}")


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Manifest], str]:
    """The example in production, of which every question is answered."""
    folder = tmp_path_factory.mktemp("healthy") / "coffee"
    shutil.copytree(COFFEE, folder)
    done = answers.answered(LoadRequest(directory=str(folder))).production
    return [dict(manifest.revealed(one)) for one in done.objects], done.namespace


@pytest.fixture(scope="session")
def before(healthy: tuple[list[Manifest], str]) -> list[Finding]:
    """What is found in the healthy stack."""
    return harness.found(*healthy)


def test_nothing_is_found_in_the_healthy_stack(before: list[Finding]) -> None:
    assert not [f"{one.rule}: {one.ref}: {one.message}" for one in before]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.id)
def test_a_fault_is_found_by_its_rule_and_by_no_other(
    mutation: Mutation, healthy: tuple[list[Manifest], str], before: list[Finding]
) -> None:
    manifests, namespace = healthy
    stack = Stack(manifests)
    mutation.change(stack)
    assert stack.cluster or stack.manifests != manifests, "the mutation changed nothing"
    strict = harness.found(stack.manifests, namespace, Profile.STRICT, stack.cluster)
    assert mutation.rule in {one.rule for one in strict}, [one.rule for one in strict]
    shown = harness.found(stack.manifests, namespace, cluster=stack.cluster)
    after = list(harness.new(before, shown))
    rules = {one.rule for one in after}
    others = rules - {mutation.rule} - mutation.also
    assert not [f"{one.rule}: {one.message}" for one in after if one.rule in others]


def test_every_mutation_names_a_rule() -> None:
    assert {one.rule for one in MUTATIONS} <= set(catalogue.names())
