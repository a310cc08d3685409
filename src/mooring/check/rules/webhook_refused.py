"""
A webhook that the API server does not take.

## What it does
Finds webhooks whose name is no domain of three parts or stands twice, whose time is not between one
second and thirty, and which say no side effects or such as version 1 does not allow.

## Why it matters
The configuration is refused as a whole, and what it was to guard or to complete goes through as it
is.

## Example
    webhooks: [{name: validate, timeoutSeconds: 60, ...}]

Call it `validate.policy.example.com`, with a time of ten seconds or less.

## References
- https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind

RULE = Rule(id="webhook-refused", severity=Severity.ERROR, since="0.1", group="api")

_GROUP = "admissionregistration.k8s.io"
_KINDS = (
    GroupKind(_GROUP, "ValidatingWebhookConfiguration"),
    GroupKind(_GROUP, "MutatingWebhookConfiguration"),
)
_LONGEST = 30
_PARTS = 3
_EFFECTS = ("None", "NoneOnDryRun")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each webhook that is refused."""
    for item in bundle.of_kind(*_KINDS):
        is_first = str(item.ref.api_version).endswith("/v1")
        seen: set[str] = set()
        for index, hook in fields.mappings(item.manifest.get("webhooks")):
            place = f"webhooks[{index}]"
            name = fields.text(hook.get("name")) or ""
            for key, told, remedy in _faults(hook, name, seen, is_first=is_first):
                yield RULE.finding(item.ref, told, field=f"{place}.{key}", remedy=remedy)
            seen.add(name)


def _faults(
    hook: Manifest, name: str, seen: set[str], *, is_first: bool
) -> Iterator[tuple[str, str, str]]:
    if len([part for part in name.split(".") if part]) < _PARTS:
        yield "name", f'the name "{name}" has fewer than {_PARTS} parts', "name it as a domain"
    elif name in seen:
        yield "name", f"two webhooks are called {name}", "give each a name of its own"
    seconds = fields.integer(hook.get("timeoutSeconds"))
    if seconds is not None and not 1 <= seconds <= _LONGEST:
        told = f"{name} may take {seconds} s, and 1 to {_LONGEST} are allowed"
        yield "timeoutSeconds", told, "set 10 or less"
    if is_first and hook.get("sideEffects") not in _EFFECTS:
        said = fields.text(hook.get("sideEffects")) or "nothing"
        told = f"{name} says {said} of its side effects, and None or NoneOnDryRun is wanted"
        yield "sideEffects", told, "set sideEffects: None, if it has none"
