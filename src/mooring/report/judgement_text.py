"""
What a check found, for people: what is alike together, the first of each with its line.

A rule that finds the same in twelve places is one paragraph with twelve places, not twelve
paragraphs.  The last line sums up, so that nothing found is told from nothing looked at.
"""

from collections.abc import Sequence

from mooring.check.engine import Judgement
from mooring.findings import Finding, Safety, Severity
from mooring.report import printable
from mooring.report.excerpt import LinesOf, excerpt
from mooring.report.palette import PLAIN, Palette

_SHOWN = 6
"""Places of one rule that are shown without --verbose."""


def text(
    judged: Judgement,
    *,
    is_verbose: bool = False,
    palette: Palette = PLAIN,
    lines_of: LinesOf | None = None,
) -> str:
    """Return the findings of ``judged`` as paragraphs, and a line that sums up."""
    alike: dict[tuple[Severity, str, str | None], list[Finding]] = {}
    for finding in judged.findings:
        alike.setdefault((finding.severity, finding.rule, finding.remedy), []).append(finding)
    paragraphs = [
        _paragraph(group, is_verbose=is_verbose, palette=palette, lines_of=lines_of)
        for group in alike.values()
    ]
    paragraphs.append(_sum(judged, palette))
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
    said = _parts(first)[1]
    for one in others:
        subject, rest = _parts(one)
        told = subject if subject and rest == said else _statement(one)
        lines.append(f"  also: {told}{_at(one, palette)}")
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


def _parts(finding: Finding) -> tuple[str, str]:
    """Return about what ``finding`` is, or "" where it does not say, and the rest."""
    if finding.ref is not None:
        return printable.one_line(str(finding.ref)), finding.message
    subject, colon, rest = finding.message.partition(": ")
    is_name = colon and " " not in subject
    return (printable.one_line(subject), rest) if is_name else ("", finding.message)


def _at(finding: Finding, palette: Palette) -> str:
    return f"  {palette.faint(str(finding.position))}" if finding.position is not None else ""


def _sum(judged: Judgement, palette: Palette) -> str:
    counts = dict.fromkeys(Severity, 0)
    for finding in judged.findings:
        counts[finding.severity] += 1
    found = ", ".join(
        _counted(count, severity.value, "" if severity is Severity.INFO else "s")
        for severity, count in counts.items()
        if count
    )
    fixable = sum(one.fix is not None and one.fix.safety is Safety.SAFE for one in judged.findings)
    beside = [
        f"{fixable} to be mended by --fix" if fixable else "",
        f"{len(judged.known)} known" if judged.known else "",
        f"{len(judged.allowed)} allowed" if judged.allowed else "",
        f"{judged.hidden} more with --level all" if judged.hidden else "",
        "not all could be looked at" if judged.unseen else "",
    ]
    looked = f"{_counted(judged.objects, 'object')}, {_counted(judged.rules, 'rule')}"
    head = palette.strong(found) if found else palette.good("nothing found")
    return "; ".join([f"{head} ({looked})", *filter(None, beside)])


def _counted(count: int, noun: str, plural: str = "s") -> str:
    return f"{count} {noun}{plural if count != 1 else ''}"
