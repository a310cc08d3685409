"""What goes with a failure: the last lines of a log, and the next command to type."""

from typing import TYPE_CHECKING

from mooring.cluster import errors
from mooring.deploy.redaction import Redactor
from mooring.deploy.view import View
from mooring.errors import ClusterError
from mooring.refs import ObjectRef
from mooring.semantics import failing, kinds
from mooring.semantics.failing import Trouble
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.around import Budget

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_LINES = 30


def trouble_of(view: View, live: Manifest | None) -> Trouble | None:
    """Return what is wrong with ``live`` first of all, None where nothing is known."""
    if live is None:
        return None
    around = view.around(live, now=0.0, budget=Budget())
    return failing.worst(around.pods, around, (live, *around.replica_sets))


async def log_of(
    client: "Client", ref: ObjectRef, trouble: Trouble | None, redact: Redactor
) -> tuple[str, ...]:
    """Return the last lines of the container in trouble, secrets masked; none where none ran."""
    if trouble is None or not trouble.container or not trouble.has_run:
        return ()
    pod = ObjectRef("v1", "Pod", trouble.pod, ref.namespace)
    # A container that was started again has said why it ended in the run before.
    for previous in (True, False) if trouble.restarts else (False,):
        try:
            text = await client.logs(pod, trouble.container, previous=previous, tail=_LINES)
        except (errors.Refused, ClusterError):
            continue
        if text.strip():
            return tuple(redact(line) for line in text.rstrip().splitlines()[-_LINES:])
    return ()


def remedy(ref: ObjectRef, reason: str, trouble: Trouble | None) -> str:
    """Return the next command to type, or the thing to do."""
    space = f" -n {ref.namespace}" if ref.namespace else ""
    for known in (reason, trouble.reason if trouble is not None else ""):
        if known in _REMEDIES:
            return _REMEDIES[known]
    if trouble is not None and trouble.container and trouble.has_run:
        previous = " --previous" if trouble.restarts else ""
        return f"kubectl logs{space} {trouble.pod} -c {trouble.container}{previous}"
    if trouble is not None and trouble.pod:
        return f"kubectl describe pod{space} {trouble.pod}"
    kind = kinds.group_kind(ref.api_version, ref.kind).kind.lower()
    return f"kubectl describe {kind}{space} {ref.name}"


_CORRECT = "make what is named in that namespace, or correct the name or key in the manifest"
_REMEDIES = {
    "UnknownKind": "install its CustomResourceDefinition first, or correct apiVersion and kind",
    "ImageNotFound": "build and push the image, or correct its name or tag",
    "RegistryUnknown": "correct the registry in the name of the image (`registry:` of the "
    "environment in mooring.yaml), or give the nodes a DNS that knows it",
    "ImageRefused": "log the nodes in to the registry (imagePullSecrets), or correct the name",
    "WrongArchitecture": "build the image for the machines of the nodes (docker buildx --platform)",
    "QuotaExceeded": "raise the quota of the namespace, or ask for less",
    "AmountsMissing": "give its containers the amounts that are named (resources), or the "
    "namespace a LimitRange with defaults",
    "InvalidImageName": "correct the name of the image",
    "ErrImageNeverPull": "load the image onto the nodes (kind load, k3d image import)",
    "Invalid": "correct in the manifest what the server names",
    "NotFound": "make what is not found first (a namespace, the definition of a kind), or correct "
    "its name",
    "ProgramNotFound": "correct the command, or take an image that holds the program",
    "OutOfMemory": "raise its memory limit, or let it take less",
    "CreateContainerConfigError": _CORRECT,
    "ConfigurationMissing": _CORRECT,
    "ServiceAccountMissing": "make the ServiceAccount in that namespace, or correct its name",
    "VolumeNotMade": "see whether what makes the volumes of its StorageClass runs, or name another "
    "class",
    "StorageClassMissing": "kubectl get storageclass shows those there are: correct the name, or "
    "make the class",
}
