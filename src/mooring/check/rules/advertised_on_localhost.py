"""
A broker that tells its clients to dial themselves.

## What it does
Finds Kafka brokers whose advertised listeners are `localhost`, 127.0.0.1 or 0.0.0.0.

## Why it matters
Clients connect, are told to go to localhost, and find nobody:  `Connection to node 1 could not be
established`.

## Example
    env: [{name: KAFKA_ADVERTISED_LISTENERS, value: "PLAINTEXT://localhost:9092"}]

Advertise the name of the Service, or of the pod.

## References
- https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="advertised-on-localhost",
    severity=Severity.ERROR,
    since="0.1",
    group="known-images",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each broker that advertises an address of its own pod alone."""
    for container in bundle.containers:
        for one in container.variables:
            if not one.value or not one.name.upper().endswith("ADVERTISED_LISTENERS"):
                continue
            listeners = [text.strip() for text in one.value.split(",")]
            hosts = [text.rpartition("//")[2].rpartition(":")[0] for text in listeners]
            if hosts and all(host in ("localhost", "127.0.0.1", "0.0.0.0") for host in hosts):  # noqa: S104
                ref, field = one.place(container.owner)
                yield RULE.finding(
                    ref,
                    f"{one.name} of the container {container.name} is {one.value}",
                    field=field,
                    remedy="advertise the name of the Service",
                )
