"""
An issuer of certificates that there is not.

## What it does
Finds Ingresses, Gateways and Certificates of cert-manager whose issuer the input does not hold.  It
is certain where one of the other kind has the name (an Issuer that is asked for as a
ClusterIssuer), or where a name is a slip; else the issuer may well stand in another input.

## Why it matters
The certificate is never made: the order waits for the issuer, and the controller serves a
certificate of its own.

## Example
    annotations: {cert-manager.io/cluster-issuer: letsencrypt}      # which is an Issuer here

Name the issuer as it is called, by the annotation of its kind.

## References
- https://cert-manager.io/docs/usage/ingress/#supported-annotations
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.kinds import GroupKind
from mooring.semantics.references import Dangling

RULE = Rule(id="issuer-missing", severity=Severity.ERROR, since="0.1", group="ingress")

_ISSUER = GroupKind("cert-manager.io", "Issuer")
_CLUSTER_ISSUER = GroupKind("cert-manager.io", "ClusterIssuer")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each issuer that is not there."""
    others: list[Dangling] = []
    for one in missing.dangling(bundle, _ISSUER, _CLUSTER_ISSUER):
        source, target = one.reference.source, one.reference.target
        kind = kinds.group_kind(target.api_version, target.kind)
        other = _ISSUER if kind == _CLUSTER_ISSUER else _CLUSTER_ISSUER
        namespace = source.namespace if other == _ISSUER else None
        if bundle.objects.find(other, target.name, namespace) is None:
            others.append(one)
            continue
        yield RULE.finding(
            source,
            f"it asks for the {target.kind} {target.name}, and the one of that name is a "
            f"{other.kind}",
            field=one.reference.field,
            remedy=f"ask for the {other.kind}",
        )
    if any(True for _ in bundle.of_kind(_ISSUER, _CLUSTER_ISSUER)):
        yield from missing.objects(
            bundle,
            RULE,
            others,
            remedy="name the issuer as it is called",
            made_elsewhere="it may belong to another input",
        )
