"""What verifying found: what does not hold first of all, then how much does."""

from collections.abc import Iterator

from mooring.deploy.checks import Checked, Result
from mooring.report import printable
from mooring.report.deployment_lines import name
from mooring.report.palette import PLAIN, Palette


def text(found: tuple[Checked, ...], palette: Palette = PLAIN, *, is_verbose: bool = False) -> str:
    """Return ``found`` as text; ``is_verbose`` shows what holds as well."""
    return "\n".join(_lines(found, palette, is_verbose))


def _lines(found: tuple[Checked, ...], palette: Palette, is_verbose: bool) -> Iterator[str]:
    signs = {
        Result.HOLDS: palette.good("ok       "),
        Result.FAILS: palette.bad("failed   "),
        Result.DOUBTFUL: palette.doubtful("doubtful "),
        Result.UNTRIED: palette.faint("not tried"),
        Result.FORBIDDEN: palette.faint("not tried"),
    }
    for one in found:
        if one.result is Result.HOLDS and not (is_verbose or one.is_asked):
            continue
        seen = f": {printable.one_line(one.seen)}" if one.seen else ""
        yield f"  {signs[one.result]}  {name(one.ref)} {one.what}{seen}"
    untried = sum(one.result in (Result.UNTRIED, Result.FORBIDDEN) for one in found)
    bad = sum(one.fails for one in found)
    total = printable.many(len(found) - untried, "check")
    verb = "holds" if len(found) - untried == 1 else "hold"
    end = palette.bad(f"{bad} of {total} failed") if bad else palette.good(f"{total} {verb}")
    if untried:
        end += f", {untried} could not be tried from here"
    yield end
