"""
A Secret without what its type demands.

## What it does
Finds Secrets of the types `kubernetes.io/ssh-auth`, `basic-auth`, `dockercfg` and
`service-account-token` without the key or annotation that each of these must have.  Certificates
and pull secrets have rules of their own.

## Why it matters
The API server refuses the object.

## Example
    kind: Secret
    type: kubernetes.io/ssh-auth
    stringData: {id_ed25519: "..."}          # ssh-privatekey

Use the key that the type demands, or leave the type out.

## References
- https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item

RULE = Rule(id="secret-lacks-key-of-type", severity=Severity.ERROR, since="0.1", group="secrets")

_WANTED = {
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/basic-auth": ("username", "password"),
    "kubernetes.io/dockercfg": (".dockercfg",),
}
"""For each type the keys of which it must have one."""
_ACCOUNT = "kubernetes.io/service-account.name"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Secret that is not what its type says."""
    for item in bundle.of_kind(kinds.SECRET):
        kind = item.manifest.get("type")
        if not isinstance(kind, str):
            continue
        if kind == "kubernetes.io/service-account-token":
            if not item.annotations.get(_ACCOUNT):
                yield RULE.finding(
                    item.ref,
                    f"it is of the type {kind} and names no account",
                    field="type",
                    remedy=f"name the account in the annotation {_ACCOUNT}",
                )
            continue
        wanted = _WANTED.get(kind)
        if wanted is not None and not any(_has(item, key) for key in wanted):
            yield RULE.finding(
                item.ref,
                f"it is of the type {kind} and has no key {' or '.join(wanted)}",
                field="type",
                remedy=f"use the key {wanted[0]}, or leave the type out",
            )


def _has(item: Item, key: str) -> bool:
    """Tell whether the Secret has a value under ``key`` that is not empty."""
    return any(fields.mapping(item.manifest.get(word)).get(key) for word in ("data", "stringData"))
