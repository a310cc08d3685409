"""
Schedules of CronJobs: whether a text is one.

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
    ("weekday", 0, 7, _DAYS),
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
