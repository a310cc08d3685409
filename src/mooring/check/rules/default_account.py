"""
A known image that is left with the account of its manual.

## What it does
Finds known images whose user and password are well known unless variables give others, and that
are given none, as far as the input shows: Grafana's `admin`, MinIO's `minioadmin`, RabbitMQ's
`guest`.  Where settings are mounted or imported that the input does not hold, or that may name an
account, it is a doubt.

## Why it matters
It is the first that anybody tries; and where the image lets it in from its own machine alone, as
RabbitMQ does, nobody else is let in at all.

## Example
    image: grafana/grafana:12.2.0        # and no GF_SECURITY_ADMIN_PASSWORD

Set the variables that the image has for it, from a Secret.

## References
- https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#admin_password
- https://www.rabbitmq.com/docs/access-control#default-state
"""

from collections.abc import Iterator

from mooring.check import mounts
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images.options import said_by_options

RULE = Rule(id="default-account", severity=Severity.WARNING, since="0.1", group="known-images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each image that nobody gave an account."""
    for container in bundle.containers:
        known = container.known
        if known is None or not container.is_main or not known.family.default_credentials:
            continue
        # Under another name a program may be a client of itself.
        if container.command:
            continue
        for one in known.family.default_credentials:
            names = [name for name in one.change_with if name.isupper()]
            former = [each.name for each in known.family.renamed if each.to in names]
            if not names or any(
                name in container.variable or f"{name}_FILE" in container.variable
                for name in (*names, *former)
            ):
                continue
            if any(said_by_options(container.args, names)):
                continue
            is_doubtful = container.imports_unknown or any(
                mount.kind in ("configMap", "secret", "projected") for mount in mounts.of(container)
            )
            yield RULE.finding(
                container.owner,
                f"{known.family.name} in the container {container.name} keeps the account "
                f"{one.user} of its manual, with the password that it has there",
                field=container.path,
                remedy=f"set {' and '.join(names)}, from a Secret",
                confidence=Confidence.MEDIUM if is_doubtful else None,
            )
