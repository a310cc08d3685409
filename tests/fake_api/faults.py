"""Which requests fail, and how."""

import fnmatch
from collections.abc import Callable
from enum import Enum
from typing import Any

import msgspec
from tests.fake_api.seen import Seen

WRITES = frozenset({"apply", "create", "replace", "patch", "delete"})


class On(msgspec.Struct, frozen=True, kw_only=True):
    """
    Which requests: all that are not None must match, names as globs.

    ``verb`` is get, list, watch, apply, create, replace, patch, delete, log, discovery or other;
    "write" stands for all that write.  ``skip`` requests are let pass, then ``times`` are met.
    """

    verb: str | None = None
    kind: str | None = None
    namespace: str | None = None
    name: str | None = None
    user: str | None = None
    skip: int = 0
    times: int | None = 1
    dry_run: bool | None = None

    def matches(self, seen: Seen) -> bool:
        """Return whether ``seen`` is such a request, whatever came before it."""
        if self.verb == "write":
            if seen.verb not in WRITES:
                return False
        elif self.verb is not None and self.verb != seen.verb:
            return False
        if self.dry_run is not None and self.dry_run != seen.is_dry_run:
            return False
        pairs = (
            (self.kind, seen.kind),
            (self.namespace, seen.namespace),
            (self.name, seen.name),
            (self.user, seen.user),
        )
        return all(want is None or fnmatch.fnmatch(have, want) for want, have in pairs)


class What(Enum):
    """What happens."""

    STATUS = "status"
    RESET = "reset"
    """The connection is cut before anything is done."""
    RESET_AFTER = "reset after"
    """It is done, and the connection is cut instead of an answer."""
    HANG = "hang"
    """Nothing is done or answered."""
    HANG_AFTER = "hang after"
    """It is done, and nothing is answered."""
    SILENT = "silent"
    """A watch is accepted and never says anything."""
    STALE = "stale"
    """A list is answered as it was ``versions`` changes ago."""
    SLOW = "slow"
    CALL_BEFORE = "call before"
    CALL_AFTER = "call after"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to a request; make one with the functions below."""

    what: What
    code: int = 0
    reason: str = ""
    message: str = ""
    headers: dict[str, str] = {}
    details: dict[str, Any] = {}
    seconds: float = 0.0
    versions: int = 0
    call: Callable[[Seen], None] | None = None

    @staticmethod
    def status(
        code: int, reason: str = "", message: str = "", *, retry_after: int | None = None
    ) -> "Fault":
        """Refuse with a Status and do nothing."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        words = {
            403: "Forbidden",
            409: "Conflict",
            410: "Expired",
            422: "Invalid",
            429: "TooManyRequests",
            500: "InternalError",
            503: "ServiceUnavailable",
        }
        return Fault(
            what=What.STATUS,
            code=code,
            reason=reason or words.get(code, ""),
            message=message or f"the script says {code}",
            headers=headers,
        )

    @staticmethod
    def reset(*, after_commit: bool = False) -> "Fault":
        """Cut the connection."""
        return Fault(what=What.RESET_AFTER if after_commit else What.RESET)

    @staticmethod
    def hang(*, after_commit: bool = False) -> "Fault":
        """Never answer."""
        return Fault(what=What.HANG_AFTER if after_commit else What.HANG)

    @staticmethod
    def silent() -> "Fault":
        """Accept a watch and say nothing."""
        return Fault(what=What.SILENT)

    @staticmethod
    def stale(versions: int) -> "Fault":
        """Answer a list as it was ``versions`` changes ago, as a follower behind its leader."""
        return Fault(what=What.STALE, versions=versions)

    @staticmethod
    def slow(seconds: float) -> "Fault":
        """Answer after ``seconds``."""
        return Fault(what=What.SLOW, seconds=seconds)

    @staticmethod
    def calling(call: Callable[[Seen], None], *, after_commit: bool = False) -> "Fault":
        """Call a function (which may end the client) before or after the request is carried out."""
        return Fault(what=What.CALL_AFTER if after_commit else What.CALL_BEFORE, call=call)


class Script:
    """The faults to come, in the order in which they were added."""

    def __init__(self) -> None:
        self._entries: list[list[Any]] = []

    def add(self, on: On, fault: Fault) -> None:
        """Let ``fault`` happen to the requests ``on``."""
        self._entries.append([on, fault, on.skip, on.times])

    def clear(self) -> None:
        """Let nothing fail any more."""
        self._entries.clear()

    def take(self, seen: Seen) -> Fault | None:
        """Return what happens to ``seen``, and count it."""
        for entry in self._entries:
            on, fault, skip, times = entry
            if times == 0 or not on.matches(seen):
                continue
            if skip:
                entry[2] -= 1
                continue
            if times is not None:
                entry[3] -= 1
            return fault  # type: ignore[no-any-return]
        return None

    @property
    def left(self) -> int:
        """How many limited faults have not happened yet."""
        return sum(entry[3] for entry in self._entries if entry[3] is not None)
