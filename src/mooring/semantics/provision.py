"""
Objects that are there although nobody wrote them.

Every cluster has some; controllers make others of objects in the set.  Without these, each is a
name that seems to lead nowhere.  Only controllers whose naming is documented are here, with the
keys of what they make where those are known.

Sources: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/ (claims),
https://kubernetes.io/docs/reference/access-authn-authz/rbac/ (default roles),
https://cert-manager.io/docs/usage/, https://external-secrets.io/latest/api/externalsecret/,
https://github.com/bitnami-labs/sealed-secrets, https://secrets-store-csi-driver.sigs.k8s.io,
https://cloudnative-pg.io/documentation/current/applications/,
https://strimzi.io/docs/operators/latest/, https://www.elastic.co/guide/en/cloud-on-k8s/,
https://www.rabbitmq.com/kubernetes/operator/using-operator.
"""

from collections.abc import Callable, Iterator

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item, ManifestSet

Place = tuple[GroupKind, str, str]
"""Group and kind, namespace (empty for none), name."""


class Made(msgspec.Struct, frozen=True, gc=False):
    """An object that the controller of ``by`` makes; ``keys`` is None where they are unknown."""

    kind: GroupKind
    name: str
    by: ObjectRef
    keys: frozenset[str] | None = None


_TLS_KEYS = frozenset({"tls.crt", "tls.key", "ca.crt"})

_SYSTEM_NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
_EVERYWHERE = {
    kinds.SERVICE_ACCOUNT: frozenset({"default"}),
    kinds.CONFIG_MAP: frozenset(
        {
            "kube-root-ca.crt",
            # Made in every namespace by what a cluster may have besides Kubernetes.
            "istio-ca-root-cert",
            "linkerd-identity-trust-roots",
            "openshift-service-ca.crt",
        }
    ),
    kinds.NAMESPACE: _SYSTEM_NAMESPACES,
    kinds.PRIORITY_CLASS: frozenset({"system-cluster-critical", "system-node-critical"}),
    kinds.CLUSTER_ROLE: frozenset({"cluster-admin", "admin", "edit", "view"}),
}

_AT_ONE_PLACE = frozenset(
    {
        (kinds.SERVICE, "default", "kubernetes"),
        (kinds.SERVICE, "kube-system", "kube-dns"),
        # Servers of aggregated APIs are bound to it, and read from it who may call them.
        (kinds.ROLE, "kube-system", "extension-apiserver-authentication-reader"),
        (kinds.CONFIG_MAP, "kube-system", "extension-apiserver-authentication"),
        (kinds.CONFIG_MAP, "kube-public", "cluster-info"),
    }
)


def is_in_every_cluster(kind: GroupKind, ref: ObjectRef) -> bool:
    """Return whether every cluster has the object, without anybody writing it."""
    if ref.name in _EVERYWHERE.get(kind, ()):
        return True
    if kind in (kinds.CLUSTER_ROLE, kinds.ROLE) and ref.name.startswith("system:"):
        return True
    return (kind, ref.namespace, ref.name) in _AT_ONE_PLACE


def made_by_controllers(objects: ManifestSet) -> dict[Place, Made]:
    """Return what controllers make of the objects of the set, by its place."""
    found: dict[Place, Made] = {}
    for kind, makes in _MAKERS.items():
        for item in objects.of_kind(kind):
            for made in makes(item):
                found.setdefault((made.kind, item.namespace, made.name), made)
    return found


def _claims(item: Item) -> Iterator[Made]:
    """A StatefulSet claims one volume of each template for each pod: `data-db-0`."""
    replicas = fields.integer(item.spec.get("replicas"))
    first = fields.integer(fields.at(item.spec, "ordinals", "start")) or 0
    for _, claim in fields.mappings(item.spec.get("volumeClaimTemplates")):
        name = fields.text(fields.at(claim, "metadata", "name"))
        for ordinal in range(first, first + min(1 if replicas is None else replicas, 1000)):
            yield Made(kinds.CLAIM, f"{name}-{item.ref.name}-{ordinal}", item.ref)


def _certificate(item: Item) -> Iterator[Made]:
    name = fields.text(item.spec.get("secretName"))
    if name:
        more = item.spec.get("keystores") or item.spec.get("additionalOutputFormats")
        yield Made(kinds.SECRET, name, item.ref, None if more else _TLS_KEYS)


_ISSUED = ("cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme")


def _ingress(item: Item) -> Iterator[Made]:
    """cert-manager makes the certificates of an Ingress that names an issuer."""
    if any(key in item.annotations for key in _ISSUED):
        for _, entry in fields.mappings(item.spec.get("tls")):
            if name := fields.text(entry.get("secretName")):
                yield Made(kinds.SECRET, name, item.ref, _TLS_KEYS)


