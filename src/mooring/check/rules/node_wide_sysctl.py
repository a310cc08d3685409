"""
A kernel setting that no pod can have.

## What it does
Finds sysctls of pods that belong to the whole node (`vm.*`, `fs.inotify.*`, `fs.file-max`,
`kernel.pid_max`): they are not namespaced, and no kubelet can allow them.

## Why it matters
The pod is refused with `SysctlForbidden`.  Naming it among the kubelet's `allowed-unsafe-sysctls`
keeps the kubelet itself from starting.

## Example
    securityContext:
      sysctls: [{name: vm.max_map_count, value: "262144"}]

Set it on the nodes, by a privileged DaemonSet or in their image.

## References
- https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, sysctls

RULE = Rule(id="node-wide-sysctl", severity=Severity.ERROR, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each kernel setting that is the node's."""
    for pod in bundle.pods:
        for index, one in fields.mappings(pod.template.security.get("sysctls")):
            name = (fields.text(one.get("name")) or "").replace("/", ".")
            if name and sysctls.is_of_node(name):
                yield RULE.finding(
                    pod.owner,
                    f"the sysctl {name} belongs to the whole node, and no pod may set it",
                    field=f"{pod.path}.securityContext.sysctls[{index}]",
                    remedy="set it on the nodes",
                )
