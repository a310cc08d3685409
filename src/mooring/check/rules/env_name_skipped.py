"""
A key that never becomes a variable.

## What it does
Finds keys of ConfigMaps and Secrets imported by `envFrom` whose names clusters before 1.34 do not
take for a variable: with a dot after a digit, a blank, a slash.

## Why it matters
The kubelet passes over it with an event that nobody reads: the program lacks the variable.

## Example
    data: {"my key": x}                # and envFrom of this ConfigMap

Give the key the name of a variable.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import names
from mooring.semantics import fields, kinds

RULE = Rule(id="env-name-skipped", severity=Severity.WARNING, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each imported key that is no name of a variable."""
    told: set[object] = set()
    for container in bundle.containers:
        for _, source in fields.mappings(container.raw.get("envFrom")):
            for word, kind in (("configMapRef", kinds.CONFIG_MAP), ("secretRef", kinds.SECRET)):
                name = fields.text(fields.at(source, word, "name"))
                item = bundle.objects.find(kind, name, container.pod.namespace) if name else None
                if item is None or item.ref in told:
                    continue
                told.add(item.ref)
                for key, _, field in environment.texts(item):
                    if not names.is_env_name((fields.text(source.get("prefix")) or "") + key):
                        yield RULE.finding(
                            item.ref,
                            f'the key "{key}", which is imported, is no name of a variable',
                            field=field,
                            remedy="give it the name of a variable",
                        )
