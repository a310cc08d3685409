"""Plans that were saved: written, read, and compared with what would be done now."""

from collections.abc import Mapping

import msgspec

from mooring.deploy.plan import Plan, Step
from mooring.errors import InputError, MooringError, OutputError
from mooring.sources import Position


class PlanOutdated(MooringError):
    """A saved plan is not what would be done now."""

    exit_status = 1


class Plans(msgspec.Struct, frozen=True):
    """The plans of several releases, by their names."""

    releases: dict[str, Plan]


def encoded(plans: Mapping[str, Plan]) -> bytes:
    """Return ``plans`` by the names of their releases; one without a name stands alone."""
    if "" in plans:
        return plans[""].encoded()
    return msgspec.json.format(msgspec.json.encode(Plans(dict(plans))), indent=1) + b"\n"


def write(file: str, plans: Mapping[str, Plan]) -> None:
    """Write ``plans`` to ``file``."""
    try:
        with open(file, "wb") as stream:
            stream.write(encoded(plans))
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error


def read(file: str) -> dict[str, Plan]:
    """
    Return the plans in ``file`` by the names of their releases, a single one under "".

    Raises:
        InputError: it cannot be read, or is no plan.
    """
    try:
        with open(file, "rb") as stream:
            content = stream.read()
            try:
                return msgspec.json.decode(content, type=Plans).releases
            except msgspec.ValidationError:
                return {"": msgspec.json.decode(content, type=Plan)}
    except OSError as error:
        told = f"the file cannot be read: {error.strerror}"
        raise InputError(told, position=Position(file)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"this is no plan: {error}", position=Position(file)) from error


def refuse_other(saved: Plan | None, made: Plan, file: str, named: str) -> None:
    """
    Raise where ``made``, what would be done now, is not what was ``saved``; None: nothing was.

    ``named`` is what names it on the command line.

    Raises:
        PlanOutdated: naming what differs.
    """
    if saved is None:
        raise PlanOutdated(
            f"{file} says nothing of {made.project} in {made.environment}",
            remedy=f"save it again: mooring diff {named} --save {file}",
        )
    if saved.encoded() == made.encoded():
        return
    before = {step.ref: step for step in saved.steps}
    now = {step.ref: step for step in made.steps}
    differ = [
        _told(ref, before.get(ref), now.get(ref))
        for ref in sorted({*before, *now})
        if before.get(ref) != now.get(ref)
    ]
    raise PlanOutdated(
        f"{file} is not what would be done now: {'; '.join(differ[:3]) or 'the order differs'}",
        remedy=f"look again: mooring diff {named} --save {file}",
    )


def _told(ref: object, before: Step | None, now: Step | None) -> str:
    if before is None:
        return f"{ref} is new"
    if now is None:
        return f"{ref} is no part of it any more"
    if before.action is not now.action:
        return f"{ref} was to be {before.action.value}, and is now: {now.action.value}"
    return f"{ref} differs"