def _gateway(item: Item) -> Iterator[Made]:
    if any(key in item.annotations for key in _ISSUED):
        for _, listener in fields.mappings(item.spec.get("listeners")):
            for _, entry in fields.mappings(fields.at(listener, "tls", "certificateRefs")):
                if name := fields.text(entry.get("name")):
                    yield Made(kinds.SECRET, name, item.ref, _TLS_KEYS)


def _external_secret(item: Item) -> Iterator[Made]:
    name = fields.text(fields.at(item.spec, "target", "name")) or item.ref.name
    keys = {
        fields.text(entry.get("secretKey")) or ""
        for _, entry in fields.mappings(item.spec.get("data"))
    }
    more = item.spec.get("dataFrom") or fields.at(item.spec, "target", "template")
    yield Made(kinds.SECRET, name, item.ref, None if more else frozenset(keys))


def _sealed_secret(item: Item) -> Iterator[Made]:
    template = fields.mapping(item.spec.get("template"))
    name = fields.text(fields.at(template, "metadata", "name")) or item.ref.name
    sealed = fields.mapping(item.spec.get("encryptedData"))
    plain = fields.mapping(template.get("data"))
    yield Made(kinds.SECRET, name, item.ref, frozenset({*sealed, *plain}))


def _secret_provider(item: Item) -> Iterator[Made]:
    for _, made in fields.mappings(item.spec.get("secretObjects")):
        if name := fields.text(made.get("secretName")):
            entries = fields.mappings(made.get("data"))
            keys = frozenset(fields.text(entry.get("key")) or "" for _, entry in entries)
            yield Made(kinds.SECRET, name, item.ref, keys)


def _named(*made: tuple[GroupKind, str]) -> Callable[[Item], Iterator[Made]]:
    """Return a maker of objects whose names are made of that of the custom resource."""

    def makes(item: Item) -> Iterator[Made]:
        for kind, pattern in made:
            yield Made(kind, pattern.format(item.ref.name), item.ref)

    return makes


_MAKERS: dict[GroupKind, Callable[[Item], Iterator[Made]]] = {
    kinds.STATEFUL_SET: _claims,
    kinds.INGRESS: _ingress,
    GroupKind("gateway.networking.k8s.io", "Gateway"): _gateway,
    GroupKind("cert-manager.io", "Certificate"): _certificate,
    GroupKind("external-secrets.io", "ExternalSecret"): _external_secret,
    GroupKind("bitnami.com", "SealedSecret"): _sealed_secret,
    GroupKind("secrets-store.csi.x-k8s.io", "SecretProviderClass"): _secret_provider,
    GroupKind("objectbucket.io", "ObjectBucketClaim"): _named(
        (kinds.CONFIG_MAP, "{}"), (kinds.SECRET, "{}")
    ),
    GroupKind("postgresql.cnpg.io", "Cluster"): _named(
        (kinds.SERVICE, "{}-rw"),
        (kinds.SERVICE, "{}-ro"),
        (kinds.SERVICE, "{}-r"),
        (kinds.SECRET, "{}-app"),
        (kinds.SECRET, "{}-superuser"),
        (kinds.SECRET, "{}-ca"),
    ),
    GroupKind("acid.zalan.do", "postgresql"): _named(
        (kinds.SERVICE, "{}"), (kinds.SERVICE, "{}-repl"), (kinds.SERVICE, "{}-pooler")
    ),
    GroupKind("kafka.strimzi.io", "Kafka"): _named(
        (kinds.SERVICE, "{}-kafka-bootstrap"),
        (kinds.SERVICE, "{}-kafka-brokers"),
        (kinds.SECRET, "{}-cluster-ca-cert"),
        (kinds.SECRET, "{}-clients-ca-cert"),
    ),
    GroupKind("kafka.strimzi.io", "KafkaUser"): _named((kinds.SECRET, "{}")),
    GroupKind("rabbitmq.com", "RabbitmqCluster"): _named(
        (kinds.SERVICE, "{}"),
        (kinds.SERVICE, "{}-nodes"),
        (kinds.SECRET, "{}-default-user"),
        (kinds.SECRET, "{}-erlang-cookie"),
    ),
    GroupKind("elasticsearch.k8s.elastic.co", "Elasticsearch"): _named(
        (kinds.SERVICE, "{}-es-http"),
        (kinds.SECRET, "{}-es-elastic-user"),
        (kinds.SECRET, "{}-es-http-certs-public"),
    ),
    GroupKind("kibana.k8s.elastic.co", "Kibana"): _named((kinds.SERVICE, "{}-kb-http")),
    GroupKind("mongodbcommunity.mongodb.com", "MongoDBCommunity"): _named(
        (kinds.SERVICE, "{}-svc")
    ),
    GroupKind("monitoring.coreos.com", "Prometheus"): _named(
        (kinds.SERVICE, "prometheus-operated")
    ),
    GroupKind("monitoring.coreos.com", "Alertmanager"): _named(
        (kinds.SERVICE, "alertmanager-operated")
    ),
}
