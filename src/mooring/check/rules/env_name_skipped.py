"""
A key that never becomes a variable.

## What it does
Finds keys of ConfigMaps and Secrets imported by `envFrom` whose names clusters before 1.34 do not
take for a variable, because they begin with a digit.  Where nothing older is said of the cluster
that is a doubt.

## Why it matters
The kubelet passes over it with an event that nobody reads: the program lacks the variable.

## Example
    data: {2ND_HOST: x}                # and envFrom of this ConfigMap

Give the key the name of a variable.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.kube import names
from mooring.semantics import fields, kinds

RULE = Rule(id="env-name-skipped", severity=Severity.WARNING, since="0.1", group="configuration")

_TAKEN = 34
"""The minor version from which on every cluster takes such names."""


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
                prefix = fields.text(source.get("prefix")) or ""
                for key, _, field in environment.texts(item):
                    if names.is_config_key(key) and not names.is_env_name(prefix + key):
                        yield RULE.finding(
                            item.ref,
                            f'the key "{key}", which is imported, is no name of a variable',
                            field=field,
                            remedy="give it the name of a variable",
                            confidence=None if bundle.minor < _TAKEN else Confidence.MEDIUM,
                        )
