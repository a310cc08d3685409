"""
Durations as the loaded project writes them: "1m30s", "500ms", "1.5s".

Source: https://pkg.go.dev/time#ParseDuration
"""

from functools import lru_cache

from mooring.patterns import LazyPattern

_PART = LazyPattern(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
}


@lru_cache(maxsize=256)
def seconds(text: str) -> float:
    """
    Return the seconds that ``text`` says; "0" and "" are 0, a leading "-" makes it negative.

    The loader has checked the text, so what is no duration is not looked for here.
    """
    total = sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
    return -total if text.startswith("-") else round(total, 9)


def is_whole(value: float) -> bool:
    """Tell whether ``value`` seconds can stand in a field that counts whole seconds."""
    return value == int(value)
