"""What verifying found: what does not hold first, then how much does."""

from collections.abc import Iterator

from mooring.deploy.checks import Checked
from mooring.report import printable
from mooring.report.deployment_lines import name
from mooring.report.palette import PLAIN, Palette


def text(found: tuple[Checked, ...], palette: Palette = PLAIN, *, is_verbose: bool = False) -> str:
    """Return ``found`` as text; ``is_verbose`` shows what holds as well."""
    return "\n".join(_lines(found, palette, is_verbose))


def _lines(found: tuple[Checked, ...], palette: Palette, is_verbose: bool) -> Iterator[str]:
    for one in found:
        if one.holds and not is_verbose and not one.what.startswith("answers"):
            continue
        sign = palette.good("ok    ") if one.holds else palette.bad("failed")
        seen = f": {printable.one_line(one.seen)}" if one.seen else ""
        yield f"  {sign}  {name(one.ref)} {one.what}{seen}"
    bad = sum(not one.holds for one in found)
    total = printable.many(len(found), "check")
    if bad:
        yield palette.bad(f"{bad} of {total} failed")
    else:
        yield palette.good(f"{total} hold")
