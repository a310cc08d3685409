"""Whatever rules find, the reports that other programs read have the form that these expect."""

import json
from collections.abc import Iterator
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from tests.check.cases import Case, cases
from tests.report import forms
from tests.report.test_judgement import JUDGED, NOTHING

from mooring.check import catalogue, engine, repair
from mooring.check.engine import Judgement
from mooring.check.selection import Profile, Selection
from mooring.findings import Severity
from mooring.report import judgement

SARIF = jsonschema_rs.validator_for(forms.SARIF, validate_formats=True)
GITLAB = jsonschema_rs.validator_for(forms.GITLAB)
FAULTY = [one for one in cases() if one.finds and not catalogue.check(one.rule).rule.opt_in]


def _judged(case: Case) -> tuple[Judgement, str]:
    """Return what all rules find in ``case``, and that as SARIF with its fixes."""
    bundle = case.bundle()
    judged = engine.judge(bundle, catalogue.checks(), Selection(profile=Profile.ALL))
    contents = {case.path.name: case.path.read_bytes()}
    edits = [repair.edit([bundle], one, contents) for one in judged.findings]
    return judged, judgement.told(judged, "sarif", edits=lambda: edits)


def _faults(log: str) -> Iterator[str]:
    said = json.loads(log)
    for error in SARIF.iter_errors(said):
        yield f"{list(error.instance_path)}: {error.message}"
    if SARIF.is_valid(said):
        yield from _contradictions(said["runs"][0])


def _contradictions(run: forms.Form) -> Iterator[str]:
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        named = rules[result["ruleIndex"]]["id"] if result["ruleIndex"] < len(rules) else None
        if named != result["ruleId"]:
            yield f"{result['ruleId']} has the index of another rule"
        for fix in result.get("fixes", ()):
            for change in fix["artifactChanges"]:
                for one in change["replacements"]:
                    region = one["deletedRegion"]
                    if region["endLine"] < region["startLine"]:
                        yield f"{result['ruleId']} takes out less than nothing"


@pytest.mark.parametrize("case", FAULTY[::6], ids=lambda case: case.id)
def test_what_is_found_is_told_in_the_form_of_each_program(case: Case) -> None:
    judged, log = _judged(case)
    assert judged.findings
    assert list(_faults(log)) == []
    issues = json.loads(judgement.told(judged, "gitlab"))
    assert [error.message for error in GITLAB.iter_errors(issues)] == []
    _hold_junit(judged)


@pytest.mark.parametrize("judged", [JUDGED, NOTHING], ids=["nasty", "nothing"])
def test_odd_texts_keep_the_form(judged: Judgement) -> None:
    assert list(_faults(judgement.told(judged, "sarif"))) == []
    issues = json.loads(judgement.told(judged, "gitlab"))
    assert [error.message for error in GITLAB.iter_errors(issues)] == []
    _hold_junit(judged)


def test_fixes_are_among_what_is_held() -> None:
    logs = (_judged(case)[1] for case in FAULTY if case.rule == "account-in-old-field")
    assert any('"fixes"' in log for log in logs)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        pytest.param('"2.1.0"', '"2.0"', id="another-version"),
        pytest.param('"startLine": 3', '"startLine": 0', id="a-line-that-is-none"),
        pytest.param('"level": "error"', '"level": "fatal"', id="a-level-that-is-none"),
        pytest.param('"ruleId"', '"rule"', id="a-property-that-is-none"),
        pytest.param("dir/a%20b.yaml", "dir/a b.yaml", id="an-address-that-is-none"),
        pytest.param('"ruleIndex": 0', '"ruleIndex": 1', id="another-rule"),
    ],
)
def test_a_report_of_another_form_would_be_seen(written: str, instead: str) -> None:
    log = judgement.told(JUDGED, "sarif")
    assert written in log
    assert list(_faults(log.replace(written, instead, 1)))


def _hold_junit(judged: Judgement) -> None:
    root = ElementTree.fromstring(judgement.told(judged, "junit"))
    assert root.tag == "testsuites"
    for element in root.iter():
        has, may_have, inside = forms.JUNIT[element.tag]
        assert has <= set(element.attrib) <= has | may_have
        assert {each.tag for each in element} <= inside
    told = [one for one in judged.findings if one.severity is not Severity.INFO]
    for suite in (root, root[0]):
        assert suite.get("tests") == str(len(root.findall(".//testcase")))
        assert suite.get("failures") == str(len(told)) == str(len(root.findall(".//failure")))
