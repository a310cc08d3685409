"""A judgement in every form: well formed, whole, and without signs that mean more there."""

import json
from xml.etree import ElementTree

import pytest

from mooring.check.engine import Judgement
from mooring.findings import Finding, Fix, Safety, Severity
from mooring.refs import ObjectRef
from mooring.report import judgement
from mooring.sources import Position

NASTY = 'a "b" <c> & d|e *f* ::g\nh % `i`'
FOUND = (
    Finding(
        rule="image-without-version",
        severity=Severity.ERROR,
        message=NASTY,
        remedy="do, this: now",
        position=Position("dir/a b.yaml", 3, 5),
        ref=ObjectRef("apps/v1", "Deployment", "web", "shop"),
        field="spec.x",
        fix=Fix(description="mend", safety=Safety.SAFE, patch=({"op": "remove", "path": "/a"},)),
    ),
    Finding(rule="no-page", severity=Severity.WARNING, message="plain"),
    Finding(rule="no-page", severity=Severity.INFO, message="plain"),
)
JUDGED = Judgement(findings=FOUND, objects=4, rules=2, hidden=3)
NOTHING = Judgement(findings=(), objects=1, rules=2)


@pytest.mark.parametrize("form", judgement.FORMS)
@pytest.mark.parametrize("judged", [JUDGED, NOTHING], ids=["some", "nothing"])
def test_every_form_is_made_and_is_the_same_again(form: str, judged: Judgement) -> None:
    assert judgement.told(judged, form) == judgement.told(judged, form)


def test_text_sums_up_and_says_what_is_not_shown() -> None:
    last = judgement.told(JUDGED, "text").splitlines()[-1]
    assert last == (
        "1 error, 1 warning, 1 info (4 objects, 2 rules); 1 to be mended by --fix; "
        "3 more with --level all"
    )
    assert judgement.told(NOTHING, "text") == "nothing found (1 object, 2 rules)"


def test_what_is_said_of_many_in_the_same_words_is_said_once() -> None:
    found = [
        Finding(rule="r", severity=Severity.ERROR, message=f"services.{name}.image: which one?")
        for name in ("web", "api")
    ]
    judged = Judgement(
        findings=(*found, _about("db", "which"), _about("mq", "what")), objects=4, rules=1
    )
    assert judgement.told(judged, "text").splitlines()[:4] == [
        "error: services.web.image: which one? [r]",
        "  also: services.api.image",
        "  also: Deployment/db: which",
        "  also: Deployment/mq: what",
    ]


def _about(name: str, message: str) -> Finding:
    ref = ObjectRef("apps/v1", "Deployment", name)
    return Finding(rule="r", severity=Severity.ERROR, message=message, ref=ref)


def test_json_has_what_machines_ask_for() -> None:
    said = json.loads(judgement.told(JUDGED, "json"))
    assert said["version"] == 1
    first = said["findings"][0]
    assert first["subject"] == {
        "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web",
    }  # fmt: skip
    assert first["fix"]["patch"] == [{"op": "remove", "path": "/a"}]


def test_sarif_has_rules_levels_places_and_fingerprints() -> None:
    (run,) = json.loads(judgement.told(JUDGED, "sarif"))["runs"]
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert rules == ["image-without-version", "no-page"]
    first, second, third = run["results"]
    assert [one["level"] for one in run["results"]] == ["error", "warning", "note"]
    assert rules[first["ruleIndex"]] == first["ruleId"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "dir/a%20b.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 5}
    assert "locations" not in second
    fingerprints = [one["partialFingerprints"]["mooring/v1"] for one in run["results"]]
    assert fingerprints[0] != fingerprints[1] == fingerprints[2]
    assert third["ruleId"] == "no-page"


def test_junit_counts_failures_and_one_case_that_passed() -> None:
    root = ElementTree.fromstring(judgement.told(JUDGED, "junit"))
    suite = root[0]
    assert (suite.get("tests"), suite.get("failures")) == ("4", "2")
    assert len(suite.findall("testcase")) == 4
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert 'a "b" <c> & d|e' in (failure.text or "")


def test_github_commands_are_one_line_each() -> None:
    lines = judgement.told(JUDGED, "github").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(
        "::error file=dir/a b.yaml,line=3,col=5,title=image-without-version::Deployment/shop/web: "
    )
    assert "%0Ah %25" in lines[0]


def test_gitlab_fingerprints_are_unique() -> None:
    issues = json.loads(judgement.told(JUDGED, "gitlab"))
    assert len({one["fingerprint"] for one in issues}) == 3
    assert issues[0]["location"] == {"path": "dir/a b.yaml", "lines": {"begin": 3}}


def test_markdown_and_html_take_texts_for_texts() -> None:
    markdown = judgement.told(JUDGED, "markdown")
    assert "d\\|e \\*f\\*" in markdown
    assert "&lt;c>" in markdown
    assert "&lt;c&gt; &amp; d|e" in judgement.told(JUDGED, "html")
