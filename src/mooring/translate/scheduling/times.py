"""
The times of a schedule, as far as a cluster's clock can say them.

Schedulers for Docker read lines of Go's cron library: five fields, or six with seconds before
them, a word such as `@daily`, or `@every` and a duration.  A CronJob has minutes and no seconds.
A second on which everything begins is lost without harm; what runs several times a minute runs
once, and that is said.  An interval that divides the hour or the day becomes a line of five
fields, because an operator reads it at once; it then falls on the clock and is not counted from
the scheduler's start.

Sources: https://pkg.go.dev/github.com/robfig/cron,
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
"""

import msgspec

from mooring.compose import durations
from mooring.kube import cron
from mooring.patterns import LazyPattern

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_ZONE = LazyPattern(r"(?!Local$)[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")
_ON_THE_CLOCK = "the interval falls on the clock, and is not counted from a start"
_ONCE = "a cluster starts a job at most once a minute"


class Times(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What a text says: the ``line`` of a cluster, and in which ``time_zone`` it is read, if it says.

    ``differs`` says in what the line is another one than the text; ``rarer`` holds where it runs
    less often.  ``fault`` says why there is no line.
    """

    line: str = ""
    time_zone: str = ""
    differs: str = ""
    rarer: bool = False
    fault: str = ""


def read(text: str) -> Times:
    """Return the times of which ``text`` speaks, in the words of Go's cron library."""
    words = text.split()
    zone = ""
    if words and words[0].startswith(("TZ=", "CRON_TZ=")):
        zone = words.pop(0).partition("=")[2]
        if not is_zone(zone):
            return Times(fault=f'there is no time zone "{zone}"')
    found = _read(words)
    return msgspec.structs.replace(found, time_zone=zone) if zone else found


def is_zone(text: str) -> bool:
    """Tell whether ``text`` has the form of a time zone's name, as Europe/Berlin has."""
    return _ZONE.fullmatch(text) is not None


def late_seconds(line: str) -> int:
    """
    Return how late a run may begin, in seconds.

    Without a bound a CronJob that missed a hundred starts is never started again; below ten
    seconds none may ever be.  A run of the night is still wanted when the control plane comes back
    an hour later, one of every few minutes is not: the next one comes.

    Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
    """
    if line.startswith("@"):
        return _SOON if line.startswith("@every") or line == "@hourly" else _HOUR
    minute, hour = line.split()[:2]
    return _HOUR if minute.isdecimal() and hour.isdecimal() else _SOON


_SOON = 300


def _read(words: list[str]) -> Times:
    if not words:
        return Times(fault="it is empty")
    if words[0] == "@every":
        return _every(words[1] if len(words) == 2 else "")
    if len(words) != 6:
        line = _five(words)
        fault = cron.fault(line)
        return Times(fault=fault) if fault is not None else Times(line=line)
    line = _five(words[1:])
    fault = cron.fault(line)
    if fault is not None:
        return Times(fault=fault)
    second = words[0]
    if not second.isdecimal():
        return Times(line=line, differs=f"{_ONCE}, not at the seconds {second}", rarer=True)
    begins = f"it begins with the minute, not at its second {int(second)}"
    return Times(line=line, differs=begins if int(second) else "")


def _five(words: list[str]) -> str:
    """Return a line in one spacing, its Sunday called 0: a CronJob knows no weekday 7."""
    if len(words) == 5:
        words = [*words[:4], ",".join("0" if one == "7" else one for one in words[4].split(","))]
    return " ".join(words)


def _every(text: str) -> Times:
    try:
        seconds = durations.parse(text) // 1_000_000_000
    except ValueError:
        return Times(fault=f'"{text}" is no duration')
    if seconds <= 0:
        return Times(fault=f'"{text}" is no interval')
    if seconds < _MINUTE:
        return Times(line="* * * * *", differs=f"{_ONCE}, not every {text}", rarer=True)
    minutes = -(-seconds // _MINUTE)
    uneven = seconds % _MINUTE != 0
    rounded = f"a cluster counts whole minutes: it runs every {minutes}" if uneven else ""
    line = _interval(minutes * _MINUTE)
    differs = "; ".join(one for one in (rounded, _ON_THE_CLOCK if line else "") if one)
    return Times(line=line or f"@every {_shown(minutes)}", differs=differs, rarer=uneven)


def _interval(seconds: int) -> str:
    """Return the line for an interval that divides the hour, the day or is the week, or ''."""
    if seconds == _MINUTE:
        return "* * * * *"
    if seconds < _HOUR and _HOUR % seconds == 0:
        return f"*/{seconds // _MINUTE} * * * *"
    if seconds == _HOUR:
        return "0 * * * *"
    if seconds < _DAY and seconds % _HOUR == 0 and _DAY % seconds == 0:
        return f"0 */{seconds // _HOUR} * * *"
    if seconds == _DAY:
        return "0 0 * * *"
    return "0 0 * * 0" if seconds == 7 * _DAY else ""


def _shown(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{rest}m" if rest else "")
