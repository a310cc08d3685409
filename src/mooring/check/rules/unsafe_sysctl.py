"""
A kernel setting that the kubelet refuses unless it is told otherwise.

## What it does
Finds namespaced sysctls of pods that are not among the safe ones of the Kubernetes version, such
as `net.core.somaxconn`.

## Why it matters
Each node must be started with `--allowed-unsafe-sysctls`.  On one that is not, the pod ends with
`SysctlForbidden`, again and again.

## Example
    securityContext:
      sysctls: [{name: net.core.somaxconn, value: "1024"}]

Do without it, or allow it on the nodes where the pods run.

## References
- https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
"""

from collections.abc import Iterator

from mooring.check import controls
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics.security_levels import Level
from mooring.semantics.sysctls import is_of_node

RULE = Rule(
    id="unsafe-sysctl",
    severity=Severity.WARNING,
    since="0.1",
    group="pod-security",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each sysctl that is a pod's own and not safe."""
    for pod, found in controls.unmet(bundle, "sysctls", Level.BASELINE):
        if found.value is not None and not is_of_node(found.value):
            yield RULE.finding(
                pod.owner,
                f"the sysctl {found.value} is none of the safe ones: nodes refuse it unless their "
                "kubelet allows it",
                field=found.field,
                remedy="leave it out, or allow it by --allowed-unsafe-sysctls on the nodes",
            )
