"""What a check found as Markdown, for a comment on a change: a table for each severity."""

from collections.abc import Sequence

from mooring.findings import Finding, Severity
from mooring.report import printable


def markdown(findings: Sequence[Finding], *, objects: int, rules: int) -> str:
    """Return ``findings`` as a document of GitHub's Markdown."""
    looked = f"{rules} rules looked at {objects} object{'s' if objects != 1 else ''}."
    if not findings:
        return f"# mooring check\n\nNothing found.  {looked}\n"
    parts = [f"# mooring check\n\n{_counts(findings)}.  {looked}\n"]
    for severity in Severity:
        of_it = [one for one in findings if one.severity is severity]
        if of_it:
            head = f"\n## {severity.value.capitalize()}s\n\n"
            parts.append(f"{head}| rule | where | what | help |\n|---|---|---|---|\n")
            parts.extend(map(_row, of_it))
    return "".join(parts)


def _counts(findings: Sequence[Finding]) -> str:
    counts = {severity: sum(one.severity is severity for one in findings) for severity in Severity}
    return ", ".join(
        f"{count} {severity.value}{'s' if count != 1 else ''}"
        for severity, count in counts.items()
        if count
    ).capitalize()


def _row(finding: Finding) -> str:
    place = f"`{_cell(str(finding.position))}`" if finding.position is not None else ""
    subject = f"**{_cell(str(finding.ref))}** " if finding.ref is not None else ""
    return (
        f"| `{finding.rule}` | {place} | {subject}{_cell(finding.message)} "
        f"| {_cell(finding.remedy or '')} |\n"
    )


def _cell(text: str) -> str:
    """Return ``text`` for a cell: on one line, without signs that mean more to Markdown."""
    flat = printable.one_line(text)
    for sign, meant in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("`", "\\`"), ("*", "\\*")):
        flat = flat.replace(sign, meant)
    return flat
