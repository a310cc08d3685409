"""
A manifest that is the text of a ConfigMap.

## What it does
Finds values of ConfigMaps that are a whole Kubernetes object themselves (a ConfigMap, a Secret, a
Deployment...) and that no container mounts.

## Why it matters
The object inside is never made: somebody wrapped a file once too often.

## Example
    kind: ConfigMap
    data:
      config.yaml: |
        apiVersion: v1
        kind: ConfigMap

Apply the inner object itself.

## References
- https://kubernetes.io/docs/concepts/configuration/configmap/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields, kinds

RULE = Rule(
    id="manifest-in-config-map",
    severity=Severity.WARNING,
    since="0.1",
    group="configuration",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object within a ConfigMap that nobody reads."""
    used = _named(bundle)
    for item in bundle.of_kind(kinds.CONFIG_MAP):
        for key, value in fields.mapping(item.manifest.get("data")).items():
            if not isinstance(value, str) or "apiVersion:" not in value or "kind:" not in value:
                continue
            found = _KIND.search(value)
            mounted = (item.namespace, item.ref.name) in used
            if found is not None and _VERSION.search(value) and not mounted:
                yield RULE.finding(
                    item.ref,
                    f'the value of "{key}" is a {found[1]} itself, and no container mounts it',
                    field=f"data.{key}",
                    remedy="apply the inner object itself",
                )


_KIND = LazyPattern(r"(?m)^kind: (ConfigMap|Secret|Deployment|StatefulSet|Service|Ingress|Job)\s*$")
_VERSION = LazyPattern(r"(?m)^apiVersion: \S+\s*$")


def _named(bundle: Bundle) -> set[tuple[str, str]]:
    """Return the ConfigMaps that pods mount."""
    return {
        (pod.namespace, name)
        for pod in bundle.pods
        for _, volume in pod.volumes.values()
        if (name := fields.text(fields.at(volume, "configMap", "name"))) is not None
    }
