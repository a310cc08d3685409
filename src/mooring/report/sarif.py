"""
SARIF 2.1.0, which code hosts and editors show beside the lines.

Each result has a fingerprint that outlives changes elsewhere in the file, and a fix where the rule
has a safe one.  Results of objects that no file holds point to the Compose line they were made of.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from collections.abc import Callable, Sequence
from urllib.parse import quote

import msgspec

from mooring import __version__
from mooring.check import baseline
from mooring.check.catalogue import Check
from mooring.check.repair import Edit
from mooring.findings import Finding, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

PageOf = Callable[[str], Check | None]
"""Returns the rule of an id, None for what is told by no rule."""


def sarif(findings: Sequence[Finding], page_of: PageOf, edits: Sequence[Edit | None] = ()) -> str:
    """Return ``findings`` as one SARIF log; ``edits`` are what mends each of them, in order."""
    every = edits or [None] * len(findings)
    rules = sorted({finding.rule for finding in findings})
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "mooring",
                        "version": __version__,
                        "rules": [_rule(one, page_of(one)) for one in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(one, rules.index(one.rule), edit)
                    for one, edit in zip(findings, every, strict=True)
                ],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _rule(name: str, check: Check | None) -> dict[str, object]:
    if check is None:
        return {"id": name}
    summary, _, rest = check.page.partition("\n")
    return {
        "id": name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": rest.strip(), "markdown": rest.strip()},
        "defaultConfiguration": {"level": _LEVELS[check.rule.severity]},
        "properties": {
            "tags": [check.rule.group],
            "precision": {"high": "very-high", "medium": "medium", "low": "low"}[
                check.rule.confidence.value
            ],
        },
    }


def _result(finding: Finding, index: int, edit: Edit | None) -> dict[str, object]:
    subject = f"{finding.ref}: " if finding.ref is not None else ""
    remedy = f"\n{finding.remedy}" if finding.remedy else ""
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{subject}{finding.message}{remedy}"},
        "partialFingerprints": {"mooring/v1": baseline.fingerprint(finding)},
    }
    location: dict[str, object] = {}
    if finding.position is not None:
        region: dict[str, int] = {"startLine": max(1, finding.position.line)}
        if finding.position.column:
            region["startColumn"] = finding.position.column
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(finding.position.file)},
            "region": region,
        }
    if finding.ref is not None:
        logical = {"fullyQualifiedName": str(finding.ref), "kind": "object"}
        location["logicalLocations"] = [logical]
    if location:
        result["locations"] = [location]
    if edit is not None and finding.fix is not None:
        result["fixes"] = [
            {
                "description": {"text": finding.fix.description},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": quote(edit.file)},
                        "replacements": [_replacement(edit)],
                    }
                ],
            }
        ]
    return result


def _replacement(edit: Edit) -> dict[str, object]:
    """Return the replacement of whole lines: from the start of one to the start of another."""
    region = {
        "startLine": edit.first,
        "startColumn": 1,
        "endLine": max(edit.last + 1, edit.first),
        "endColumn": 1,
    }
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}
