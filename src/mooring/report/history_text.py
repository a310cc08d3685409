"""The revisions of an environment as a table, the newest first."""

from collections.abc import Iterator
from datetime import datetime

from mooring.deploy.journal import Journal, Revision, State
from mooring.report import printable
from mooring.report.palette import PLAIN, Palette


def text(journal: Journal, palette: Palette = PLAIN) -> str:
    """Return the revisions of ``journal``."""
    if not journal.revisions:
        return f"nothing was deployed to {journal.environment} by mooring"
    return "\n".join(_lines(journal, palette))


def _lines(journal: Journal, palette: Palette) -> Iterator[str]:
    paints = {
        State.VERIFIED: palette.good,
        State.FAILED: palette.bad,
        State.DEPLOYING: palette.doubtful,
        State.PRUNING: palette.doubtful,
        State.TAKING_DOWN: palette.doubtful,
        State.TAKEN_DOWN: palette.faint,
    }
    for one in reversed(journal.revisions):
        what = f"back to {one.rolls_back_to}" if one.rolls_back_to else one.what
        state = paints[one.state](one.state.value.ljust(10))
        parts = (one.started, one.by, what, _took(one))
        told = "  ".join(printable.one_line(part) for part in parts if part)
        yield f"  {one.number:>4}  {state}  {told}"
        if one.changes:
            yield f"        {printable.one_line(one.changes)}"
        if one.reason:
            yield f"        {palette.faint(printable.one_line(one.reason))}"


def _took(one: Revision) -> str:
    """Return how long it took; empty where that is not known."""
    if not one.ended or one.state is State.TAKEN_DOWN:
        return ""
    begun, ended = map(datetime.fromisoformat, (one.started, one.ended))
    seconds = round((ended - begun).total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
