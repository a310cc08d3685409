"""How a deployment ended: in one sentence, with its timings and what took longest."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mooring.report import printable
from mooring.report.deployment_lines import name
from mooring.report.palette import PLAIN, Palette

if TYPE_CHECKING:
    from mooring.deploy.outcome import Outcome

_LEAST_SECONDS = 0.05


def text(
    outcome: "Outcome",
    environment: str,
    palette: Palette = PLAIN,
    *,
    can_go_back: bool = False,
) -> str:
    """
    Return the summary of a deployment to ``environment``.

    ``can_go_back`` says whether an earlier revision was verified.
    """
    return "\n".join(_lines(outcome, environment, palette, can_go_back))


def _lines(
    outcome: "Outcome", environment: str, palette: Palette, can_go_back: bool
) -> Iterator[str]:
    if outcome.failures:
        first, *others = outcome.failures
        more = f", and {printable.many(len(others), 'object')} more" if others else ""
        yield palette.bad(
            f"revision {outcome.revision} failed after {outcome.seconds:.1f} s: "
            f"{name(first.ref)}{more}"
        )
        end = ";" if can_go_back else ""
        yield f"help: mend it and run `mooring up {environment}` again: it goes on from there{end}"
        if can_go_back:
            yield f"      or `mooring rollback {environment}` goes back to what was verified last"
        return
    for ref, warning in outcome.warnings:
        yield f"{palette.doubtful('note')}: {name(ref)}: {printable.one_line(warning)}"
    yield palette.good(f"revision {outcome.revision} is up after {outcome.seconds:.1f} s")
    slow = [(ref, seconds) for ref, seconds in outcome.path if seconds >= _LEAST_SECONDS]
    if slow:
        steps = " -> ".join(f"{name(ref)} {seconds:.1f} s" for ref, seconds in slow)
        yield palette.faint(f"longest way: {steps}")
