"""
A program that asks the API server and has no token.

## What it does
Finds containers that call kubectl in pods whose account's token is not mounted, and that have no
kubeconfig of their own.

## Why it matters
Rights are of no use without a token: kubectl asks `localhost:8080`, where nobody answers, or is
refused as anonymous.

## Example
    spec:
      serviceAccountName: restarter
      automountServiceAccountToken: false
      containers: [{command: [sh, -c, kubectl rollout restart deployment/api], ...}]

Set `automountServiceAccountToken: true` for this pod, or mount a projected token.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
"""

from collections.abc import Iterator

from mooring.check import kubectl, scripts, waits
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="token-missing", severity=Severity.ERROR, since="0.1", group="rbac")

_TOKENS = "/var/run/secrets/kubernetes.io/serviceaccount"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that can show nothing."""
    for container in bundle.containers:
        if not _asks(bundle, container) or _has_token(bundle, container):
            continue
        if "KUBECONFIG" in container.variable or container.imports_unknown:
            continue
        if "--kubeconfig" in container.words or "--token" in container.words:
            continue
        yield RULE.finding(
            container.owner,
            f"the container {container.name} calls kubectl, and no token is mounted",
            field=f"{container.pod.path}.automountServiceAccountToken",
            remedy="set automountServiceAccountToken: true for this pod",
        )


def _asks(bundle: Bundle, container: Container) -> bool:
    is_named = "kubectl" in (container.image or "") or "kubectl" in container.words
    if is_named and any(waits.calls_of_kubectl(container)):
        return True
    return any(any(kubectl.needs(one.text)) for one in scripts.of(bundle, container))


def _has_token(bundle: Bundle, container: Container) -> bool:
    if any(
        _TOKENS.startswith(path.rstrip("/")) or path.startswith((_TOKENS, "/root/.kube", "/home"))
        for _, mount in container.mounts
        if (path := fields.text(mount.get("mountPath"))) and path != "/"
    ):
        return True
    pod = container.pod
    said = pod.spec.get("automountServiceAccountToken")
    if isinstance(said, bool):
        return said
    item = bundle.objects.find(kinds.SERVICE_ACCOUNT, pod.template.service_account, pod.namespace)
    return item is None or item.manifest.get("automountServiceAccountToken") is not False
