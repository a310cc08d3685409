"""
A value of another type than its field has.

## What it does
Finds numbers and truth values where a text belongs (`env`, labels, annotations, ConfigMap data),
texts where a number belongs, single values where a list belongs, and quantities that are none.

## Why it matters
The API server refuses the object.  YAML reads `yes`, `8080` and `1.0` as no texts; a variable or
an annotation needs them in quotes.

## Example
    env:
    - {name: DEBUG, value: true}      # "true"
    - {name: PORT, value: 8080}       # "8080"

Put it in quotes, or write what the field wants.

## References
- https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.structure import Fault

RULE = Rule(id="value-of-wrong-type", severity=Severity.ERROR, since="0.1", group="api")

_TYPES = {
    bool: "a truth value",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a mapping",
    type(None): "nothing",
}


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each value whose type is not that of its field."""
    for item, faults in bundle.structure_faults:
        for one in faults:
            if one.fault is not Fault.TYPE:
                continue
            (wanted,) = one.wanted
            found = _TYPES.get(type(one.value), "something else")
            in_quotes = wanted == "a text" and isinstance(one.value, bool | int | float)
            yield RULE.finding(
                item.ref,
                f"{one.field or 'the object'} is {found}, and has to be {wanted}",
                field=one.field,
                remedy="put it in quotes" if in_quotes else f"write {wanted}",
            )
