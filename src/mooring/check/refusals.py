"""What namespaces refuse: pods of workloads that the API server takes and nobody ever sees."""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule
from mooring.semantics.admission import Stage


def told(bundle: Bundle, rule: Rule, stage: Stage, remedy: str) -> Iterator[Finding]:
    """Yield a finding of ``rule`` for each place for which pods are refused at ``stage``."""
    for refusal in bundle.refusals:
        if refusal.stage is stage:
            place = refusal.field or refusal.subject.kind
            yield rule.finding(
                refusal.subject,
                f"{refusal.by} refuses its pods: {place} {refusal.reason}",
                field=refusal.field,
                remedy=remedy,
            )
