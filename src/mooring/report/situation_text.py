"""
How an environment stands, on one screen.

    coffee in dev, namespace coffee-dev
      deployed  revision 3, verified 2026-11-30T16:50:00Z by ann@host
      healthy   no: 1 of 37 objects is not ready
                Deployment/api  Pod/api-1: api: it ended with status 1, 3 restarts  compose.yaml:75
      drifted   no: all 37 objects are as they were deployed
"""

from collections.abc import Iterator, Mapping

import msgspec

from mooring.deploy.situation import Named, Situation
from mooring.report import printable
from mooring.report.deployment_lines import name
from mooring.report.palette import PLAIN, Palette

_MOST = 12
_INDENT = " " * 12


def as_json(found: Mapping[str, Situation]) -> str:
    """Return ``found`` as JSON, by the names of releases; one without a name stands alone."""
    each = {name: {**msgspec.to_builtins(one), "fine": one.is_fine} for name, one in found.items()}
    made = each.get("", {"releases": each})
    return msgspec.json.format(msgspec.json.encode(made), indent=2).decode()


def text(found: Situation, palette: Palette = PLAIN, *, is_verbose: bool = False) -> str:
    """Return ``found`` as text; ``is_verbose`` names every object and warning."""
    return "\n".join(_lines(found, palette, is_verbose))


def _lines(found: Situation, palette: Palette, is_verbose: bool) -> Iterator[str]:
    head = f"{found.project} in {found.environment}, namespace {found.home}"
    yield palette.strong(printable.one_line(head))
    yield f"  deployed  {_deployed(found, palette)}"
    if found.holder:
        yield f"  now       {palette.doubtful(printable.one_line(found.holder))} is deploying"
    if not found.objects:
        return
    most = 10_000 if is_verbose else _MOST
    count = printable.many(found.objects, "object")
    if found.unready:
        told = f"no: {len(found.unready)} of {count} not ready"
        yield f"  healthy   {palette.bad(told)}"
        yield from _named(found.unready, palette, most)
    else:
        yield f"  healthy   {palette.good(f'yes: all {count} are ready')}"
    if found.drifted:
        told = f"yes: {len(found.drifted)} of {count} differ from what was deployed"
        yield f"  drifted   {palette.doubtful(told)}"
        yield from _named(found.drifted, palette, most)
    else:
        yield f"  drifted   {palette.good('no')}: all are as they were deployed"
    if found.pending:
        told = (
            f"mooring up {found.environment} would change {printable.many(found.pending, 'object')}"
        )
        yield f"  pending   {palette.hint(told)}"
    if found.users:
        yield f"  used by   {', '.join(map(printable.one_line, found.users))}"
    if found.unseen:
        yield f"  not seen  {', '.join(found.unseen)}: we may not list them"
    if is_verbose and found.warnings:
        yield "  to know"
        yield from _named(found.warnings, palette, most)


def _deployed(found: Situation, palette: Palette) -> str:
    last = found.revision
    if last is None:
        return palette.doubtful("nothing was deployed here by mooring")
    when = f"{last.ended or last.started} by {printable.one_line(last.by)}"
    if last.state.value == "verified":
        back = f", back to {last.rolls_back_to}" if last.rolls_back_to else ""
        return palette.good(f"revision {last.number}{back}, verified {when}")
    if last.state.value == "taken down":
        return f"{printable.one_line(last.reason or 'taken down')} at {last.ended}"
    if last.state.value == "being taken down":
        told = "it is being taken down"
        if found.is_interrupted:
            told = f"it was half taken down: mooring down {found.environment} goes on with it"
        return palette.doubtful(told)
    up = f"; revision {found.verified.number} was verified before" if found.verified else ""
    if last.state.value == "failed":
        reason = printable.one_line(last.reason)
        return palette.bad(f"revision {last.number} failed {when}: {reason}") + up
    if found.is_interrupted:
        told = f"revision {last.number} was interrupted, begun {last.started}"
        return palette.doubtful(f"{told}: mooring up goes on with it") + up
    return palette.doubtful(f"revision {last.number} is being deployed since {last.started}") + up


def _named(objects: tuple[Named, ...], palette: Palette, most: int) -> Iterator[str]:
    width = max((len(name(one.ref)) for one in objects[:most]), default=0)
    for one in objects[:most]:
        origin = f"  {palette.faint(printable.one_line(one.origin))}" if one.origin else ""
        yield f"{_INDENT}{name(one.ref).ljust(width)}  {printable.one_line(one.told)}{origin}"
    if len(objects) > most:
        yield palette.faint(f"{_INDENT}and {len(objects) - most} more")
