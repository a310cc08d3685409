"""How a deployment ended: in one sentence, with its timings and what took longest."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mooring.report import printable
from mooring.report.deployment_lines import name
from mooring.report.palette import PLAIN, Palette

if TYPE_CHECKING:
    from mooring.deploy.outcome import Outcome

_LEAST_SECONDS = 0.05
_MOST_NAMES = 4


def text(
    outcome: "Outcome",
    environment: str,
    palette: Palette = PLAIN,
    *,
    can_go_back: bool = False,
) -> str:
    """
    Return the summary of a deployment to ``environment``, as it is named on the command line.

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
    yield from _notes(outcome, palette)
    yield palette.good(f"revision {outcome.revision} is up after {outcome.seconds:.1f} s")
    slow = [(ref, seconds) for ref, seconds in outcome.path if seconds >= _LEAST_SECONDS]
    if slow:
        steps = " -> ".join(f"{name(ref)} {seconds:.1f} s" for ref, seconds in slow)
        yield palette.faint(f"longest way: {steps}")


def of_releases(
    outcomes: "Mapping[str, Outcome]",
    errors: Mapping[str, str],
    held: Mapping[str, str],
    *,
    unchanged: Sequence[str],
    environment: str,
    seconds: float,
    palette: Palette = PLAIN,
) -> str:
    """
    Return the summary of several releases that went up together, by their names.

    ``errors`` ended before they could fail, ``held`` were not begun because of the release that
    they name; ``unchanged`` were as they should be.
    """
    lines: list[str] = []
    for release, outcome in outcomes.items():
        lines.extend(_of_release(release, outcome, palette))
    lines.extend(
        f"{palette.bad(f'release {release} did not go up')}: {printable.one_line(told)}"
        for release, told in errors.items()
    )
    lines.extend(
        palette.doubtful(f"release {release} was not begun: it needs {needed}")
        for release, needed in held.items()
    )
    if unchanged:
        lines.append(palette.faint(f"as they should be: {', '.join(unchanged)}"))
    if errors or held or any(outcome.failures for outcome in outcomes.values()):
        lines.append(
            f"help: mend it and run `mooring up {environment}` again: it goes on from there"
        )
    else:
        lines.append(palette.good(f"{environment} is up after {seconds:.1f} s"))
    return "\n".join(lines)


def _of_release(release: str, outcome: "Outcome", palette: Palette) -> Iterator[str]:
    if outcome.failures:
        first, *others = outcome.failures
        more = f", and {printable.many(len(others), 'object')} more" if others else ""
        told = f"revision {outcome.revision} failed after {outcome.seconds:.1f} s"
        yield palette.bad(f"release {release}: {told}: {name(first.ref)}{more}")
        return
    for note in _notes(outcome, palette):
        yield f"release {release}: {note}"
    told = f"revision {outcome.revision} is up after {outcome.seconds:.1f} s"
    yield f"release {release}: {palette.good(told)}"


def _notes(outcome: "Outcome", palette: Palette) -> Iterator[str]:
    """Yield what is to be known of objects that are ready, the same of several once."""
    by_warning: dict[str, list[str]] = {}
    for ref, warning in outcome.warnings:
        by_warning.setdefault(printable.one_line(warning), []).append(name(ref))
    for warning, names in by_warning.items():
        shown = ", ".join(names[:_MOST_NAMES])
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        yield f"{palette.doubtful('note')}: {shown}{more}: {warning}"
