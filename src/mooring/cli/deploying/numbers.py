"""Numbers of the command line."""

from mooring.errors import UsageError


def seconds(text: str | None, option: str) -> float:
    """
    Return a number of seconds; "5m" and "1h" are understood, too.

    Raises:
        UsageError: it is none.
    """
    given = (text or "").strip()
    factor = {"s": 1, "m": 60, "h": 3600}.get(given[-1:], 0)
    digits = given[:-1] if factor else given
    try:
        found = float(digits) * (factor or 1)
    except ValueError:
        found = -1.0
    if found < 0:
        raise UsageError(
            f'{option} "{text}" is no number of seconds', remedy=f"write it as in {option} 300"
        )
    return found


def count(text: str | None, option: str) -> int | None:
    """
    Return a whole number, None where none is given.

    Raises:
        UsageError: it is none.
    """
    if text is None:
        return None
    if not text.isdigit():
        raise UsageError(f'{option} "{text}" is no number', remedy=f"write it as in {option} 3")
    return int(text)
