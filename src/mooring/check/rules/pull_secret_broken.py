"""
A pull secret that no registry can use.

## What it does
Finds Secrets of the type `kubernetes.io/dockerconfigjson` without the key `.dockerconfigjson`, or
whose value is no JSON with `auths`, and pull secrets of another type.

## Why it matters
Images cannot be pulled: `ImagePullBackOff`, although the Secret is there.

## Example
    kind: Secret
    type: Opaque
    stringData: {password: x}          # and a pod names it as imagePullSecrets

Make it with `kubectl create secret docker-registry`.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
"""

import json
from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item

RULE = Rule(id="pull-secret-broken", severity=Severity.ERROR, since="0.1", group="images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pull secret without credentials of a registry."""
    named: dict[tuple[str, str], None] = {}
    for pod in bundle.pods:
        for _, one in fields.mappings(pod.spec.get("imagePullSecrets")):
            if name := fields.text(one.get("name")):
                named[pod.namespace, name] = None
    for item in bundle.of_kind(kinds.SECRET):
        kind = fields.text(item.manifest.get("type")) or "Opaque"
        is_pull = (item.namespace, item.ref.name) in named
        if kind in _KEYS:
            told = _fault(item, _KEYS[kind])
        elif is_pull:
            told = f"pods pull images with it, and its type is {kind}"
        else:
            continue
        if told is not None:
            yield RULE.finding(
                item.ref,
                told,
                field="type",
                remedy="make it with kubectl create secret docker-registry",
            )


_KEYS = {
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
    "kubernetes.io/dockercfg": ".dockercfg",
}


def _fault(item: Item, key: str) -> str | None:
    held = {name: text for name, text, _ in environment.texts(item)}
    if key not in held:
        return f'it has no key "{key}"'
    try:
        said = json.loads(held[key])
    except ValueError:
        return f'the value of "{key}" is no JSON'
    auths = said.get("auths") if isinstance(said, dict) and key != ".dockercfg" else said
    return None if auths else f'the value of "{key}" names no registry under auths'
