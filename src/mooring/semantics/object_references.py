"""
The references that objects make by themselves, beside those of the pods they may make.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/,
https://gateway-api.sigs.k8s.io/reference/spec/, https://cert-manager.io/docs/usage/,
https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/,
https://external-secrets.io/latest/api/externalsecret/, https://keda.sh/docs/latest/concepts/.
"""

import re
from collections.abc import Callable, Iterator

from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item
from mooring.semantics.reference import Reference, target

_GATEWAY_GROUP = "gateway.networking.k8s.io"
_ISSUERS = (
    ("cert-manager.io/issuer", GroupKind("cert-manager.io", "Issuer"), True),
    ("cert-manager.io/cluster-issuer", GroupKind("cert-manager.io", "ClusterIssuer"), False),
)
_SECRET_ANNOTATIONS = (
    "nginx.ingress.kubernetes.io/auth-secret",
    "nginx.ingress.kubernetes.io/auth-tls-secret",
    "nginx.ingress.kubernetes.io/proxy-ssl-secret",
)
_in_cluster = re.compile(r"([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?\.?").fullmatch

Found = Iterator[Reference]


def of(item: Item) -> Found:
    """Yield the references of one object, without those of its pod template."""
    if name := fields.text(item.metadata.get("namespace")):
        # Only where it is written: the default namespace is the caller's own.
        yield _to(item, "metadata.namespace", kinds.NAMESPACE, name)
    found = _BY_KIND.get(item.kind)
    if found is not None:
        yield from found(item)


def _to(
    item: Item,
    field: str,
    kind: GroupKind,
    name: str,
    namespace: str | None = None,
    *,
    port: int | str | None = None,
    optional: bool = False,
) -> Reference:
    found = target(kind, name, namespace)
    return Reference(source=item.ref, field=field, target=found, port=port, optional=optional)


def _stateful_set(item: Item) -> Found:
    # Since Kubernetes 1.33 the field may be absent: then the pods have no names of their own.
    if name := fields.text(item.spec.get("serviceName")):
        yield _to(item, "spec.serviceName", kinds.SERVICE, name, item.namespace)
    for index, claim in fields.mappings(item.spec.get("volumeClaimTemplates")):
        path = f"spec.volumeClaimTemplates[{index}].spec"
        yield from _of_claim(item, path, fields.mapping(claim.get("spec")))


def _claim(item: Item) -> Found:
    yield from _of_claim(item, "spec", item.spec)


def _of_claim(item: Item, path: str, spec: Manifest) -> Found:
    if name := fields.text(spec.get("storageClassName")):
        yield _to(item, f"{path}.storageClassName", kinds.STORAGE_CLASS, name)
    if name := fields.text(spec.get("volumeName")):
        yield _to(item, f"{path}.volumeName", kinds.VOLUME, name)
    if name := fields.text(spec.get("volumeAttributesClassName")):
        kind = GroupKind("storage.k8s.io", "VolumeAttributesClass")
        yield _to(item, f"{path}.volumeAttributesClassName", kind, name)
    for field in ("dataSource", "dataSourceRef"):
        source = fields.mapping(spec.get(field))
        kind_name, name = fields.text(source.get("kind")), fields.text(source.get("name"))
        if kind_name and name:
            kind = GroupKind(fields.text(source.get("apiGroup")) or "", kind_name)
            namespace = fields.text(source.get("namespace")) or item.namespace
            yield _to(item, f"{path}.{field}", kind, name, namespace)
            break  # The API server keeps both the same.


def _service(item: Item) -> Found:
    alias = fields.text(item.spec.get("externalName"))
    meant = (
        _in_cluster(alias.lower()) if alias and item.spec.get("type") == "ExternalName" else None
    )
    if meant:
        yield _to(item, "spec.externalName", kinds.SERVICE, meant[1], meant[2])


def _ingress(item: Item) -> Found:
    spec, namespace = item.spec, item.namespace
    if name := fields.text(spec.get("ingressClassName")):
        yield _to(item, "spec.ingressClassName", kinds.INGRESS_CLASS, name)
    for index, entry in fields.mappings(spec.get("tls")):
        if name := fields.text(entry.get("secretName")):
            yield _to(item, f"spec.tls[{index}].secretName", kinds.SECRET, name, namespace)
    for field in ("defaultBackend", "backend"):
        yield from _backend(item, f"spec.{field}", fields.mapping(spec.get(field)))
    for index, rule in fields.mappings(spec.get("rules")):
        for number, entry in fields.mappings(fields.at(rule, "http", "paths")):
            path = f"spec.rules[{index}].http.paths[{number}].backend"
            yield from _backend(item, path, fields.mapping(entry.get("backend")))
    yield from _issuer_annotations(item)
    for key in _SECRET_ANNOTATIONS:
        if named := item.annotations.get(key):
            place, slash, name = named.rpartition("/")
            path = f'metadata.annotations["{key}"]'
            yield _to(item, path, kinds.SECRET, name, place if slash else namespace)


