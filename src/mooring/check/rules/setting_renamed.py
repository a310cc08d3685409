"""
A variable under a name of former versions.

## What it does
Finds variables of known images that have another name, or none, in the version that runs.

## Why it matters
The image goes on with its default, silently: with another password, or without a limit.  Or it ends
with a message about the old name, or still knows it for a while.

## Example
    image: quay.io/keycloak/keycloak:26.1
    env: [{name: KEYCLOAK_ADMIN, value: admin}]     # KC_BOOTSTRAP_ADMIN_USERNAME since 26

Use the new name.

## References
- https://www.keycloak.org/docs/latest/upgrading/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(id="setting-renamed", severity=Severity.WARNING, since="0.1", group="known-images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each variable under a name of former versions."""
    for container in bundle.containers:
        known = container.known
        if known is None or not known.family.renamed:
            continue
        for fact in known.family.renamed:
            given = container.variable.get(fact.name)
            # Who sets both names means any version.
            if given is None or (fact.to is not None and fact.to in container.variable):
                continue
            version = f" {known.tag.version}" if known.tag.version is not None else ""
            yield RULE.finding(
                container.owner,
                f"{fact.name} of the container {container.name} "
                + (f"is called {fact.to}" if fact.to else "means nothing")
                + f" in {known.family.name}{version}",
                field=given.field,
                remedy=f"use {fact.to}" if fact.to else f"leave {fact.name} out",
                confidence=Confidence.MEDIUM if known.assumes_newest else None,
            )
