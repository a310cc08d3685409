"""
A pull secret whose password ends by itself, and nobody renews it.

## What it does
Finds pull secrets with a token of Amazon ECR (twelve hours), Google's registries (one hour) or
Azure's (three hours) where nothing in the input renews it: no task, no operator, no generator of
External Secrets, no account with the right to write the Secret.

## Why it matters
Everything starts today.  Tomorrow a pod that moves to another node stays in `ImagePullBackOff`,
as does every new version.

## Example
    type: kubernetes.io/dockerconfigjson
    stringData:
      .dockerconfigjson: '{"auths": {"111122223333.dkr.ecr.eu-west-1.amazonaws.com":
        {"username": "AWS", "password": "eyJwYXls..."}}}'

Let the nodes log in by their role, or renew the Secret by a CronJob every few hours.

## References
- https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
- https://external-secrets.io/latest/api/generator/ecr/
"""

from collections.abc import Iterator

from mooring.check import pull_secrets, registry_tokens
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.objects import Item
from mooring.semantics.rights import Deed

RULE = Rule(id="registry-token-expires", severity=Severity.ERROR, since="0.1", group="images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pull secret that will have ended soon."""
    mortal = [
        (item, login, hours)
        for item in bundle.of_kind(kinds.SECRET)
        for login in pull_secrets.logins(item) or ()
        if (hours := registry_tokens.lifetime(login)) is not None
    ]
    if not mortal or next(registry_tokens.renewals(bundle), None) is not None:
        return
    made = {
        (one.namespace, one.ref.name)
        for one in bundle.objects
        if one.kind.group.endswith("external-secrets.io")
    }
    for item, login, hours in mortal:
        if (item.namespace, item.ref.name) in made or _is_written_here(bundle, item):
            continue
        yield RULE.finding(
            item.ref,
            f"the token for {login.place} ends {hours} h after it was made, and nothing here "
            "renews it",
            field="type",
            remedy="let nodes log in by their role, or renew the Secret by a CronJob",
            severity=None if bundle.is_closed else Severity.WARNING,
            confidence=None if bundle.is_whole else Confidence.MEDIUM,
        )


def _is_written_here(bundle: Bundle, item: Item) -> bool:
    """Tell whether an account of the namespace may write the Secret: it is there to do so."""
    return any(
        bundle.rights.is_made_here(
            Deed(verb=verb, resource="secrets", namespace=item.namespace, name=item.ref.name)
        )
        for verb in ("patch", "update")
    )
