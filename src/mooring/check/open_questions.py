"""
Open questions as findings: what only the user can say, and staging and production wait for.

They are no rule: they arise while a project is translated, and an answer in mooring.yaml ends them.
"""

from collections.abc import Iterable, Iterator

from mooring.decisions import OpenQuestion
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="open-question", severity=Severity.ERROR, since="0.1", group="compose")


def findings(questions: Iterable[OpenQuestion], *, is_strict: bool) -> Iterator[Finding]:
    """Yield a finding for each question; in development it is only worth knowing."""
    for question in questions:
        yield RULE.finding(
            None,
            f"{question.subject}: {question.question}",
            position=question.position,
            remedy=question.answer,
            severity=None if is_strict else Severity.INFO,
        )
