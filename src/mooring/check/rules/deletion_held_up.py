"""
An object that is being deleted and does not go.

## What it does
Looks at what a cluster is deleting, live or in what kubectl wrote, and finds objects that wait for
a finalizer: who holds them, as far as the cluster tells it.

## Why it matters
Whoever set a finalizer has to take it away.  Where that program is gone, or waits itself, the
object stays for ever, and with it its namespace, its volume, or whoever wants to make it anew.

## Example
    metadata:
      deletionTimestamp: "2026-11-30T08:00:00Z"
      finalizers: [database.example.com/backup]     # and its operator was removed before

Bring the program back that holds it.  Take the finalizer away by hand only once what it guards is
cleaned up.

## References
- https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle, Going
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds

RULE = Rule(id="deletion-held-up", severity=Severity.WARNING, since="0.1", group="api")

_SOON = 5
"""Minutes that a deletion may well take."""
_OF_CLAIMS = "kubernetes.io/pvc-protection"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object that somebody holds."""
    mounted = _mounted(bundle) if bundle.going else {}
    for one in bundle.going:
        held = _finalizers(one)
        if not held or (one.minutes is not None and one.minutes < _SOON):
            continue
        since = fields.text(fields.at(one.manifest, "metadata", "deletionTimestamp"))
        holder = _holder(mounted, one, held)
        yield RULE.finding(
            _ref(one),
            f"it is being deleted since {since}, and waits for {', '.join(held)}"
            + (f": {holder}" if holder else ""),
            field="metadata.finalizers",
            position=one.position,
            remedy="let what set the finalizer finish; take it away by hand only once what it "
            "guards is cleaned up",
            confidence=Confidence.MEDIUM if one.minutes is None else None,
        )


def _finalizers(one: Going) -> tuple[str, ...]:
    own = fields.texts(fields.at(one.manifest, "metadata", "finalizers"))
    return (*own, *fields.texts(fields.at(one.manifest, "spec", "finalizers")))


def _holder(
    mounted: dict[tuple[str, str], ObjectRef], one: Going, held: tuple[str, ...]
) -> str | None:
    """Return who holds it, in words; None where nothing tells."""
    if _OF_CLAIMS in held:
        ref = _ref(one)
        user = mounted.get((ref.namespace or "", ref.name))
        return f"{user} mounts it" if user is not None else None
    for _, condition in fields.mappings(fields.at(one.manifest, "status", "conditions")):
        remains = str(condition.get("type")).startswith("Namespace")
        if remains and condition.get("status") == "True" and condition.get("message"):
            return str(condition["message"])
    return None


def _mounted(bundle: Bundle) -> dict[tuple[str, str], ObjectRef]:
    """Return who mounts each claim, by its namespace and name; the first of several."""
    found: dict[tuple[str, str], ObjectRef] = {}
    for pod in bundle.pods:
        for _, volume in pod.volumes.values():
            name = fields.text(fields.at(volume, "persistentVolumeClaim", "claimName"))
            if name is not None:
                found.setdefault((pod.namespace, name), pod.owner)
    return found


def _ref(one: Going) -> ObjectRef:
    metadata = fields.mapping(one.manifest.get("metadata"))
    version, kind = str(one.manifest.get("apiVersion")), str(one.manifest.get("kind"))
    is_of_none = kinds.is_cluster_scoped(kinds.group_kind(version, kind))
    namespace = None if is_of_none else fields.text(metadata.get("namespace"))
    return ObjectRef(version, kind, str(metadata.get("name")), namespace)
