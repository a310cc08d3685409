"""
A word that its field does not know.

## What it does
Finds values of fields that allow only certain words: policies, protocols, access modes,
operators, kinds of Services and volumes.  Upper and lower case count.

## Why it matters
The API server refuses the object.

## Example
    spec:
      accessModes: [ReadWriteOne]      # ReadWriteOnce

Use one of the words that are known.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.structure import Fault

RULE = Rule(id="word-unknown", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each word that its field does not know."""
    for item, faults in bundle.structure_faults:
        for one in faults:
            if one.fault is Fault.WORD:
                known = ", ".join(word or '""' for word in one.wanted)
                yield RULE.finding(
                    item.ref,
                    f'{one.field} is "{one.value}", and may be {known}',
                    field=one.field,
                    remedy=did_you_mean(str(one.value), one.wanted) or f"use one of {known}",
                )
