"""
A ConfigMap or Secret that nothing in the input uses.

## What it does
Finds ConfigMaps and Secrets that no object of the input refers to.  Whatever may be read at run
time is left alone: what the API makes, what is labelled for a sidecar or an operator that looks for
labels, what a custom resource or a command names, and all of a namespace in which an account may
read such objects.

## Why it matters
It is often what is left of something that is gone, or the other half of a name that is mistyped.

## Example
    kind: ConfigMap
    metadata: {name: settings-old}

Take it out, or name it where it is meant to be used.

## References
- https://kubernetes.io/docs/concepts/configuration/configmap/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields, kinds, references
from mooring.semantics.rights import Deed

RULE = Rule(
    id="config-unused",
    severity=Severity.INFO,
    since="0.1",
    group="configuration",
    confidence=Confidence.LOW,
    opt_in=True,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object that nothing refers to."""
    used: set[tuple[object, str, str]] = set()
    named: set[str] = set()
    for item in bundle.objects:
        for one in references.references(item):
            target = one.target
            kind = kinds.group_kind(target.api_version, target.kind)
            used.add((kind, target.namespace or "", target.name))
        if not kinds.is_built_in(item.kind.group):
            named.update(_texts(item.manifest))
    for container in bundle.containers:
        for text in (*container.command, *container.args):
            named.update(_WORD.findall(text))
        named.update(one.value for one in container.variables if one.value is not None)
    for kind, resource in ((kinds.CONFIG_MAP, "configmaps"), (kinds.SECRET, "secrets")):
        for item in bundle.of_kind(kind):
            name = item.ref.name
            if (kind, item.namespace, name) in used or name in named or name in _OF_THE_API:
                continue
            if item.manifest.get("type") in _TYPES or any(map(_is_looked_for, item.labels)):
                continue
            wanted = Deed(verb="get", resource=resource, namespace=item.namespace)
            if bundle.rights.is_made_here(wanted):
                continue
            yield RULE.finding(
                item.ref,
                "nothing in this input uses it",
                remedy="take it out, or name it where it is meant to be used",
            )


_WORD = LazyPattern(r"[a-z0-9][a-z0-9.-]*[a-z0-9]")
_OF_THE_API = frozenset({"kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"})
_TYPES = frozenset(
    {
        "kubernetes.io/service-account-token", "helm.sh/release.v1",
        "bootstrap.kubernetes.io/token", "kubernetes.io/dockerconfigjson",
    }
)  # fmt: skip


def _is_looked_for(label: str) -> bool:
    """Tell whether a label is none of those that all objects of an application have."""
    return not label.startswith(
        ("app.kubernetes.io/", "helm.sh/", "kustomize.toolkit.fluxcd.io/", "mooring.dev/")
    ) and label not in ("app", "chart", "release", "heritage", "component", "tier", "name")


def _texts(value: object) -> Iterator[str]:
    """Yield the texts anywhere in ``value``."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    else:
        for each in fields.items(value):
            yield from _texts(each)
