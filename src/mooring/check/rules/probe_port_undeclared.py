"""
A probe of a port that its container does not declare.

## What it does
Finds probes of a port by number that is not among the container's `ports`.

## Why it matters
Nothing depends on it: a declaration opens no port.  But whoever reads the manifest does not learn
what the container serves, and a number that stands nowhere else may be a slip.

## Example
    ports: [{containerPort: 8080}]
    livenessProbe: {httpGet: {path: /live, port: 8081}}

Declare the port, and ask for it by its name.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports
"""

from collections.abc import Iterator

from mooring.check import commands, probe_targets
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="probe-port-undeclared", severity=Severity.INFO, since="0.1", group="probes")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each number that is asked and not declared."""
    for container in bundle.containers:
        declared = {port.number for port in container.ports}
        for name in commands.PROBES:
            target = probe_targets.target(container, name)
            if target is None or target.number is None or target.number in declared:
                continue
            if target.is_named:
                continue
            others = ", ".join(map(str, sorted(declared))) or "none"
            yield RULE.finding(
                container.owner,
                f"the {name} of the container {container.name} asks port {target.number}; it "
                f"declares {others}",
                field=target.field,
                remedy="declare the port, and ask for it by its name",
            )
