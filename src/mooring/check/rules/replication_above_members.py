"""
Copies of what Kafka keeps on more brokers than there are.

## What it does
Counts the brokers of Kafka in a namespace, and finds replication factors above their number; and
brokers, fewer than three, that leave the factor of the offsets at three.

## Why it matters
A topic with more copies than brokers cannot be made.  The one for offsets is made when the first
consumer group joins: until then all looks well, and then no group ever reads anything.

## Example
    env: [{name: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR, value: "3"}]     # of one broker

Set the factors to the number of brokers, or run three.

## References
- https://kafka.apache.org/documentation/#brokerconfigs_offsets.topic.replication.factor
- https://docs.confluent.io/platform/current/installation/docker/config-reference.html
"""

from collections import Counter
from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import rollout

RULE = Rule(
    id="replication-above-members", severity=Severity.ERROR, since="0.1", group="known-images"
)

_FAMILIES = frozenset({"kafka", "kafka-native", "cp-kafka", "bitnami-kafka"})
_OFFSETS = "OFFSETS_TOPIC_REPLICATION_FACTOR"
_FACTORS = (_OFFSETS, "TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "DEFAULT_REPLICATION_FACTOR")
_PREFIXES = ("KAFKA_", "KAFKA_CFG_")
_USUAL = 3
"""What Kafka has for its own topics where nothing is said, as soon as anything else is."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each factor that brokers are lacking for."""
    brokers = [one for one in bundle.containers if _is_broker(one)]
    members: Counter[str] = Counter()
    for one in brokers:
        scaler = bundle.selections.autoscaler_of.get(one.owner)
        members[one.pod.namespace] += rollout.pod_count(one.pod.template, scaler).most
    for one in brokers:
        count = members[one.pod.namespace]
        yield from _above(one, count)
        is_silent = not any(f"{prefix}{_OFFSETS}" in one.variable for prefix in _PREFIXES)
        is_told_else = any(name.startswith(_PREFIXES) for name in one.variable)
        if is_silent and is_told_else and 0 < count < _USUAL and not one.imports_unknown:
            yield RULE.finding(
                one.owner,
                f"the container {one.name} leaves the copies of its offsets at {_USUAL}, and there "
                f"{_are(count)}: no consumer group can join",
                field=one.path,
                remedy=f"set KAFKA_{_OFFSETS} to {count}",
                severity=Severity.WARNING,
                confidence=Confidence.MEDIUM,
            )


def _above(container: Container, count: int) -> Iterator[Finding]:
    for prefix in _PREFIXES:
        for name in _FACTORS:
            one = container.variable.get(f"{prefix}{name}")
            if one is None or not one.value or not one.value.isdecimal():
                continue
            if int(one.value) > count > 0:
                ref, field = one.place(container.owner)
                yield RULE.finding(
                    ref,
                    f"{one.name} asks for {one.value} copies, and there {_are(count)} of Kafka",
                    field=field,
                    remedy=f"set it to {count}, or run {one.value} brokers",
                )


def _are(count: int) -> str:
    return "is one broker" if count == 1 else f"are {count} brokers"


def _is_broker(container: Container) -> bool:
    known = container.known
    if known is None or known.family.name not in _FAMILIES or not container.is_main:
        return False
    # Whoever runs a tool of the image is no broker, and neither is a mere controller.
    roles = container.variable.get("KAFKA_PROCESS_ROLES") or container.variable.get(
        "KAFKA_CFG_PROCESS_ROLES"
    )
    if roles is not None and roles.value and "broker" not in roles.value:
        return False
    return bool(container.ports) and not container.command
