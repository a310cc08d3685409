"""
An amount of memory or cpu that nobody can have meant.

## What it does
Finds memory below one mebibyte (`512m` is half a byte, `128` is 128 bytes) and cpu of more than a
thousand cores (`500Mi`, `1000` for a thousandth), in requests, limits, claims and quotas.

## Why it matters
Docker counts memory in `m` for mebibytes, Kubernetes in thousandths: copied as it is, the
container is killed before its first instruction, or is scheduled nowhere.

## Example
    resources: {limits: {memory: 512m}}        # 512Mi

Write memory with Mi or Gi, cpu with m or as cores.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-memory
"""

from collections.abc import Iterator
from decimal import Decimal

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="amount-in-wrong-unit", severity=Severity.ERROR, since="0.1", group="resources")

_LEAST_MEMORY = Decimal(1024 * 1024)
_MOST_CORES = Decimal(1000)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each amount that can only be a slip of units."""
    for container in bundle.containers:
        for word in ("requests", "limits"):
            written = container.amounts(word)
            for name, size in fields.amounts(written).items():
                if _is_slip(name, size):
                    meant = "with Mi or Gi" if name == "memory" else "as cores, or with m"
                    yield RULE.finding(
                        container.owner,
                        f"the container {container.name} has {word} of {written[name]} {name}",
                        field=f"{container.path}.resources.{word}.{name}",
                        remedy=f"write it {meant}",
                    )
    for item in bundle.of_kind(kinds.CLAIM):
        asked = fields.mapping(fields.at(item.manifest, "spec", "resources", "requests"))
        storage = fields.amounts(asked).get("storage")
        if storage is not None and storage < _LEAST_MEMORY:
            yield RULE.finding(
                item.ref,
                f"asks for {asked['storage']} of storage",
                field="spec.resources.requests.storage",
                remedy="write it with Mi or Gi",
            )


def _is_slip(name: str, size: Decimal) -> bool:
    if name == "memory":
        return 0 < size < _LEAST_MEMORY
    return name == "cpu" and size >= _MOST_CORES
