"""
JUnit's XML, which build servers show as tests: one suite, one case for each rule and object.

A finding is a failure; what was looked at without a finding is one case that passed, so that a run
in which nothing was found is not an empty one.

Source: https://github.com/testmoapp/junitxml (the common form of a format without a standard)
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from mooring.findings import Finding, Severity
from mooring.report import printable


def junit(findings: Sequence[Finding], *, objects: int, rules: int) -> str:
    """Return ``findings`` as a test suite; those that are merely worth knowing pass."""
    failures = [one for one in findings if one.severity is not Severity.INFO]
    passed = f"{rules} rules over {objects} objects"
    cases = "".join(map(_case, findings))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="mooring check" tests="{len(findings) + 1}" '
        f'failures="{len(failures)}">\n'
        f'  <testsuite name="mooring check" tests="{len(findings) + 1}" '
        f'failures="{len(failures)}" errors="0" skipped="0">\n'
        f'    <testcase classname="mooring" name={quoteattr(passed)}/>\n'
        f"{cases}  </testsuite>\n</testsuites>\n"
    )


def _case(finding: Finding) -> str:
    subject = str(finding.ref) if finding.ref is not None else ""
    name = f"{subject} {finding.field or ''}".strip() or printable.one_line(finding.message)
    place = ""
    if finding.position is not None:
        file = quoteattr(printable.one_line(finding.position.file))
        place = f' file={file} line="{finding.position.line}"'
    head = f"    <testcase classname={quoteattr(finding.rule)} name={quoteattr(name)}{place}"
    if finding.severity is Severity.INFO:
        return f"{head}/>\n"
    message = printable.one_line(finding.message)
    where = f"\nat {finding.position}" if finding.position is not None else ""
    help_line = f"\nhelp: {finding.remedy}" if finding.remedy else ""
    told = escape(printable.lines(f"{finding.message}{where}{help_line}", ""))
    return (
        f"{head}>\n      <failure type={quoteattr(finding.severity.value)} "
        f"message={quoteattr(message)}>{told}</failure>\n    </testcase>\n"
    )
