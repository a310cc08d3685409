"""
A program that wants to lock its memory and may not.

## What it does
Finds known images that lock their memory as they are set up (`bootstrap.memory_lock: true` of
Elasticsearch and OpenSearch, Vault without `disable_mlock`) in containers without the capability
IPC_LOCK.

## Why it matters
Compose has `ulimits: {memlock: -1}`, a pod has no such field and the limit of the node's
container runtime: "memory locking requested for elasticsearch process but memory is not locked",
and it ends.

## Example
    env: [{name: bootstrap.memory_lock, value: "true"}]

Do without it: nodes of Kubernetes have no swap.

## References
- https://www.elastic.co/guide/en/elasticsearch/reference/current/bootstrap-checks.html
- https://developer.hashicorp.com/vault/docs/configuration#disable_mlock
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images.facts import KernelNeed
from mooring.semantics import fields, kinds

RULE = Rule(
    id="memory-lock-denied",
    severity=Severity.WARNING,
    since="0.1",
    group="known-images",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each known image that locks its memory without the right to."""
    for container in bundle.containers:
        known = container.known
        need = (
            next((one for one in known.family.kernel if one.setting == "memlock"), None)
            if (known is not None and known.family.kernel)
            else None
        )
        if known is None or need is None or not container.is_main:
            continue
        added = fields.texts(fields.at(container.security, "capabilities", "add"))
        if container.security.get("privileged") is True or {"IPC_LOCK", "ALL"} & set(added):
            continue
        if _arises(bundle, container, need):
            yield RULE.finding(
                container.owner,
                f"{known.family.name} in the container {container.name} locks its memory, and a "
                "pod has no limit memlock of its own",
                field=f"{container.path}.securityContext",
                remedy=need.avoid_with or "let it do without",
            )


def _arises(bundle: Bundle, container: Container, need: KernelNeed) -> bool:
    """Tell whether the program locks memory as it is set up, as far as all of that is here."""
    values = {name: one.value for name, one in container.variable.items()}

    def says(setting: str, value: str) -> bool:
        return values.get(setting) == value

    if any(says(*one) for one in need.unless.items()) or container.imports_unknown:
        return False
    if need.when:
        return any(says(*one) for one in need.when.items())
    # Without a command the image may do something else, such as a server for development.
    if not container.words or "-dev" in container.words:
        return False
    texts = [container.words, *(value for value in values.values() if value)]
    for _, mount in container.mounts:
        held = container.pod.volumes.get(fields.text(mount.get("name")) or "")
        if held is None or "emptyDir" in held[1] or "persistentVolumeClaim" in held[1]:
            continue
        named = fields.text(fields.at(held[1], "configMap", "name"))
        item = (
            bundle.objects.find(kinds.CONFIG_MAP, named, container.pod.namespace) if named else None
        )
        if item is None:
            return False  # Its configuration may stand there.
        texts += [text for _, text, _ in environment.texts(item)]
    return bool(texts) and not any("disable_mlock" in text for text in texts)
