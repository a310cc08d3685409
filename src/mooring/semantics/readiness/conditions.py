"""Conditions and generations: what every kind has in common."""

from datetime import datetime

from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.verdicts import Status, Verdict, failed, in_progress


def condition(live: Manifest, kind: str) -> Manifest:
    """Return the condition of the type ``kind``, empty where there is none."""
    for _, one in fields.mappings(fields.at(live, "status", "conditions")):
        if one.get("type") == kind:
            return one
    return {}


def is_true(live: Manifest, kind: str) -> bool:
    """Tell whether the condition ``kind`` is there and true."""
    return condition(live, kind).get("status") == "True"


def said(one: Manifest) -> tuple[str, str]:
    """Return the reason and the message of a condition."""
    return fields.text(one.get("reason")) or "", fields.text(one.get("message")) or ""


def number(live: Manifest, *path: str, default: int = 0) -> int:
    """Return the whole number at ``path``, ``default`` where there is none."""
    found = fields.integer(fields.at(live, *path))
    return default if found is None else found


def general(live: Manifest) -> Verdict | None:
    """Return what kstatus says of any kind before it looks at the kind; None: nothing yet."""
    if fields.at(live, "metadata", "deletionTimestamp") is not None:
        return Verdict(Status.TERMINATING, "Deletion", "it is being deleted")
    observed = fields.integer(fields.at(live, "status", "observedGeneration"))
    generation = fields.integer(fields.at(live, "metadata", "generation"))
    if observed is not None and generation is not None and observed != generation:
        told = f"its controller has seen generation {observed} of {generation}"
        return in_progress("LatestGenerationNotObserved", told)
    if is_true(live, "Reconciling"):
        reason, message = said(condition(live, "Reconciling"))
        return in_progress(reason or "Reconciling", message)
    if is_true(live, "Stalled"):
        reason, message = said(condition(live, "Stalled"))
        return failed(reason or "Stalled", message)
    return None


def seconds(text: object) -> float | None:
    """Return a time of the API (RFC 3339) in seconds since 1970, None where there is none."""
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None
