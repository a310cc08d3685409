"""
The same for machines: findings, explanations and conversions as JSON.

Members are only ever added.  A position is `{"file", "line", "column"}`, a subject
`{"apiVersion", "kind", "namespace", "name"}`; what is not known is null or left out, never "".
"""

from collections.abc import Iterable

import msgspec

from mooring.check.catalogue import Check
from mooring.check.engine import Judgement
from mooring.decisions import Decision, OpenQuestion
from mooring.findings import Finding
from mooring.refs import ObjectRef
from mooring.report import totals
from mooring.report.conversion import Conversion
from mooring.report.explanation import Explanation, Other, Part
from mooring.sources import Position


def findings(found: Iterable[Finding]) -> str:
    """Return a document with ``found`` in a list under "findings"."""
    return _document({"findings": [_finding(finding) for finding in found]})


def rule(check: Check) -> str:
    """Return a document with what there is to be said of a rule of `mooring check`."""
    return _document(
        {
            "rule": check.rule.id,
            "group": check.rule.group,
            "severity": check.rule.severity.value,
            "confidence": check.rule.confidence.value,
            "page": check.page,
        }
    )


def judgement(judged: Judgement) -> str:
    """Return a document with what was found, what is allowed, and what was looked at."""
    return _document(
        {
            "version": 1,
            "objects": judged.objects,
            "rules": judged.rules,
            "findings": [_finding(finding) for finding in judged.findings],
            "allowed": [_finding(finding) for finding in judged.allowed],
            "known": len(judged.known),
            "hidden": judged.hidden,
            "notLookedAt": list(judged.unseen),
            "brokenRules": [msgspec.structs.asdict(one) for one in judged.broken],
        }
    )


def explanation(explained: Explanation) -> str:
    """Return a document with the account of every single value, the carried ones too."""
    return _document(
        {
            "project": explained.project,
            "environment": explained.environment,
            "namespace": explained.namespace,
            "counts": msgspec.structs.asdict(explained.counts),
            "services": [{"name": part.name, **_part(part)} for part in explained.services],
            "beside": _part(explained.beside),
            "inactive": explained.inactive,
            **({"totals": totals.plain(explained.totals)} if explained.totals else {}),
            "graph": {
                "nodes": [msgspec.structs.asdict(node) for node in explained.graph.nodes],
                "edges": [msgspec.structs.asdict(edge) for edge in explained.graph.edges],
            },
            "environments": [_other(other) for other in explained.others],
            **({"room": totals.room_plain(explained.room)} if explained.room else {}),
            "questions": [_question(question) for question in explained.questions],
            "findings": [_finding(finding) for finding in explained.findings],
        }
    )


def conversion(done: Conversion) -> str:
    """Return a document with what was written, file by file, and what is open."""
    changes = done.changes
    return _document(
        {
            "output": done.output,
            "format": done.form,
            "environments": [msgspec.structs.asdict(each) for each in done.environments],
            "written": [change.path for change in changes.write],
            "removed": changes.remove,
            "unchanged": changes.unchanged,
            "kept": changes.kept,
            "left": changes.left,
            "differing": changes.differing,
            "notCarried": done.not_carried,
            "questions": [_question(question) for question in done.questions],
            "findings": [_finding(finding) for finding in done.findings],
        }
    )


def _document(content: dict[str, object]) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def _other(other: Other) -> dict[str, object]:
    return {
        "name": other.name,
        "totals": totals.plain(other.totals),
        **({"room": totals.room_plain(other.room)} if other.room else {}),
        "differences": {one.what: one.items for one in other.differences},
    }


def _part(part: Part) -> dict[str, object]:
    return {
        "position": _position(part.position),
        **({"is": part.summary} if part.summary else {}),
        **({"project": part.project} if part.project else {}),
        "becomes": [_ref(ref) for ref in part.becomes],
        "counts": msgspec.structs.asdict(part.counts),
        "decisions": [_decision(decision) for decision in part.decisions],
        "values": [
            {
                "path": fate.path,
                "outcome": fate.outcome,
                "position": _position(fate.position),
                **({"reason": fate.reason} if fate.reason else {}),
                **({"to": fate.to} if fate.to else {}),
            }
            for fate in part.fates
        ],
    }


def _decision(decision: Decision) -> dict[str, object]:
    return {
        "subject": decision.subject,
        "topic": decision.topic,
        "choice": decision.choice,
        "evidence": [
            {"statement": evidence.statement, "position": _position(evidence.position)}
            for evidence in decision.evidence
        ],
        "overrule": decision.overrule or None,
    }


def _question(question: OpenQuestion) -> dict[str, object]:
    return {
        "subject": question.subject,
        "question": question.question,
        "answer": question.answer,
        "position": _position(question.position),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "subject": _ref(finding.ref) if finding.ref else None,
        "field": finding.field,
        "position": _position(finding.position),
        "message": finding.message,
        "remedy": finding.remedy,
        "fix": msgspec.to_builtins(finding.fix),
    }


def _ref(ref: ObjectRef) -> dict[str, object]:
    return {
        "apiVersion": ref.api_version,
        "kind": ref.kind,
        "namespace": ref.namespace,
        "name": ref.name,
    }


def _position(position: Position | None) -> dict[str, object] | None:
    if position is None:
        return None
    return {
        "file": position.file,
        "line": position.line or None,
        "column": position.column or None,
    }
