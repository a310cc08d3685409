"""
An image of a private registry, and nothing to log in with.

## What it does
Finds pods without `imagePullSecrets`, of their own or of their ServiceAccount, whose image comes
from a registry for which others of the namespace have credentials.  Where nobody shows whether a
registry is private it is a doubt only.

## Why it matters
The registry refuses the node, and the pod stays in `ImagePullBackOff`.

## Example
    spec:
      containers:
      - image: registry.example.com/shop/api:2.4.0
      # imagePullSecrets: [{name: registry}], as the other workloads have it

Name the Secret in the pod or its ServiceAccount.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
"""

from collections.abc import Iterator

from mooring.check import pull_secrets
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="private-registry-without-secret", severity=Severity.WARNING, since="0.1", group="images"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each private registry that pods cannot log in to."""
    held: dict[str, list[tuple[str, tuple[pull_secrets.Login, ...]]]] = {}
    for item in bundle.of_kind(kinds.SECRET):
        if logins := pull_secrets.logins(item):
            held.setdefault(item.namespace, []).append((item.ref.name, logins))
    used = _used(bundle)
    told: set[tuple[str, str]] = set()
    for pod in bundle.pods:
        if pull_secrets.named(bundle, pod) or not pod.containers:
            continue
        account = pod.template.service_account
        if account != "default" and not bundle.objects.find(
            kinds.SERVICE_ACCOUNT, account, pod.namespace
        ):
            continue  # It stands elsewhere, and may have them.
        seen: set[str] = set()
        for container in pod.containers:
            image = container.reference
            if image is None or image.registry in seen:
                continue
            seen.add(image.registry)
            registry = image.registry
            secret = used.get((pod.namespace, registry)) or next(
                (
                    name
                    for name, logins in held.get(pod.namespace, ())
                    if not pull_secrets.is_public(registry)
                    and any(one.fits(image) for one in logins)
                ),
                None,
            )
            if secret is None:
                if (pod.namespace, registry) in told or _needs_no_login(registry):
                    continue
                told.add((pod.namespace, registry))
            known = f"; others log in with the Secret {secret}" if secret else ""
            yield RULE.finding(
                pod.owner,
                f"the image {container.image} comes from {registry}, and its pods have no pull "
                f"secret{known}",
                field=f"{container.path}.image",
                remedy=f"set imagePullSecrets: [{{name: {secret or '...'}}}]"
                + ("" if secret else ", unless the nodes log in by themselves"),
                confidence=None if secret else Confidence.LOW,
            )


def _used(bundle: Bundle) -> dict[tuple[str, str], str]:
    """Return for which private registries of a namespace pods name a Secret, with its name."""
    found: dict[tuple[str, str], str] = {}
    for pod in bundle.pods:
        if not fields.items(pod.spec.get("imagePullSecrets")):
            continue
        names = pull_secrets.named(bundle, pod)
        registries = {
            one.reference.registry
            for one in pod.containers
            if one.reference and not pull_secrets.is_public(one.reference.registry)
        }
        if len(registries) == 1 and names:  # Of several, nobody knows for which.
            found.setdefault((pod.namespace, registries.pop()), names[0].name)
    return found


def _needs_no_login(registry: str) -> bool:
    host = registry.partition(":")[0]
    return (
        pull_secrets.is_public(registry)
        or pull_secrets.is_of_a_cloud(registry)
        or "." not in host
        or host.replace(".", "").isdigit()
        or host.endswith((".local", ".svc", ".localhost", ".internal"))
    )
