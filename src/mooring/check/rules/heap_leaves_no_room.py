"""
A heap that leaves nothing for the rest of its program.

## What it does
Finds Java programs whose heap may take more than 85 percent of the container's memory
(`-XX:MaxRAMPercentage`), and PostgreSQL whose `shared_buffers` are larger than half of it.

## Why it matters
Threads, code, buffers of the network and each connection lie beside it: the container is killed
for memory under load, while the heap still has room.

## Example
    env: [{name: JAVA_TOOL_OPTIONS, value: "-XX:MaxRAMPercentage=95"}]

Set 75, or less for small limits.

## References
- https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html
- https://www.postgresql.org/docs/current/runtime-config-resource.html
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields

RULE = Rule(id="heap-leaves-no-room", severity=Severity.WARNING, since="0.1", group="resources")

_MOST = 85
"""Percent of a container's memory."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each program that takes nearly all for its heap."""
    for container in bundle.containers:
        texts = [
            (
                "its command",
                f"{container.path}.{'args' if container.args else 'command'}",
                container.words,
            )
        ]
        texts += [(one.name, one.field, one.value) for one in container.variables if one.value]
        for named, field, text in texts:
            told = _of_java(text) or _of_postgres(text, container)
            if told is not None:
                yield RULE.finding(
                    container.owner,
                    f"{named} of the container {container.name} says {told}",
                    field=field,
                    remedy="leave a quarter for the rest of the program, and more below 1Gi",
                )


def _of_java(text: str) -> str | None:
    if "MaxRAMPercentage" not in text:
        return None
    found = _PERCENT.search(text)
    return found[0] if found is not None and float(found[1]) > _MOST else None


def _of_postgres(text: str, container: Container) -> str | None:
    if "shared_buffers" not in text:
        return None
    limit = fields.amount(container.amounts("limits").get("memory"))
    found = _BUFFERS.search(text)
    if limit is None or found is None:
        return None
    size = int(found[1]) * _UNITS[found[2]]
    return f"{found[0]}, of {container.amounts('limits')['memory']}" if size * 2 > limit else None


_PERCENT = LazyPattern(r"MaxRAMPercentage=(\d+(?:\.\d+)?)")
_BUFFERS = LazyPattern(r"shared_buffers\s*=\s*'?(\d+)\s*(kB|MB|GB)")
_UNITS = {"kB": 1024, "MB": 1024**2, "GB": 1024**3}