def _backend(item: Item, path: str, backend: Manifest) -> Found:
    service = fields.mapping(backend.get("service"))
    name = fields.text(service.get("name"))
    if name:
        port = fields.mapping(service.get("port"))
        number = fields.integer(port.get("number"))
        wanted = number if number is not None else fields.text(port.get("name"))
        yield _to(item, f"{path}.service", kinds.SERVICE, name, item.namespace, port=wanted)
    elif name := fields.text(backend.get("serviceName")):  # extensions/v1beta1
        written = backend.get("servicePort")
        wanted = fields.text(written) or fields.integer(written)
        yield _to(item, f"{path}.serviceName", kinds.SERVICE, name, item.namespace, port=wanted)
    resource = fields.mapping(backend.get("resource"))
    kind, name = fields.text(resource.get("kind")), fields.text(resource.get("name"))
    if kind and name:
        group = fields.text(resource.get("apiGroup")) or ""
        yield _to(item, f"{path}.resource", GroupKind(group, kind), name, item.namespace)


def _issuer_annotations(item: Item) -> Found:
    annotations = item.annotations
    for key, kind, namespaced in _ISSUERS:
        if name := annotations.get(key):
            namespace = item.namespace if namespaced else None
            yield _to(item, f'metadata.annotations["{key}"]', kind, name, namespace)


def _gateway(item: Item) -> Found:
    if name := fields.text(item.spec.get("gatewayClassName")):
        yield _to(item, "spec.gatewayClassName", GroupKind(_GATEWAY_GROUP, "GatewayClass"), name)
    for index, listener in fields.mappings(item.spec.get("listeners")):
        for number, entry in fields.mappings(fields.at(listener, "tls", "certificateRefs")):
            path = f"spec.listeners[{index}].tls.certificateRefs[{number}]"
            yield from _of_group(item, path, entry, "", "Secret")
    yield from _issuer_annotations(item)


def _route(item: Item) -> Found:
    for index, parent in fields.mappings(item.spec.get("parentRefs")):
        yield from _of_group(item, f"spec.parentRefs[{index}]", parent, _GATEWAY_GROUP, "Gateway")
    for index, rule in fields.mappings(item.spec.get("rules")):
        path = f"spec.rules[{index}]"
        for number, backend in fields.mappings(rule.get("backendRefs")):
            yield from _of_group(item, f"{path}.backendRefs[{number}]", backend, "", "Service")
        for number, entry in fields.mappings(rule.get("filters")):
            mirror = fields.mapping(fields.at(entry, "requestMirror", "backendRef"))
            place = f"{path}.filters[{number}].requestMirror.backendRef"
            yield from _of_group(item, place, mirror, "", "Service")


def _of_group(item: Item, path: str, entry: Manifest, group: str, kind: str) -> Found:
    """Yield a reference of the Gateway API's form, whose group and kind have defaults."""
    name = fields.text(entry.get("name"))
    if name:
        written = entry.get("group")
        meant = GroupKind(
            written if isinstance(written, str) else group, fields.text(entry.get("kind")) or kind
        )
        namespace = fields.text(entry.get("namespace")) or item.namespace
        port = fields.integer(entry.get("port")) if meant == kinds.SERVICE else None
        yield _to(item, path, meant, name, namespace, port=port)


def _autoscaler(item: Item) -> Found:
    yield from _scaled(item, "spec.scaleTargetRef", item.spec.get("scaleTargetRef"))


def _vertical_autoscaler(item: Item) -> Found:
    yield from _scaled(item, "spec.targetRef", item.spec.get("targetRef"))


def _scaled_object(item: Item) -> Found:
    written = fields.mapping(item.spec.get("scaleTargetRef"))
    defaults = {"apiVersion": "apps/v1", "kind": "Deployment"}
    yield from _scaled(item, "spec.scaleTargetRef", {**defaults, **written})


def _scaled(item: Item, path: str, written: object) -> Found:
    named = fields.mapping(written)
    kind, name = fields.text(named.get("kind")), fields.text(named.get("name"))
    if kind and name:
        api_version = fields.text(named.get("apiVersion")) or ""
        yield _to(item, path, kinds.group_kind(api_version, kind), name, item.namespace)


def _service_account(item: Item) -> Found:
    for index, entry in fields.mappings(item.manifest.get("imagePullSecrets")):
        if name := fields.text(entry.get("name")):
            path = f"imagePullSecrets[{index}].name"
            yield _to(item, path, kinds.SECRET, name, item.namespace)
    for index, entry in fields.mappings(item.manifest.get("secrets")):
        if name := fields.text(entry.get("name")):
            # The token controller makes these and writes them here.
            path = f"secrets[{index}].name"
            yield _to(item, path, kinds.SECRET, name, item.namespace, optional=True)


