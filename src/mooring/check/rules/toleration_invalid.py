"""
A toleration that contradicts itself.

## What it does
Finds tolerations with `operator: Exists` and a value, without a key and with another operator, or
with `tolerationSeconds` and an effect other than NoExecute.

## Why it matters
The API server refuses the object.

## Example
    tolerations: [{key: gpu, operator: Exists, value: "true", effect: NoSchedule}]

Leave the value out, or use `operator: Equal`.

## References
- https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

RULE = Rule(id="toleration-invalid", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each toleration that the API server refuses."""
    for pod in bundle.pods:
        for index, toleration in fields.mappings(pod.spec.get("tolerations")):
            told = _fault(toleration)
            if told is not None:
                yield RULE.finding(
                    pod.owner,
                    f"a toleration {told[0]}",
                    field=f"{pod.path}.tolerations[{index}]",
                    remedy=told[1],
                )


def _fault(toleration: Manifest) -> tuple[str, str] | None:
    operator = toleration.get("operator") or "Equal"
    if operator == "Exists" and toleration.get("value"):
        return f"of {toleration.get('key')} exists and has the value {toleration['value']}", (
            "leave the value out, or use operator: Equal"
        )
    if operator == "Equal" and not toleration.get("key"):
        return "has no key, which only operator Exists may have", "add operator: Exists"
    if toleration.get("tolerationSeconds") is not None and toleration.get("effect") != "NoExecute":
        return "ends after some seconds, which only NoExecute can", (
            "leave tolerationSeconds out, or use effect: NoExecute"
        )
    return None
