"""
What can be said of a live object, in the words of kstatus.

Source: https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
"""

from enum import StrEnum

import msgspec


class Status(StrEnum):
    """How far an object has come."""

    IN_PROGRESS = "InProgress"
    CURRENT = "Current"
    FAILED = "Failed"
    TERMINATING = "Terminating"
    NOT_FOUND = "NotFound"
    UNKNOWN = "Unknown"


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """
    A status, why it is so in one word, and in a sentence.

    ``warning`` is what a person should know although nothing waits for it.  ``patience_seconds`` is
    how long it is worth waiting when nothing moves; None: as long as for anything.
    """

    status: Status
    reason: str = ""
    message: str = ""
    warning: str = ""
    patience_seconds: float | None = None

    @property
    def is_current(self) -> bool:
        """Whether nothing is left to wait for."""
        return self.status is Status.CURRENT


PAUSED = "Paused"
"""The reason of a rollout that somebody stopped: it is not ready and will not become so."""


def current(message: str = "", *, reason: str = "", warning: str = "") -> Verdict:
    """Return that the object is as it should be."""
    return Verdict(Status.CURRENT, reason, message, warning)


def in_progress(reason: str, message: str) -> Verdict:
    """Return that the object is on its way."""
    return Verdict(Status.IN_PROGRESS, reason, message)


def failed(reason: str, message: str) -> Verdict:
    """Return that the object will not become ready by waiting."""
    return Verdict(Status.FAILED, reason, message)


NOT_FOUND = Verdict(Status.NOT_FOUND, "NotFound", "it does not exist")
