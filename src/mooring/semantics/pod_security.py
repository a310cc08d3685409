"""
The Pod Security Standards: what keeps pods from the levels *baseline* and *restricted*.

Versions: the standards of Kubernetes 1.25 to 1.36.  A namespace may ask for an older version
(``pod-security.kubernetes.io/enforce-version``); what is older than 1.25 is read as 1.25.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

import msgspec

from mooring.semantics.pods import PodTemplate
from mooring.semantics.security_controls import CONTROLS
from mooring.semantics.security_levels import NEWEST, OLDEST, Level


class Violation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    One value that one control forbids.

    ``value`` is None where a value is required and absent.  ``allowed`` says in words what the
    control allows at ``field``.
    """

    control: str
    level: Level
    field: str
    value: str | None
    allowed: str


def violations(
    pod: PodTemplate, level: Level = Level.RESTRICTED, *, minor: int = NEWEST
) -> tuple[Violation, ...]:
    """Return all that keeps ``pod`` from ``level``; a pod without violations is admitted."""
    if level is Level.PRIVILEGED:
        return ()
    minor = min(max(minor, OLDEST), NEWEST)
    found: list[Violation] = []
    for control in CONTROLS:
        if minor < control.since or (level is Level.BASELINE and control.level != level):
            continue
        if level is Level.RESTRICTED and control.replaced_from <= minor:
            continue
        found.extend(
            Violation(
                control=control.id,
                level=control.level,
                field=each.field,
                value=each.value,
                allowed=control.allowed,
            )
            for each in control.find(pod, minor)
        )
    return tuple(found)


def level_of(pod: PodTemplate, *, minor: int = NEWEST) -> Level:
    """Return the strictest level whose controls ``pod`` meets."""
    for level in (Level.RESTRICTED, Level.BASELINE):
        if not violations(pod, level, minor=minor):
            return level
    return Level.PRIVILEGED
