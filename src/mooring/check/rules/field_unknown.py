"""
A field that its kind does not have.

## What it does
Finds fields that the type at that place does not know, in all kinds of Kubernetes itself:
mistyped, indented one step too far or too little, or of another version.

## Why it matters
`kubectl apply` refuses the object.  Whatever applies it without validation drops the field
without a word, and the probe, the limit or the selector that it was meant to be is not there.

## Example
    spec:
      containers:
      - name: web
        image: nginx:1.29.3
        resource: {limits: {memory: 64Mi}}     # resources

Correct the name or the indentation.

## References
- https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.structure import Fault

RULE = Rule(id="field-unknown", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each field that its type does not have."""
    for item, faults in bundle.structure_faults:
        for one in faults:
            # What SOPS adds is gone once the file is decrypted.
            if one.fault is Fault.UNKNOWN and one.field != "sops":
                where, _, name = one.field.rpartition(".")
                known = ", ".join(one.wanted[:8]) + (" ..." if len(one.wanted) > 8 else "")
                yield RULE.finding(
                    item.ref,
                    f'{where or "the object"} has no field "{name}"',
                    field=one.field,
                    remedy=did_you_mean(name, one.wanted)
                    or (f"known here: {known}" if known else "remove it"),
                )
