"""
An object without a name.

## What it does
Finds objects of built-in kinds whose `metadata.name` is missing or no text, and that ask for no
generated name.  A name such as `y`, `on` or `1e3` is read as another type where it is not quoted.

## Why it matters
The API server refuses the object, or a program that reads the file stops at it.  Whatever names
the object finds nothing.

## Example
    kind: ConfigMap
    metadata:
      name: on          # YAML reads true

Write `name: "on"`, or a better name.

## References
- https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube.schemas import served
from mooring.semantics import fields

RULE = Rule(id="object-without-name", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object of a built-in kind that has no name."""
    if not bundle.objects.strays:
        return
    known = served.packed().served
    entries = {id(one.manifest): one for one in bundle.entries}
    for stray in bundle.objects.strays:
        kind = stray.get("kind")
        metadata = fields.mapping(stray.get("metadata"))
        if f"{stray.get('apiVersion')} {kind}" not in known or metadata.get("generateName"):
            continue
        name = metadata.get("name")
        told = (
            f"this {kind} has no name"
            if name in (None, "")
            else f"the name of this {kind} is no text: YAML reads {str(name).lower()}"
        )
        entry = entries.get(id(stray))
        yield RULE.finding(
            entry.position("metadata.name") if entry is not None else None,
            told,
            field="metadata.name",
            remedy="give it a name" if name in (None, "") else "put the name into quotes",
        )
