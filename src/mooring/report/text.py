"""
Errors and findings for a person: what, where, and what to do.

    error: compose.yaml:14:9: port "8000-8002:80-81" publishes 3 ports for 2 container ports
      help: give both ranges the same length, as in "8000-8002:80-82"

The first line begins with its severity and a place that editors open; it never wraps, so that
`grep` finds it whole.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mooring.errors import InputErrors, MooringError
from mooring.findings import Finding, Severity
from mooring.report import printable
from mooring.report.palette import PLAIN, Palette
from mooring.sources import Position

if TYPE_CHECKING:
    from mooring.report.excerpt import LinesOf


def error(
    fault: MooringError, *, palette: Palette = PLAIN, lines_of: "LinesOf | None" = None
) -> str:
    """
    Return all that ``fault`` has to say; several faults are followed by their count.

    ``lines_of`` reads the user's files for excerpts; without it there are none.
    """
    if not isinstance(fault, InputErrors):
        return _statement("error", fault.message, fault.position, fault.remedy, palette, lines_of)
    parts = [error(each, palette=palette, lines_of=lines_of) for each in fault.errors]
    if len(parts) > 1:
        parts.append(f"{len(parts)} errors")
    return "\n".join(parts)


def findings(
    found: Iterable[Finding], *, palette: Palette = PLAIN, lines_of: "LinesOf | None" = None
) -> str:
    """
    Return one paragraph per finding, in the order given; nothing for none.

    What one rule says in the same words of several places is said once, at the first of them; so
    is what it says of many things that differ in a name alone.
    """
    return "\n".join(_findings(found, palette, lines_of))


def _findings(
    found: Iterable[Finding], palette: Palette, lines_of: "LinesOf | None"
) -> Iterator[str]:
    same: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in found:
        same.setdefault((finding.rule, str(finding.ref), finding.message), []).append(finding)
    alike: dict[tuple[str, str], list[Finding]] = {}
    for first, *_ in same.values():
        if first.alike is not None:
            alike.setdefault((first.rule, first.alike.message), []).append(first)
    for (rule, _, message), (first, *others) in same.items():
        remedy = first.remedy
        many = [] if first.alike is None else alike[rule, first.alike.message]
        if first.alike is not None and len(many) >= _SEVERAL:
            if many[0] is not first:
                continue
            names = ", ".join(one.alike.item for one in many if one.alike is not None)
            message = f"{first.alike.message.replace('{count}', str(len(many)))}: {names}"
            remedy = first.alike.remedy or remedy
            others = []
        more = f", and {len(others)} more place{'s' if len(others) > 1 else ''}" if others else ""
        subject = f"{first.ref}: " if first.ref is not None else ""
        yield _statement(
            first.severity.value,
            f"{subject}{message}{more} [{rule}]",
            first.position,
            remedy,
            palette,
            lines_of,
        )


_SEVERAL = 3


def _statement(
    severity: str,
    message: str,
    position: Position | None,
    remedy: str | None,
    palette: Palette,
    lines_of: "LinesOf | None",
) -> str:
    place = f"{printable.one_line(str(position))}: " if position else ""
    text = f"{_label(severity, palette)}: {palette.strong(place)}{printable.lines(message, '  ')}"
    if position is not None and lines_of is not None:
        from mooring.report.excerpt import excerpt  # only where a person looks at a terminal

        shown = excerpt(position, lines_of)
        if shown is not None:
            text += "".join(f"\n  {palette.faint(line)}" for line in shown.split("\n"))
    if remedy:
        text += f"\n  {palette.hint('help')}: {printable.lines(remedy, '        ')}"
    return text


def _label(severity: str, palette: Palette) -> str:
    if severity == Severity.ERROR:
        return palette.bad(severity)
    if severity == Severity.WARNING:
        return palette.doubtful(severity)
    return palette.hint(severity)