def _binding(item: Item) -> Found:
    role = fields.mapping(item.manifest.get("roleRef"))
    if name := fields.text(role.get("name")):
        kind = kinds.CLUSTER_ROLE if role.get("kind") == "ClusterRole" else kinds.ROLE
        yield _to(item, "roleRef", kind, name, item.namespace if kind == kinds.ROLE else None)
    for index, subject in fields.mappings(item.manifest.get("subjects")):
        name = fields.text(subject.get("name"))
        if name and subject.get("kind") == "ServiceAccount":
            namespace = fields.text(subject.get("namespace")) or item.namespace
            yield _to(item, f"subjects[{index}]", kinds.SERVICE_ACCOUNT, name, namespace)


def _volume(item: Item) -> Found:
    claim = fields.mapping(item.spec.get("claimRef"))
    if name := fields.text(claim.get("name")):
        # A volume may be kept for a claim that is made later.
        namespace = fields.text(claim.get("namespace"))
        yield _to(item, "spec.claimRef", kinds.CLAIM, name, namespace, optional=True)
    for field in ("nodePublishSecretRef", "nodeStageSecretRef", "controllerPublishSecretRef"):
        secret = fields.mapping(fields.at(item.spec, "csi", field))
        if name := fields.text(secret.get("name")):
            namespace = fields.text(secret.get("namespace"))
            yield _to(item, f"spec.csi.{field}", kinds.SECRET, name, namespace)


def _webhooks(item: Item) -> Found:
    for index, webhook in fields.mappings(item.manifest.get("webhooks")):
        path = f"webhooks[{index}].clientConfig.service"
        yield from _called(item, path, fields.at(webhook, "clientConfig", "service"))


def _definition(item: Item) -> Found:
    path = ("conversion", "webhook", "clientConfig", "service")
    yield from _called(item, f"spec.{'.'.join(path)}", fields.at(item.spec, *path))


def _api_service(item: Item) -> Found:
    yield from _called(item, "spec.service", item.spec.get("service"))


def _called(item: Item, path: str, written: object) -> Found:
    """Yield a Service that the API server calls, by default on port 443."""
    service = fields.mapping(written)
    if name := fields.text(service.get("name")):
        namespace = fields.text(service.get("namespace"))
        port = fields.integer(service.get("port"))
        wanted = 443 if port is None else port
        yield _to(item, path, kinds.SERVICE, name, namespace, port=wanted)


def _certificate(item: Item) -> Found:
    issuer = fields.mapping(item.spec.get("issuerRef"))
    if name := fields.text(issuer.get("name")):
        group = fields.text(issuer.get("group")) or "cert-manager.io"
        kind = fields.text(issuer.get("kind")) or "Issuer"
        namespace = None if kind == "ClusterIssuer" else item.namespace
        yield _to(item, "spec.issuerRef", GroupKind(group, kind), name, namespace)


def _external_secret(item: Item) -> Found:
    store = fields.mapping(item.spec.get("secretStoreRef"))
    if name := fields.text(store.get("name")):
        kind = fields.text(store.get("kind")) or "SecretStore"
        namespace = None if kind == "ClusterSecretStore" else item.namespace
        meant = GroupKind("external-secrets.io", kind)
        yield _to(item, "spec.secretStoreRef", meant, name, namespace)


_BY_KIND: dict[GroupKind, Callable[[Item], Found]] = {
    kinds.STATEFUL_SET: _stateful_set,
    kinds.CLAIM: _claim,
    kinds.VOLUME: _volume,
    kinds.SERVICE: _service,
    kinds.INGRESS: _ingress,
    kinds.AUTOSCALER: _autoscaler,
    kinds.SERVICE_ACCOUNT: _service_account,
    kinds.DEFINITION: _definition,
    GroupKind("rbac.authorization.k8s.io", "RoleBinding"): _binding,
    GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding"): _binding,
    GroupKind("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _webhooks,
    GroupKind("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _webhooks,
    GroupKind("apiregistration.k8s.io", "APIService"): _api_service,
    GroupKind("autoscaling.k8s.io", "VerticalPodAutoscaler"): _vertical_autoscaler,
    GroupKind("keda.sh", "ScaledObject"): _scaled_object,
    GroupKind("cert-manager.io", "Certificate"): _certificate,
    GroupKind("external-secrets.io", "ExternalSecret"): _external_secret,
    GroupKind(_GATEWAY_GROUP, "Gateway"): _gateway,
    **{
        GroupKind(_GATEWAY_GROUP, f"{protocol}Route"): _route
        for protocol in ("HTTP", "GRPC", "TCP", "TLS", "UDP")
    },
}
