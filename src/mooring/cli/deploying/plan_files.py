"""Plans that were saved: written, read, and compared with what would be done now."""

import msgspec

from mooring.deploy.plan import Plan, Step
from mooring.errors import InputError, MooringError, OutputError
from mooring.sources import Position


class PlanOutdated(MooringError):
    """A saved plan is not what would be done now."""

    exit_status = 1


def write(file: str, made: Plan) -> None:
    """Write ``made`` to ``file``."""
    try:
        with open(file, "wb") as stream:
            stream.write(made.encoded())
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error


def read(file: str) -> Plan:
    """
    Return the plan in ``file``.

    Raises:
        InputError: it cannot be read, or is no plan.
    """
    try:
        with open(file, "rb") as stream:
            return msgspec.json.decode(stream.read(), type=Plan)
    except OSError as error:
        told = f"the file cannot be read: {error.strerror}"
        raise InputError(told, position=Position(file)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"this is no plan: {error}", position=Position(file)) from error


def refuse_other(saved: Plan, made: Plan, file: str) -> None:
    """
    Raise where ``made``, what would be done now, is not what was ``saved``.

    Raises:
        PlanOutdated: naming what differs.
    """
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
        remedy=f"look again: mooring diff {made.environment} --save {file}",
    )


def _told(ref: object, before: Step | None, now: Step | None) -> str:
    if before is None:
        return f"{ref} is new"
    if now is None:
        return f"{ref} is no part of it any more"
    if before.action is not now.action:
        return f"{ref} was to be {before.action.value}, and is now: {now.action.value}"
    return f"{ref} differs"
