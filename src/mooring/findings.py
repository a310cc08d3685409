"""
What is told to the user about the input or an object: rule, severity, subject, message, remedy.

A finding is a result, never a log line.  Its subject is a position in a user's file, an object,
or both.
"""

from enum import StrEnum

import msgspec

from mooring.refs import ObjectRef
from mooring.sources import Position


class Severity(StrEnum):
    """How bad it is: an outage or a loss, a risk, or something to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(StrEnum):
    """How sure the rule is that the finding is true here."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Safety(StrEnum):
    """Whether a fix may be applied without asking."""

    SAFE = "safe"
    NEEDS_CONFIRMATION = "needs-confirmation"
    NEVER_AUTOMATIC = "never-automatic"


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """A change that removes the cause: a patch in JSON Patch form and how safe it is."""

    description: str
    safety: Safety
    patch: tuple[dict[str, object], ...] = ()


class Alike(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What is said of many findings of a rule at once, so that a person reads it once.

    ``message`` has their number for ``{count}``; ``item`` is what tells this one from the others.
    """

    message: str
    item: str
    remedy: str | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """
    One statement about one subject, with what to do about it.

    ``alike`` is for findings that come in numbers and differ in a name alone.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str | None = None
    position: Position | None = None
    ref: ObjectRef | None = None
    field: str | None = None
    confidence: Confidence = Confidence.HIGH
    fix: Fix | None = None
    alike: Alike | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """
    A defect that can be found; ``id`` names the defect and reads well after "allow ...".

    ``group`` is the chapter of the reference in which its page stands.  A rule that is ``opt_in``
    looks only where it is asked for by name: many disagree with it, or it guesses.
    """

    id: str
    severity: Severity
    since: str
    confidence: Confidence = Confidence.HIGH
    group: str = ""
    opt_in: bool = False

    def finding(
        self,
        subject: Position | ObjectRef | None,
        message: str,
        *,
        remedy: str | None = None,
        position: Position | None = None,
        field: str | None = None,
        fix: Fix | None = None,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        alike: Alike | None = None,
    ) -> Finding:
        """
        Return a finding of this rule about ``subject``.

        ``severity`` and ``confidence`` are for what is less, or less certain, than the rule's own.
        """
        return Finding(
            rule=self.id,
            severity=severity or self.severity,
            confidence=confidence or self.confidence,
            message=message,
            remedy=remedy,
            position=subject if isinstance(subject, Position) else position,
            ref=subject if isinstance(subject, ObjectRef) else None,
            field=field,
            fix=fix,
            alike=alike,
        )
