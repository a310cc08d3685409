"""What a user may have meant by a name that does not exist."""

from collections.abc import Iterable


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that looks most like ``name``, or None where none looks like it."""
    # Errors are rare and difflib is not free to import.
    from difflib import get_close_matches

    by_lower_case = {candidate.lower(): candidate for candidate in sorted(candidates)}
    close = get_close_matches(name.lower(), by_lower_case, n=1)
    return by_lower_case[close[0]] if close else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """Return the remedy 'did you mean "..."?', or None where nothing looks like ``name``."""
    close = closest(name, candidates)
    return f'did you mean "{close}"?' if close else None


def one_of(names: Iterable[str]) -> str:
    """Return ``names`` as a text: '"a", "b" or "c"'."""
    return _joined(names, "or")


def listed(names: Iterable[str]) -> str:
    """Return ``names`` as a text: '"a", "b" and "c"'."""
    return _joined(names, "and")


def _joined(names: Iterable[str], word: str) -> str:
    *most, last = [f'"{name}"' for name in names]
    return f"{', '.join(most)} {word} {last}" if most else last
