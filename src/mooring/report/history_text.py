"""The revisions of an environment as a table, the newest first."""

from collections.abc import Iterator

from mooring.deploy.journal import Journal, State
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
        State.TAKEN_DOWN: palette.faint,
    }
    for one in reversed(journal.revisions):
        what = f"back to {one.rolls_back_to}" if one.rolls_back_to else one.what
        state = paints[one.state](one.state.value.ljust(10))
        told = "  ".join(printable.one_line(part) for part in (one.started, one.by, what) if part)
        yield f"  {one.number:>4}  {state}  {told}"
        if one.reason:
            yield f"        {palette.faint(printable.one_line(one.reason))}"
