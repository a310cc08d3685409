"""
Claims for volumes.

A class whose volumes are made for the first pod (WaitForFirstConsumer) leaves a claim pending until
one comes: to wait for it before the pod would be to wait for ever.

Source: https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode
"""

from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.around import NO_CLASS, Around
from mooring.semantics.readiness.verdicts import Verdict, current, failed, in_progress

WAITS_FOR_POD = "WaitForFirstConsumer"


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus."""
    phase = fields.text(fields.at(live, "status", "phase")) or "Pending"
    if phase == "Bound":
        return current("it is bound")
    return in_progress("NotBound", f"it is {phase.lower()}")


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: a lost volume is lost, and nothing waits for the first consumer."""
    phase = fields.text(fields.at(live, "status", "phase")) or "Pending"
    if phase == "Lost":
        return failed("ClaimLost", "the volume that it was bound to is gone")
    if phase != "Bound" and around.binding_mode == WAITS_FOR_POD:
        return current("its volume is made when a pod asks for it", reason=WAITS_FOR_POD)
    verdict = theirs(live)
    if verdict.is_current:
        return verdict
    if around.binding_mode == NO_CLASS and any(_has_no_class(one) for one in around.events):
        name = fields.text(fields.at(live, "spec", "storageClassName"))
        return failed("StorageClassMissing", f"there is no StorageClass {name} in the cluster")
    told = [text for one in around.events if (text := fields.text(one.get("message")))]
    return in_progress(verdict.reason, told[-1] if told else verdict.message)


def _has_no_class(event: Manifest) -> bool:
    # A volume that was made by hand may have a class that is but a name.
    message = fields.text(event.get("message")) or ""
    return event.get("reason") == "ProvisioningFailed" and message.endswith("not found")
