"""
A heap that is larger than the limit of its container.

## What it does
Finds `-Xmx`, `--max-old-space-size` and a redis `maxmemory` in commands and variables that are as
large as the limit of memory, or larger.

## Why it matters
The kernel kills the process when it uses what it was told to use:  `OOMKilled`, under load, and
again after each restart.

## Example
    env: [{name: JAVA_OPTS, value: "-Xmx2g"}]
    resources: {limits: {memory: 2Gi}}

Give the heap at most three quarters of the limit.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields

RULE = Rule(id="heap-above-limit", severity=Severity.ERROR, since="0.1", group="resources")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that was told to take more than it may."""
    for container in bundle.containers:
        limit = fields.amounts(container.amounts("limits")).get("memory")
        if limit is None:
            continue
        texts = [("its command", f"{container.path}.args", container.words)]
        texts += [
            (one.name, one.field, one.value) for one in container.variables if one.value is not None
        ]
        for named, field, text in texts:
            if not any(sign in text for sign in _SIGNS):
                continue
            for pattern, size in _HEAPS:
                for number, unit in pattern.findall(text):
                    heap = size(number, unit)
                    if heap >= limit:
                        yield RULE.finding(
                            container.owner,
                            f"{named} lets the container {container.name} take "
                            f"{number}{unit or ''} "
                            f"of heap, and its limit is {container.amounts('limits')['memory']}",
                            field=field,
                            remedy="give the heap at most three quarters of the limit",
                        )


_SIGNS = ("-Xmx", "max-old-space-size", "max_old_space_size", "maxmemory")
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}


def _of_java(number: str, unit: str) -> Decimal:
    return Decimal(number) * _UNITS[unit.lower()]


def _of_node(number: str, unit: str) -> Decimal:
    return Decimal(number) * 1024**2


def _of_redis(number: str, unit: str) -> Decimal:
    return Decimal(number) * _UNITS[unit.lower().removesuffix("b")]


_HEAPS: tuple[tuple[LazyPattern, Callable[[str, str], Decimal]], ...] = (
    (LazyPattern(r"-Xmx(\d+)([kKmMgGtT]?)\b"), _of_java),
    (LazyPattern(r"max[-_]old[-_]space[-_]size[= ](\d+)()"), _of_node),
    (LazyPattern(r"maxmemory[ =](\d+)([kKmMgG]?[bB]?)\b"), _of_redis),
)
