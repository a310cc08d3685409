"""
Which Services have nothing behind them: their selectors match no pods that are deployed with them.

Somebody else may make such pods, an operator or another release, so it is no failure; but a Service
that selects nothing by a slip of the pen is ready for ever, and answers nobody.
"""

from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, pods
from mooring.semantics.objects import ManifestSet
from mooring.semantics.selection import labels_selector


def without_pods(objects: ManifestSet) -> frozenset[ObjectRef]:
    """Return the Services with a selector that matches no pod template of ``objects``."""
    services = {
        item.ref: labels_selector(selector)
        for item in objects.of_kind(kinds.SERVICE)
        if (selector := fields.labels(item.spec.get("selector")))
    }
    if not services:
        return frozenset()
    found = [
        (item.namespace, template.labels)
        for item in objects
        if (template := pods.template(item.ref, item.kind, item.manifest)) is not None
    ]
    return frozenset(
        ref
        for ref, wanted in services.items()
        if not any(
            wanted.matches(labels) for namespace, labels in found if namespace == ref.namespace
        )
    )
