"""
What a check found, for people: what is alike together, the first of each with its line.

A rule that finds the same in twelve places is one paragraph with twelve places, not twelve
paragraphs.  The last line sums up, so that nothing found is told from nothing looked at.
"""

from collections.abc import Iterable, Sequence

from mooring.findings import Finding, Severity
from mooring.report import printable
from mooring.report.excerpt import LinesOf, excerpt
from mooring.report.palette import PLAIN, Palette

_SHOWN = 6
"""Places of one rule that are shown without --verbose."""


def text(
    findings: Sequence[Finding],
    *,
    objects: int,
    rules: int,
    hidden: int = 0,
    is_verbose: bool = False,
    palette: Palette = PLAIN,
    lines_of: LinesOf | None = None,
) -> str:
    """
    Return ``findings`` as paragraphs and a line that sums up.

    ``objects`` were looked at by ``rules``; ``hidden`` findings are less than what was asked for.
    """
    alike: dict[tuple[Severity, str, str | None], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.severity, finding.rule, finding.remedy), []).append(finding)
    paragraphs = [
        _paragraph(group, is_verbose=is_verbose, palette=palette, lines_of=lines_of)
        for group in alike.values()
    ]
    paragraphs.append(_sum(findings, objects, rules, hidden, palette))
    return "\n\n".join(paragraphs)


def _paragraph(
    group: Sequence[Finding], *, is_verbose: bool, palette: Palette, lines_of: LinesOf | None
) -> str:
    first = group[0]
    word = _WORDS[first.severity](palette, first.severity.value)
    lines = [f"{word}: {_statement(first)} {palette.faint(f'[{first.rule}]')}"]
    if first.position is not None:
        lines.append(f"  {palette.faint(f'at {first.position}')}")
        shown = excerpt(first.position, lines_of) if lines_of is not None else None
        if shown is not None:
            lines.extend(f"  {palette.faint(line)}" for line in shown.split("\n"))
    others = group[1:] if is_verbose else group[1:_SHOWN]
    lines.extend(f"  also: {_statement(one)}{_at(one, palette)}" for one in others)
    left = len(group) - 1 - len(others)
    if left:
        lines.append(f"  and {left} more (-v shows all)")
    if first.remedy:
        lines.append(f"  {palette.hint('help')}: {printable.lines(first.remedy, '        ')}")
    return "\n".join(lines)


_WORDS = {
    Severity.ERROR: Palette.bad,
    Severity.WARNING: Palette.doubtful,
    Severity.INFO: Palette.hint,
}


def _statement(finding: Finding) -> str:
    subject = f"{finding.ref}: " if finding.ref is not None else ""
    return printable.lines(f"{subject}{finding.message}", "  ")


def _at(finding: Finding, palette: Palette) -> str:
    return f"  {palette.faint(str(finding.position))}" if finding.position is not None else ""


def _sum(
    findings: Iterable[Finding], objects: int, rules: int, hidden: int, palette: Palette
) -> str:
    counts = dict.fromkeys(Severity, 0)
    for finding in findings:
        counts[finding.severity] += 1
    told = [
        f"{count} {severity.value}{'s' if count != 1 and severity is not Severity.INFO else ''}"
        for severity, count in counts.items()
        if count
    ]
    looked = f"{objects} object{'s' if objects != 1 else ''}, {rules} rules"
    more = f"; {hidden} more with --level all" if hidden else ""
    found = ", ".join(told)
    return f"{palette.strong(found) if found else palette.good('nothing found')} ({looked}){more}"
