"""
Whether a request is made once more, and when.

What a server has certainly not done may always be asked again: it said 429, or no connection came
about.  What it may have done only where doing it twice is doing it once.  A server that has
answered before gets time to come back; one that never did is told to the user soon, because its
address is more likely wrong than its machine restarting.
"""

from enum import Enum
from typing import Final

import msgspec

PATIENCE_SECONDS: Final = 30.0
"""How long a server that has answered before may be away."""
_FIRST_CONTACT_SECONDS: Final = 1.0
_FAULTS: Final = 4
"""Tries against a server that answers 500: a webhook that fails does so for ever."""
_LONGEST_WAIT_SECONDS: Final = 5.0
_LONGEST_RETRY_AFTER_SECONDS: Final = 60.0


class Failing(Enum):
    """How a try failed."""

    NOT_SENT = "not sent"
    """There was no connection."""
    LOST = "lost"
    """It was sent, or a part of it, and no answer came."""
    BUSY = "busy"
    """The server said 429: it has not done it."""
    FAULT = "fault"
    """The server said 500 or more."""


class Tries(msgspec.Struct):
    """The tries of one request so far; ``started`` by the clock of the caller, in seconds."""

    started: float
    is_repeatable: bool
    was_reached: bool
    """Whether the server has answered anything since the connection was opened."""
    count: int = 0
    losses: int = 0

    def wait_seconds(
        self, failing: Failing, now: float, *, retry_after: float | None
    ) -> float | None:
        """Return how long to wait before the next try, None for no other try."""
        self.count += 1
        self.losses += failing is Failing.LOST
        wait: float = min(_LONGEST_WAIT_SECONDS, 0.1 * 2 ** (self.count - 1))
        patience = PATIENCE_SECONDS if self.was_reached else _FIRST_CONTACT_SECONDS
        if failing is Failing.BUSY:
            wait = min(retry_after or wait, _LONGEST_RETRY_AFTER_SECONDS)
            patience = PATIENCE_SECONDS + _LONGEST_RETRY_AFTER_SECONDS
        elif failing is not Failing.NOT_SENT and not self.is_repeatable:
            return None
        elif failing is Failing.LOST and self.was_reached and self.losses == 1:
            return wait  # However long it took: one loss says nothing of the next try.
        elif failing is Failing.FAULT:
            if self.count >= _FAULTS:
                return None
            wait = max(wait, min(retry_after or 0.0, _LONGEST_WAIT_SECONDS))
        return None if now + wait - self.started > patience else wait


def retry_after(header: str | None) -> float | None:
    """Return the seconds of a `Retry-After` header; API servers never send its date form."""
    text = (header or "").strip()
    return float(text) if text.isdigit() else None
