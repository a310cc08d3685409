"""CronJobs: there is nothing to wait for."""

from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.verdicts import Verdict, current


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus: always current."""
    return current()


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict, which warns of one that never runs."""
    suspended = fields.at(live, "spec", "suspend") is True
    return current(warning="it is suspended and never runs" if suspended else "")
