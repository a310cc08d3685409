"""
Workflow commands of GitHub Actions: each finding becomes an annotation at its line.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterable

from mooring.findings import Finding, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github(findings: Iterable[Finding]) -> str:
    """Return a line for each finding; nothing for none."""
    return "".join(f"{_line(finding)}\n" for finding in findings)


def _line(finding: Finding) -> str:
    properties = [f"title={_property(finding.rule)}"]
    if finding.position is not None:
        properties.insert(0, f"file={_property(finding.position.file)}")
        if finding.position.line:
            properties.insert(1, f"line={finding.position.line}")
            properties.insert(2, f"col={finding.position.column}")
    subject = f"{finding.ref}: " if finding.ref is not None else ""
    remedy = f"\nhelp: {finding.remedy}" if finding.remedy else ""
    told = _data(f"{subject}{finding.message}{remedy}")
    return f"::{_COMMANDS[finding.severity]} {','.join(properties)}::{told}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
