"""What the user settled for `mooring check`: how much is shown, of which rules, what is allowed."""

import msgspec

from mooring.sources import Position


class AllowedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """
    Findings of ``rule`` that are known, and why they may stay.

    ``object`` is the one they are found at, as in ``Deployment/web``; all where it is None.
    ``until`` is the last day on which they may stay, as in ``2027-03-01``; None is for ever.
    """

    rule: str
    reason: str
    object: str | None = None
    until: str | None = None
    position: Position | None = None


class CheckChoices(msgspec.Struct, frozen=True, kw_only=True):
    """
    The choices; each rule by its id or its group.

    ``level`` is the name of a profile, None where nothing is said.  ``registries`` are those that
    images may come from, each with as much of the path as is meant; none: any.
    """

    level: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow: tuple[AllowedFinding, ...] = ()
    registries: tuple[str, ...] = ()
