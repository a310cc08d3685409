"""
A field that must be there and is not.

## What it does
Finds objects of Kubernetes' own kinds without a field that their type demands: a container
without a name, a Deployment without a selector, an Ingress path without a type.

## Why it matters
The API server refuses the object.

## Example
    paths:
    - path: /                          # pathType: Prefix
      backend: {service: {name: web, port: {number: 80}}}

Add the field.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.structure import Fault

RULE = Rule(id="required-field-missing", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each field that has to be there and is not."""
    for item, faults in bundle.structure_faults:
        for one in faults:
            if one.fault is Fault.MISSING:
                where, _, name = one.field.rpartition(".")
                yield RULE.finding(
                    item.ref,
                    f'{where or "the object"} has no "{name}", which must be there',
                    field=one.field,
                    remedy=f'add "{name}"',
                )
