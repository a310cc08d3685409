"""
An Ingress that asks for no controller.

## What it does
Finds Ingresses that name no class.  It is certain where the input has classes and marks none as
the default one; without any class in the input the cluster may have a default one, and it is a
doubt.  Where mooring.yaml settles the class of the cluster nothing is said.

## Why it matters
Without a default class no controller takes the Ingress, and where several controllers run any of
them may.

## Example
    kind: Ingress
    spec: {rules: [...]}              # no ingressClassName, and no class is the default one

Set ingressClassName.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class
"""

from collections.abc import Iterator

from mooring.check import fixes, ingresses
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Safety, Severity
from mooring.semantics import kinds

RULE = Rule(id="ingress-without-class", severity=Severity.WARNING, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Ingress that leaves its controller to chance."""
    classes = ingresses.Classes(bundle)
    if classes.default or (bundle.cluster is not None and bundle.cluster.ingress_class):
        return
    names = sorted(classes.by_name)
    for item in bundle.of_kind(kinds.INGRESS):
        if ingresses.class_of(item) is not None:
            continue
        yield RULE.finding(
            item.ref,
            f"it names no class, and none of {', '.join(names)} is the default one"
            if names
            else "it names no class, and only a default class of the cluster would take it",
            field="spec.ingressClassName",
            remedy=f"set ingressClassName: {names[0]}"
            if len(names) == 1
            else "set ingressClassName",
            confidence=None if names and bundle.is_whole else Confidence.MEDIUM,
            fix=fixes.put(
                item.manifest,
                "spec.ingressClassName",
                names[0],
                description=f"ask for {names[0]}, the only class there is",
                safety=Safety.NEEDS_CONFIRMATION,
            )
            if len(names) == 1
            else None,
        )
