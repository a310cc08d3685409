"""Namespaces: one that ends takes nothing in, and has to be gone before it can be made again."""

from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.verdicts import Status, Verdict, current


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus, which has no rule for namespaces."""
    return current()


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict."""
    if fields.at(live, "status", "phase") == "Terminating":
        return Verdict(Status.TERMINATING, "Terminating", "it is ending and takes nothing in")
    return current("it is active")
