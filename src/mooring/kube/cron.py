"""
Schedules of CronJobs: whether a text is one, and how long it pauses.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
"""

from typing import Final

_WORDS = frozenset(
    {"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: Final[tuple[tuple[str, int, int, tuple[str, ...]], ...]] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("weekday", 0, 6, _DAYS),
)


def fault(schedule: str) -> str | None:
    """Return why ``schedule`` is no schedule, None where it is one."""
    text = schedule.strip()
    if text.startswith(("TZ=", "CRON_TZ=")):
        return "a time zone stands in spec.timeZone"
    if text.startswith("@"):
        known = text in _WORDS or text.startswith("@every ")
        return None if known else f"there is no {text}"
    parts = text.split()
    if len(parts) != len(_FIELDS):
        return f"it has {len(parts)} fields and needs {len(_FIELDS)}"
    for part, (name, least, most, words) in zip(parts, _FIELDS, strict=True):
        for one in part.split(","):
            if not _is_range(one, least, most, words):
                return f'the {name} is "{part}"'
    return None


def longest_pause(schedule: str) -> int | None:
    """
    Return the hours, rounded down, between two runs that lie farthest apart on a usual day.

    A schedule that leaves out days pauses for a day at least, which is what is returned then.  None
    where ``schedule`` is no schedule, or says a time of its own ("@every 6h").
    """
    text = schedule.strip()
    if fault(text) is not None or text.startswith("@every"):
        return None
    if text.startswith("@"):
        return 1 if text == "@hourly" else _DAY
    minutes, hours, *days = text.split()
    if any(part not in ("*", "?") for part in days):
        return _DAY
    of_hour, of_day = _numbers(minutes, 0, 59), _numbers(hours, 0, 23)
    runs = sorted(60 * hour + minute for hour in of_day for minute in of_hour)
    after = [*runs[1:], runs[0] + 60 * _DAY]
    return max(later - earlier for earlier, later in zip(runs, after, strict=True)) // 60


_DAY = 24


def _numbers(part: str, least: int, most: int) -> frozenset[int]:
    """Return the numbers that a field means, which is known to be well formed."""
    found: set[int] = set()
    for one in part.split(","):
        span, _, step = one.partition("/")
        first, dash, last = span.partition("-")
        begin = least if span in ("*", "?") else int(first)
        end = int(last) if dash else most if step or span in ("*", "?") else begin
        found.update(range(begin, end + 1, int(step or 1)))
    return frozenset(found)


def _is_range(text: str, least: int, most: int, words: tuple[str, ...]) -> bool:
    span, slash, step = text.partition("/")
    if slash and not (step.isdecimal() and int(step) > 0):
        return False
    if span in ("*", "?"):
        return True
    first, dash, last = span.partition("-")
    begin, end = _number(first, least, words), _number(last, least, words) if dash else None
    if begin is None or (dash and end is None):
        return False
    return least <= begin <= most and (end is None or begin <= end <= most)


def _number(text: str, least: int, words: tuple[str, ...]) -> int | None:
    if text.lower() in words:
        return words.index(text.lower()) + least
    return int(text) if text.isdecimal() else None


_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The most days that each month has."""


def never(schedule: str) -> bool:
    """Tell whether ``schedule`` is one, for a day of the month that none of its months has."""
    parts = schedule.lower().split()
    if len(parts) != len(_FIELDS) or fault(schedule) is not None:
        return False
    _, _, days, months, weekdays = parts
    # With a weekday as well, either of the two is enough.
    if weekdays not in ("*", "?") or days in ("*", "?"):
        return False
    for number, name in enumerate(_MONTHS, start=1):
        months = months.replace(name, str(number))
    first = min(_numbers(days, 1, 31), default=1)
    return all(first > _LENGTHS[month - 1] for month in _numbers(months, 1, 12))
