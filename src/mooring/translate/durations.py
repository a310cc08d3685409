"""
Durations as the loaded project writes them: "1m30s", "500ms", "1.5s".

Source: https://pkg.go.dev/time#ParseDuration
"""

from functools import lru_cache

from mooring.compose import durations

_NANOSECONDS = 1_000_000_000


@lru_cache(maxsize=256)
def seconds(text: str) -> float:
    """
    Return the seconds that ``text`` says; "0" and "" are 0, a leading "-" makes it negative.

    The loader has checked the text: what is no duration can only be one that stands for nothing.
    """
    try:
        return durations.parse(text) / _NANOSECONDS
    except durations.InvalidDuration:
        return 0.0


def is_whole(value: float) -> bool:
    """Tell whether ``value`` seconds can stand in a field that counts whole seconds."""
    return value == int(value)
