"""What every rule owes: a page, a remedy, cases that pass and fail, a trap it avoids."""

import re
from collections import Counter

import pytest
from tests.check.cases import RULES, Case, cases

from mooring.check import catalogue, engine, repair
from mooring.check.bundle import Bundle
from mooring.check.selection import Profile, Selection
from mooring.findings import Safety, Severity

NAMES = catalogue.names()
CASES = cases()
GROUPS = {
    "api", "autoscaling", "compose", "configuration", "databases", "disruption", "helm", "images",
    "ingress", "jobs", "known-images", "network-policy", "pod-security", "probes", "rbac",
    "resources", "secrets", "services", "storage", "workloads",
}  # fmt: skip
SECTIONS = ("## What it does", "## Why it matters", "## Example", "## References")


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_named_for_its_module_and_stands_in_a_chapter(name: str) -> None:
    rule = catalogue.check(name).rule
    assert rule.id == name
    assert rule.group in GROUPS


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_a_page_with_all_its_sections_and_a_source(name: str) -> None:
    page = catalogue.check(name).page
    for section in SECTIONS:
        assert section in page
    assert re.search(r"^- https?://", page, re.MULTILINE)
    assert page.splitlines()[0].endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_cases_that_pass_that_fail_and_that_look_alike(name: str) -> None:
    stems = {path.stem for path in (RULES / name).glob("*.yaml")}
    assert any(stem.startswith("pass") for stem in stems)
    assert any(stem.startswith("fail") for stem in stems)
    assert any(stem.startswith("trap") for stem in stems), "no false positive to avoid"


def test_every_folder_of_cases_is_that_of_a_rule() -> None:
    assert {case.rule for case in CASES} <= set(NAMES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_rule_finds_what_its_case_says_and_nothing_else(case: Case) -> None:
    found = list(catalogue.check(case.rule).look(case.bundle()))
    expected = case.finds
    if not expected:
        # What may be right is at most a doubt, which nobody sees who does not ask for it.
        found = [one for one in found if Selection().shows(one)]
    assert sorted((str(one.ref or ""), one.field or "") for one in found) == expected
    assert bool(expected) == case.path.stem.startswith("fail")
    for one in found:
        assert one.remedy
        assert one.rule == case.rule


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_no_other_rule_reports_an_error_of_a_case(case: Case) -> None:
    others = [one for one in catalogue.checks() if one.rule.id != case.rule]
    judged = engine.judge(case.bundle(), others, Selection(profile=Profile.ALL))
    errors = {one.rule: one.message for one in judged.findings if one.severity is Severity.ERROR}
    assert not {rule: told for rule, told in errors.items() if rule not in case.also}
    assert not judged.broken


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_finding_stands_at_a_line_of_the_case(case: Case) -> None:
    judged = engine.judge(
        case.bundle(), [catalogue.check(case.rule)], Selection(select=frozenset({case.rule}))
    )
    for one in judged.findings:
        assert one.position is not None
        assert one.position.line > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_safe_fix_removes_its_finding_and_adds_none(case: Case) -> None:
    bundle = case.bundle()
    found = list(catalogue.check(case.rule).look(bundle))
    safe = [one for one in found if one.fix is not None and one.fix.safety is Safety.SAFE]
    if not safe:
        return
    done = repair.repaired([bundle], safe, {case.path.name: case.path.read_bytes()})
    assert not done.refused
    before = _told(bundle)
    after = _told(case.bundle(done.contents[case.path.name]))
    assert len(list(catalogue.check(case.rule).look(bundle))) - len(safe) == after[case.rule]
    assert not after - before


def _told(bundle: Bundle) -> Counter[str]:
    """Return how many findings each rule has."""
    judged = engine.judge(bundle, catalogue.checks(), Selection(profile=Profile.ALL))
    return Counter(one.rule for one in judged.findings)
