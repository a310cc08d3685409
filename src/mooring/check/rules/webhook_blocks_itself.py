"""
An admission webhook that has to let its own pods in.

## What it does
Finds webhooks that fail closed, are asked about pods, and do not leave out the namespace in which
the pods that answer are made.

## Why it matters
When all of these pods are gone, new ones are refused because nobody answers: the webhook stays
down, and with it every pod of the cluster that is to be made.

## Example
    webhooks: [{failurePolicy: Fail, rules: [{resources: [pods], ...}], clientConfig: ...}]

Leave the namespace out with a `namespaceSelector` on `kubernetes.io/metadata.name`.

## References
- https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#avoiding-operating-on-the-kube-system-namespace
- https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, selection, views
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind

RULE = Rule(id="webhook-blocks-itself", severity=Severity.WARNING, since="0.1", group="api")

_CONFIGURATIONS = tuple(
    GroupKind("admissionregistration.k8s.io", f"{word}WebhookConfiguration")
    for word in ("Validating", "Mutating")
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each webhook on which its own pods depend."""
    for item in bundle.of_kind(*_CONFIGURATIONS):
        for index, webhook in fields.mappings(item.manifest.get("webhooks")):
            if webhook.get("failurePolicy") == "Ignore" or not _is_asked_of_pods(webhook):
                continue
            called = fields.mapping(fields.at(webhook, "clientConfig", "service"))
            name, namespace = fields.text(called.get("name")), fields.text(called.get("namespace"))
            service = bundle.names.service(namespace, name) if name and namespace else None
            if service is None or namespace is None:
                continue
            chosen = webhook.get("namespaceSelector")
            labels = views.namespace(bundle.objects, namespace).labels
            if chosen and not selection.selector(chosen).matches(labels):
                continue
            own = [pod for pod in bundle.behind(service) if _is_chosen(webhook, pod.labels)]
            if own:
                yield RULE.finding(
                    item.ref,
                    f"it fails closed and is asked about the pods of {own[0].owner}, which answer "
                    "it",
                    field=f"webhooks[{index}].namespaceSelector",
                    remedy=f"leave the namespace {namespace} out of it",
                )


def _is_asked_of_pods(webhook: Manifest) -> bool:
    if webhook.get("matchConditions"):
        return False  # An expression may leave its own pods out.
    for _, rule in fields.mappings(webhook.get("rules")):
        groups, resources = fields.texts(rule.get("apiGroups")), fields.texts(rule.get("resources"))
        operations = fields.texts(rule.get("operations"))
        if (
            not {"", "*"}.isdisjoint(groups)
            and not {"pods", "*", "*/*"}.isdisjoint(resources)
            and not {"CREATE", "*"}.isdisjoint(operations)
        ):
            return True
    return False


def _is_chosen(webhook: Manifest, labels: dict[str, str]) -> bool:
    chosen = webhook.get("objectSelector")
    return not chosen or selection.selector(chosen).matches(labels)
