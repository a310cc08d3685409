"""
The user root where root is not allowed.

## What it does
Finds containers that are to run as user 0 with `runAsNonRoot: true`, whichever of the pod and the
container says which of them.

## Why it matters
The API server takes it, and the kubelet never starts the container: `container's runAsUser breaks
non-root policy`.  The pod stays in CreateContainerConfigError.

## Example
    securityContext: {runAsNonRoot: true, runAsUser: 0}

Take the user of the image, or leave runAsNonRoot out where it has to be root.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
- https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/security_context.go
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="root-user-as-non-root", severity=Severity.ERROR, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that is told to be root and not to be."""
    for container in bundle.containers:
        pod = container.pod.template.security
        own = container.security
        user = own.get("runAsUser", pod.get("runAsUser"))
        is_root = isinstance(user, int) and not isinstance(user, bool) and user == 0
        if is_root and own.get("runAsNonRoot", pod.get("runAsNonRoot")) is True:
            of_pod = fields.below(container.pod.template.path, "spec")
            where = container.path if "runAsUser" in own else of_pod
            yield RULE.finding(
                container.owner,
                f"the container {container.name} is to run as user 0, which runAsNonRoot forbids",
                field=f"{where}.securityContext.runAsUser",
                remedy="set runAsUser to a user of the image, or leave runAsNonRoot out",
            )
