"""
A plan as text: what happens to each object, why, and what to know before.

    coffee in dev, namespace coffee-dev on https://127.0.0.1:6443
      + Deployment/api             new                                    compose.yaml:75
      ~ Deployment/web             compose.yaml:80 changed the image      exact
          spec.template.spec.containers[web].image: shop/web:1 -> shop/web:2
      - ConfigMap/api-env-7c9f     an older version

    1 to create, 1 to change, 1 to delete, 31 unchanged

Values of secrets are hashes already (see `deploy.masking`).
"""

from collections.abc import Iterable, Iterator

import msgspec

from mooring.deploy.comparison import Change
from mooring.deploy.plan import Action, Certainty, Danger, Field, Plan, Step
from mooring.report import printable
from mooring.report.palette import PLAIN, Palette

_SIGNS = {
    Action.CREATE: "+",
    Action.CHANGE: "~",
    Action.RECREATE: "±",
    Action.PRUNE: "-",
    Action.KEEP: "·",
    Action.UNCHANGED: "=",
}
_WORDS = {
    Action.CREATE: "to create",
    Action.CHANGE: "to change",
    Action.RECREATE: "to make anew",
    Action.PRUNE: "to delete",
    Action.KEEP: "kept although no longer wanted",
    Action.UNCHANGED: "unchanged",
}
_WIDEST = 48
_LONGEST_VALUE = 72
_FIELDS = 12
"""So many fields of an object are shown unless all are asked for."""


def text(plan: Plan, *, where: str = "", palette: Palette = PLAIN, is_verbose: bool = False) -> str:
    """Return ``plan`` as text; ``where`` is the server, ``is_verbose`` shows what is unchanged."""
    return "\n".join(_lines(plan, where, palette, is_verbose))


def _lines(plan: Plan, where: str, palette: Palette, is_verbose: bool) -> Iterator[str]:
    on = f" on {where}" if where else ""
    head = f"{plan.project} in {plan.environment}, namespace {plan.home}{on}"
    yield palette.strong(printable.one_line(head))
    shown = [step for step in plan.steps if is_verbose or _is_told(step)]
    names = {step.ref: _name(step, plan.home) for step in shown}
    width = min(max(map(len, names.values()), default=0), _WIDEST)
    for step in shown:
        yield from _step(step, names[step.ref], width, palette, is_verbose)
    for one in plan.left_out:
        told = f"  · {f'{one.ref.kind}/{one.ref.name}'.ljust(width)}  left out: {one.why}"
        yield palette.faint(printable.one_line(told))
    if shown or plan.left_out:
        yield ""
    yield summary(plan)
    for said in refusals(plan.blocked):
        yield palette.bad(f"refused: {printable.one_line(said)}")


def _is_told(step: Step) -> bool:
    return step.writes or step.action is Action.KEEP or bool(step.additions)


def refusals(blocked: Iterable[Danger]) -> Iterator[str]:
    """Yield why a plan is refused; the same of many objects once."""
    same: dict[tuple[str, str], list[str]] = {}
    for danger in blocked:
        about, _, why = danger.message.partition(": ")
        same.setdefault((why or about, danger.needs), []).append(about if why else "")
    for (why, needs), (first, *others) in same.items():
        subject = f"{first}: " if first else ""
        if len(others) == 1:
            subject = f"{first} and {others[0]}: "
        elif others:
            subject = f"{first} and {len(others)} others: "
        yield f"{subject}{why}{f' (allowed by {needs})' if needs else ''}"


def _name(step: Step, home: str) -> str:
    elsewhere = step.ref.namespace not in (None, home)
    space = f"{step.ref.namespace}/" if elsewhere else ""
    return f"{step.ref.kind}/{space}{step.ref.name}"


def _step(step: Step, name: str, width: int, palette: Palette, is_verbose: bool) -> Iterator[str]:
    paint = {
        Action.CREATE: palette.good,
        Action.CHANGE: palette.doubtful,
        Action.RECREATE: palette.bad,
        Action.PRUNE: palette.bad,
    }.get(step.action, palette.faint)
    cause = printable.one_line(step.cause)
    notes = [cause] if cause else []
    if step.origin and step.origin not in cause:
        notes.append(palette.faint(printable.one_line(step.origin)))
    if step.certainty is Certainty.UNKNOWN:
        notes.append(palette.doubtful(step.certainty.value))
    sign = _SIGNS[step.action]
    yield f"  {paint(f'{sign} {name.ljust(width)}')}  {'  '.join(notes)}".rstrip()
    for danger in step.dangers:
        yield f"      {palette.bad('!')} {printable.one_line(danger.message)}"
    if step.refused:
        yield f"      {palette.bad('refused')}: {printable.one_line(step.refused)}"
    limit = max(len(step.fields), len(step.additions)) if is_verbose else _FIELDS
    for field in step.fields[:limit]:
        yield f"      {_field(field, palette)}"
    if len(step.fields) > limit:
        yield palette.faint(f"      and {len(step.fields) - limit} fields more")
    for field in step.additions[:limit]:
        held = palette.faint(f"added by {field.holder}, stays")
        yield f"      {printable.one_line(field.field)}: {_value(field.before)}  {held}"


def _field(field: Field, palette: Palette) -> str:
    name = printable.one_line(field.field)
    held = f"  {palette.faint(f'set by {field.holder}')}" if field.holder else ""
    if field.change is Change.REMOVE:
        return f"{name}: {_value(field.before)} -> {palette.bad('removed')}{held}"
    if field.before is None:
        return f"{name}: {palette.good(_value(field.after))}"
    return f"{name}: {_value(field.before)} -> {palette.good(_value(field.after))}{held}"


def _value(value: object) -> str:
    shown = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    shown = printable.one_line(shown)
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[: _LONGEST_VALUE - 1]}…"


def summary(plan: Plan) -> str:
    """Return how many objects each thing happens to."""
    parts = [
        f"{count} {_WORDS[action]}"
        for action in _WORDS
        if (count := plan.count(action)) and (action is not Action.UNCHANGED or plan.changes)
    ]
    if not plan.changes:
        unchanged = plan.count(Action.UNCHANGED)
        verb = "is as it" if unchanged == 1 else "are as they"
        added = sum(bool(step.additions) for step in plan.steps)
        beside = f", {added} with additions by hand" if added else ""
        return f"nothing to change: {printable.many(unchanged, 'object')} {verb} should be{beside}"
    return ", ".join(parts)
