"""When a task is run again and again, and what becomes of a run while the last one goes on."""

from enum import StrEnum

import msgspec


class Overlap(StrEnum):
    """What becomes of a run whose time comes while the last one still goes on."""

    ALLOW = "allow"
    SKIP = "skip"
    REPLACE = "replace"


class Schedule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    The clock of a task.

    ``line`` is a cron line of five fields (minute, hour, day of the month, month, weekday), a word
    such as ``@daily``, or ``@every`` and a duration; it is read in ``time_zone``, a name of the
    IANA database.  A run that could not begin in time may begin ``late_seconds`` later, and not
    after that.
    """

    line: str
    time_zone: str
    overlap: Overlap
    late_seconds: int
