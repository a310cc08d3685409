"""
A field that the API server lets nobody change.

## What it does
Compares objects with what they were before (`--baseline DIR`, `--baseline cluster`, `--since REV`)
and finds changes that an existing object does not take: the selector of a workload, most of a
StatefulSet, the template of a Job, the class or the access modes of a claim, the role of a binding,
the data of what is said to be immutable, the cluster address of a Service.

## Why it matters
The first installation is fine, and every cluster in which the object exists refuses the change:
`field is immutable`.  What was applied before it stays, what comes after it does not come.

## Example
    kind: StatefulSet
    spec:
      serviceName: db-headless      # it was db

Take the change back, or make the object anew: delete it (a StatefulSet with `--cascade=orphan`)
before the change is applied, or give the new one another name.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates
- https://kubernetes.io/docs/concepts/workloads/controllers/job/
"""

from collections.abc import Iterator
from typing import Any

from mooring.check import earlier, hooks
from mooring.check.bundle import Bundle
from mooring.facts import defaults
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import immutable, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.immutable import Frozen, Path
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item

RULE = Rule(id="immutable-field-changed", severity=Severity.ERROR, since="0.1", group="api")

_ADDRESS = ("spec", "clusterIP")
_HEADLESS = "None"
_MOST = 3
_SHOWN = frozenset(
    {"serviceName", "storageClassName", "podManagementPolicy", "storage", "name", "kind", "type",
     "provisioner", "controller", "scope", "group", "value", "volumeBindingMode", "reclaimPolicy"}
)  # fmt: skip
"""Fields whose values are no secrets, and short."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object that cannot become what it is said to be."""
    for item, was in earlier.pairs(bundle):
        if item.kind == kinds.SERVICE:
            found = list(_address(item, was))
        else:
            frozen = immutable.of(item.kind, was.manifest)
            if frozen is None or hooks.of(item) or item.controller is not None:
                continue
            found = list(_changed(frozen, item, was))
        if not found:
            continue
        shown = "; ".join(_told(*one) for one in found[:_MOST])
        more = f"; and {len(found) - _MOST} more" if len(found) > _MOST else ""
        yield RULE.finding(
            item.ref,
            f"it changes what cannot be changed: {shown}{more}",
            field=_field(found[0][0]),
            remedy=_remedy(item),
        )


def _changed(frozen: Frozen, item: Item, was: Item) -> Iterator[tuple[Path, Any, Any]]:
    before, after = (defaults.without_defaults(one.manifest) for one in (was, item))
    usual = _USUAL.get(item.kind, {})
    for path, had, wanted in immutable.changes({**usual, **before}, {**usual, **after}):
        # What a server fills in is in what it had, and in no manifest.
        if frozen.has(path) and not (wanted is None and item.kind in _FILLED_IN):
            yield path, had, wanted


_USUAL: dict[GroupKind, Manifest] = {
    kinds.SECRET: {"type": "Opaque"},
    kinds.STORAGE_CLASS: {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
}
"""What holds where nothing is said, beside the specification of an object."""
_FILLED_IN = (kinds.CLAIM, kinds.VOLUME)
"""Kinds that controllers complete: by the class, the volume, the claim."""


def _address(item: Item, was: Item) -> Iterator[tuple[Path, Any, Any]]:
    if "ExternalName" in (item.spec.get("type"), was.spec.get("type")):
        return
    had, wanted = was.spec.get("clusterIP"), item.spec.get("clusterIP")
    # Without a word the address, or having none, stays as it is.
    if wanted is not None and had != wanted and _HEADLESS in (had, wanted):
        yield _ADDRESS, had, wanted


def _told(path: Path, before: Any, after: Any) -> str:
    field = _field(path)
    is_plain = all(isinstance(one, (str, int)) or one is None for one in (before, after))
    if is_plain and (path[-1] in _SHOWN or path[1:2] == ("selector",) or path == _ADDRESS):
        return f"{field} was {_shown(before)} and is {_shown(after)}"
    return field


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _field(path: Path) -> str:
    made = ""
    for step in path:
        if step.startswith("["):
            made += step
        elif "." in step or "/" in step:
            made += f'["{step}"]'
        else:
            made += f".{step}" if made else step
    return made


def _remedy(item: Item) -> str:
    if item.kind == kinds.STATEFUL_SET:
        return (
            "take it back, or delete the set with --cascade=orphan before: its pods and claims stay"
        )
    if item.kind == kinds.JOB:
        return "put the version or a hash into its name, or delete it before"
    if item.kind in (kinds.CLAIM, kinds.VOLUME):
        return "take it back, or make another one and bring the data over"
    return "take it back, or delete the object before: mooring up says what that costs"
