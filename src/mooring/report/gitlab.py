"""
GitLab's Code Quality report, which merge requests show.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

import msgspec

from mooring.check import baseline
from mooring.findings import Finding, Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab(findings: Iterable[Finding]) -> str:
    """Return ``findings`` as a list of issues; fingerprints are unique, as GitLab wants them."""
    seen: Counter[str] = Counter()
    issues = [_issue(finding, seen) for finding in findings]
    return msgspec.json.format(msgspec.json.encode(issues), indent=2).decode() + "\n"


def _issue(finding: Finding, seen: Counter[str]) -> dict[str, object]:
    fingerprint = baseline.fingerprint(finding)
    seen[fingerprint] += 1
    if seen[fingerprint] > 1:
        fingerprint = sha256(f"{fingerprint} {seen[fingerprint]}".encode()).hexdigest()[:32]
    subject = f"{finding.ref}: " if finding.ref is not None else ""
    remedy = f" ({finding.remedy})" if finding.remedy else ""
    file = finding.position.file if finding.position is not None else "."
    line = finding.position.line if finding.position is not None else 1
    return {
        "description": f"{subject}{finding.message}{remedy}",
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": file, "lines": {"begin": max(1, line)}},
    }
