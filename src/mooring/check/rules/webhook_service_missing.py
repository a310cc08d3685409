"""
An admission webhook that nobody answers.

## What it does
Finds webhook configurations that fail closed and call a Service which the input does not hold,
though it holds others of that namespace.

## Why it matters
The API server refuses every object that the webhook is asked about: nothing can be deployed any
more.

## Example
    webhooks: [{failurePolicy: Fail, clientConfig: {service: {name: guard, namespace: guard}}}]

Name the Service as it is called.

## References
- https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="webhook-service-missing", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each webhook whose Service is not there."""
    found = (
        one
        for one in missing.dangling(bundle, kinds.SERVICE)
        if one.reference.source.kind.endswith("WebhookConfiguration")
    )
    yield from missing.objects(
        bundle,
        RULE,
        found,
        remedy="name the Service as it is called",
        made_elsewhere="it may belong to another input",
    )
