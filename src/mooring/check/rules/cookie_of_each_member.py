"""
Members of a RabbitMQ that do not trust one another.

## What it does
Finds RabbitMQ of several replicas without a common Erlang cookie: neither
`RABBITMQ_ERLANG_COOKIE` nor a file at `.erlang.cookie`.

## Why it matters
Each member makes a cookie of its own and refuses the others: a cluster of three is three brokers,
and messages are in one of them.

## Example
    kind: StatefulSet
    spec: {replicas: 3, template: {spec: {containers: [{image: "rabbitmq:4.0.5"}]}}}

Set `RABBITMQ_ERLANG_COOKIE` from a Secret.

## References
- https://www.rabbitmq.com/docs/clustering#erlang-cookie
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import rollout

RULE = Rule(id="cookie-of-each-member", severity=Severity.ERROR, since="0.1", group="known-images")

_FAMILIES = frozenset({"rabbitmq", "bitnami-rabbitmq"})
_SETTINGS = ("RABBITMQ_ERLANG_COOKIE", "RABBITMQ_ERL_COOKIE", "RABBITMQ_ERLANG_COOKIE_FILE")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each broker whose replicas have no cookie in common."""
    for container in bundle.containers:
        known = container.known
        if known is None or known.family.name not in _FAMILIES or not container.is_main:
            continue
        pod = container.pod
        count = rollout.pod_count(pod.template, bundle.selections.autoscaler_of.get(pod.owner)).most
        if count > 1 and not _has_cookie(container):
            yield RULE.finding(
                container.owner,
                f"up to {count} replicas of RabbitMQ make a cookie each and refuse one another",
                field=container.path,
                remedy="set RABBITMQ_ERLANG_COOKIE from a Secret",
            )


def _has_cookie(container: Container) -> bool:
    if container.imports_unknown or any(name in container.variable for name in _SETTINGS):
        return True
    # An init container may put the file into a volume that the broker has as its home.
    texts = [one.words for one in container.pod.containers]
    texts += [str(mount.get("mountPath")) for _, mount in container.mounts]
    return any("cookie" in text for text in texts)
