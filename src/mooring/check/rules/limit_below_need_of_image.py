"""
A known program with less memory than it starts with.

## What it does
Finds known images whose limit of memory is below the least with which the program runs: what its
makers say, or the heap that it takes where no setting says otherwise.

## Why it matters
It refuses to start ("at least 2000 megabytes of memory"), or is killed as soon as its heap fills.

## Example
    image: mcr.microsoft.com/mssql/server:2022-CU20-ubuntu-22.04
    resources: {limits: {memory: 1Gi}}

Give it more, or set the heap that fits.

## References
- https://learn.microsoft.com/en-us/sql/linux/sql-server-linux-setup#system
- https://docs.opensearch.org/latest/install-and-configure/install-opensearch/index/
"""

from collections.abc import Iterator
from decimal import Decimal

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images.facts import Memory
from mooring.kube import quantity
from mooring.semantics import fields

RULE = Rule(
    id="limit-below-need-of-image", severity=Severity.WARNING, since="0.1", group="resources"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each known image whose limit is below what it needs."""
    for container in bundle.containers:
        known = container.known
        limit = fields.amount(container.amounts("limits").get("memory"))
        if known is None or limit is None or not container.goes_on:
            continue
        for memory in known.family.memory:
            told = _told(container, memory, limit)
            if told is None:
                continue
            yield RULE.finding(
                container.owner,
                f"{known.family.name} in the container {container.name} {told}, and may take "
                f"{container.amounts('limits')['memory']}",
                field=f"{container.path}.resources.limits.memory",
                remedy=f"give it more, or set {memory.setting}"
                if memory.setting
                else "give it more",
                confidence=None if memory.least else Confidence.MEDIUM,
            )
            break


def _told(container: Container, memory: Memory, limit: Decimal) -> str | None:
    """Return what the program needs more than ``limit`` for, as it is set up."""
    if memory.least and 0 < limit < quantity.parse(memory.least):
        return f"does not start with less than {memory.least} of memory"
    if memory.default_heap is None or not 0 < limit <= quantity.parse(memory.default_heap):
        return None
    setting = memory.setting or ""
    is_set = setting in container.variable or setting in container.words
    if is_set or container.imports_unknown:
        return None
    texts = (container.words, *(one.value or "" for one in container.variables))
    if any("Xmx" in text or "RAMPercentage" in text for text in texts):
        return None
    return f"takes a heap of {memory.default_heap} where nothing is set"
