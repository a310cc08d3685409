"""The forms for machines."""

import json

from mooring.findings import Finding, Fix, Safety, Severity
from mooring.refs import ObjectRef
from mooring.report import json as report_json
from mooring.report.explanation import Explanation
from mooring.sources import Position


def test_a_finding_about_an_object() -> None:
    finding = Finding(
        rule="no-limit",
        severity=Severity.WARNING,
        message="has no limit",
        remedy="set one",
        ref=ObjectRef("apps/v1", "Deployment", "web", "shop"),
        position=Position("compose.yaml", 3, 5),
        field="spec.template",
        fix=Fix(description="add it", safety=Safety.SAFE, patch=({"op": "add"},)),
    )
    assert json.loads(report_json.findings([finding])) == {
        "findings": [
            {
                "rule": "no-limit",
                "severity": "warning",
                "confidence": "high",
                "subject": {
                    "apiVersion": "apps/v1",
                    "kind": "Deployment",
                    "namespace": "shop",
                    "name": "web",
                },
                "field": "spec.template",
                "position": {"file": "compose.yaml", "line": 3, "column": 5},
                "message": "has no limit",
                "remedy": "set one",
                "fix": {"description": "add it", "safety": "safe", "patch": [{"op": "add"}]},
            }
        ]
    }


def test_what_is_not_known_is_null() -> None:
    finding = Finding(rule="x", severity=Severity.INFO, message="m", position=Position("a.yaml"))
    (found,) = json.loads(report_json.findings([finding]))["findings"]
    assert found["position"] == {"file": "a.yaml", "line": None, "column": None}
    assert found["subject"] is None
    assert found["fix"] is None


def test_an_explanation_accounts_for_every_value(explained: Explanation) -> None:
    document = json.loads(report_json.explanation(explained))
    (db,) = document["services"]
    assert document["counts"] == {
        "carried": 2,
        "approximated": 1,
        "dropped": 2,
        "refused": 0,
        "unaccounted": 1,
    }
    assert [value["path"] for value in db["values"]] == [
        "image",
        "ulimits.nofile.soft",
        "ulimits.nofile.hard",
        "healthcheck.interval",
    ]
    assert db["values"][0] == {
        "path": "image",
        "outcome": "carried",
        "position": None,
        "to": "StatefulSet.image",
    }
    assert document["questions"][0]["position"]["line"] == 7
    assert document["inactive"] == ["debug"]


def test_documents_end_with_a_line_break(explained: Explanation) -> None:
    assert report_json.findings([]).endswith("}\n")
    assert report_json.explanation(explained).endswith("}\n")
