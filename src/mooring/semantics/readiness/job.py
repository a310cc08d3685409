"""
Jobs: done is what has completed.

kstatus takes a running Job for Current, which would start an application beside its migration.  A
Job that vanished (``ttlSecondsAfterFinished``) is done only if its completion was seen before; that
memory is the caller's, see `vanished`.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions
"""

from mooring.semantics import failing, fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.conditions import number
from mooring.semantics.readiness.verdicts import (
    NOT_FOUND,
    Status,
    Verdict,
    current,
    failed,
    in_progress,
)


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus."""
    succeeded = number(live, "status", "succeeded")
    if conditions.is_true(live, "Complete"):
        return current(f"completed, {succeeded} succeeded")
    if conditions.is_true(live, "Failed"):
        reason, message = conditions.said(conditions.condition(live, "Failed"))
        return failed(reason or "JobFailed", message)
    if conditions.is_true(live, "Suspended") and fields.at(live, "spec", "suspend") is True:
        return current("suspended")
    if fields.at(live, "status", "startTime") is None:
        return in_progress("JobNotStarted", "it has not started yet")
    return current("it runs")


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: current is what has completed."""
    succeeded = number(live, "status", "succeeded")
    for name in ("Complete", "SuccessCriteriaMet"):
        if conditions.is_true(live, name):
            return current("completed", reason="Complete")
    for name in ("Failed", "FailureTarget"):
        if conditions.is_true(live, name):
            reason, message = conditions.said(conditions.condition(live, name))
            cause = failing.worst(around.pods, around)
            told = f"{message or reason}: {cause.message}" if cause else message or reason
            return failed(reason or "JobFailed", told)
    if fields.at(live, "spec", "suspend") is True:
        return current(warning="it is suspended and does not run", reason="Suspended")
    if fields.at(live, "status", "startTime") is None:
        verdict = in_progress("JobNotStarted", "it has not started yet")
    else:
        wanted = number(live, "spec", "completions", default=1)
        failures = number(live, "status", "failed")
        tries = f", {failures} tries failed" if failures else ""
        told = f"{succeeded} of {wanted} completed{tries}"
        verdict = in_progress("JobRunning", told)
    # Its own backoffLimit bounds how often it is tried: only what no try can mend ends it here.
    return failing.judged(verdict, around.pods, around, refused=(live,), counts_restarts=False)


def vanished(*, seen_complete: bool, succeeded: int, wanted: int, events: str) -> Verdict:
    """
    Return what is to be said of a Job that was there and is gone.

    ``seen_complete`` says whether its completion was seen, ``succeeded`` how many of its
    ``wanted`` pods were seen to succeed, ``events`` what is known of it otherwise.
    """
    if seen_complete or succeeded >= max(wanted, 1):
        return current("completed, and removed since", reason="Complete")
    if events:
        return Verdict(Status.FAILED, "JobVanished", f"it is gone and was not done: {events}")
    return NOT_FOUND
