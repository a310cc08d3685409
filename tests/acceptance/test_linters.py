"""
Other linters find nothing critical in what real stacks become.

Two things alone are excepted, both on the page `docs/decisions/peer-linters.md`: at most five
rules, and what a decision of the conversion says of one service.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.acceptance import house_list, peer_rules
from tests.acceptance.conftest import AnsweredStacks
from tests.integration import stacks
from tests.support.kubescore import Critical

from mooring import pipeline
from mooring.kube import emitter, manifest

STACKS = [*stacks.corpus(), *stacks.examples()]
IGNORED = {rule for row in peer_rules.ignored() for rule in row.rules}
each_stack = pytest.mark.parametrize("stack", stacks.parameters(STACKS))


def built(result: pipeline.EnvironmentResult, folder: Path) -> Path:
    """Return a file with the objects of an environment."""
    path = folder / f"{result.environment.name}.yaml"
    path.write_text(emitter.emit_all(map(manifest.revealed, result.objects)), encoding="utf-8")
    return path


def counted(found: Sequence[Critical], made: pipeline.EnvironmentResult) -> list[Critical]:
    """Return what counts of what kube-score found."""
    return [
        one
        for one in found
        if not IGNORED & {one.check, f"{one.check}: {one.summary}"}
        and peer_rules.exception(one.check, one.subject, one.path, made) is None
        and not _selects_one_pod(one, made)
        and not _is_asked_for_nobody(one, made)
    ]


def _selects_one_pod(critical: Critical, made: pipeline.EnvironmentResult) -> bool:
    """Tell whether a Service without pods has one, by the label that its StatefulSet gives it."""
    if critical.check != "service-targets-pod":
        return False
    objects = [manifest.manifest(item) for item in made.objects]
    tree = house_list.Tree(objects)
    name = critical.subject.partition("/")[2]
    (service,) = [one for one in tree.of("Service") if one["metadata"]["name"] == name]
    selector = service["spec"]["selector"]
    return house_list.POD_NAME in selector and bool(tree.selected(selector))


def _is_asked_for_nobody(critical: Critical, made: pipeline.EnvironmentResult) -> bool:
    """Tell whether a probe is missed for a Service without a selector, which leads to no pod."""
    if critical.check != "pod-probes":
        return False
    objects = [manifest.manifest(item) for item in made.objects]
    services = [one["spec"] for one in objects if one["kind"] == "Service"]
    kind, _, name = critical.subject.partition("/")
    (labels,) = [
        one["spec"]["template"]["metadata"]["labels"]
        for one in objects
        if one["kind"] == kind and one["metadata"]["name"] == name
    ]
    selectors = [spec["selector"] for spec in services if spec.get("selector")]
    return len(selectors) < len(services) and not any(
        selector.items() <= labels.items() for selector in selectors
    )


@pytest.mark.real
@pytest.mark.corpus
@each_stack
def test_kube_score_finds_nothing_critical(
    stack: stacks.Stack,
    tmp_path: Path,
    answered_stacks: AnsweredStacks,
    kube_score: Callable[[Path], Sequence[Critical]],
) -> None:
    production = answered_stacks(stack).production
    assert counted(kube_score(built(production, tmp_path)), production) == []


@pytest.mark.corpus
@each_stack
def test_the_checks_of_kube_linter_find_nothing(
    stack: stacks.Stack, answered_stacks: AnsweredStacks
) -> None:
    production = answered_stacks(stack).production
    found = house_list.faults([manifest.revealed(item) for item in production.objects])
    assert [
        fault
        for fault in found
        if fault.check not in IGNORED
        and peer_rules.exception(fault.check, fault.subject, _container(fault), production) is None
    ] == []


def _container(fault: house_list.Fault) -> str:
    found = re.match(r"container (\S+) ", fault.message)
    return found[1] if found else ""


def test_at_most_five_rules_are_not_followed() -> None:
    assert 0 < len(peer_rules.ignored()) <= 5


@pytest.mark.parametrize(
    "row", [one for one in peer_rules.ignored() if one.kube_linter], ids=lambda row: row.about
)
def test_no_rule_is_ignored_without_need(
    row: peer_rules.Row, answered_stacks: AnsweredStacks
) -> None:
    """Our example alone needs each of those that KubeLinter has, too."""
    (coffee,) = stacks.examples()
    objects = [manifest.revealed(item) for item in answered_stacks(coffee).production.objects]
    assert {fault.check for fault in house_list.faults(objects)} & set(row.kube_linter)


@pytest.mark.real
def test_no_rule_of_kube_score_is_ignored_without_need(
    tmp_path: Path,
    answered_stacks: AnsweredStacks,
    kube_score: Callable[[Path], Sequence[Critical]],
) -> None:
    (coffee,) = stacks.examples()
    found = kube_score(built(answered_stacks(coffee).production, tmp_path))
    said = {rule for one in found for rule in (one.check, f"{one.check}: {one.summary}")}
    needed = {rule for row in peer_rules.ignored() for rule in row.kube_score}
    assert needed <= said


@pytest.mark.real
def test_a_critical_finding_is_seen(
    tmp_path: Path, kube_score: Callable[[Path], Sequence[Critical]]
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  selector:\n    app: nobody\n"
    )
    assert [one.check for one in kube_score(path)] == ["service-targets-pod"]
