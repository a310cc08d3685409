"""
What has to be known of a kind before its objects can be related: scope, group, pods.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/ (scope of each kind),
https://kubernetes.io/docs/concepts/workloads/controllers/ (pod templates),
https://kubernetes.io/docs/reference/using-api/deprecation-guide/ (moved groups).
"""

from functools import lru_cache
from typing import Final, NamedTuple


class GroupKind(NamedTuple):
    """A kind without its version: the versions of a kind are views of the same objects."""

    group: str
    kind: str


def group_of(api_version: str) -> str:
    """Return the group of an apiVersion; that of the core ("v1") is empty."""
    group, slash, _ = api_version.partition("/")
    return group if slash else ""


@lru_cache(maxsize=4096)
def group_kind(api_version: str, kind: str) -> GroupKind:
    """Return the group and kind, with kinds that moved out of ``extensions`` in their new group."""
    group = group_of(api_version)
    if group == "extensions":
        group = _MOVED.get(kind, group)
    return GroupKind(group, kind)


def is_cluster_scoped(kind: GroupKind) -> bool:
    """
    Return whether objects of ``kind`` are outside all namespaces.

    A kind that Kubernetes does not have counts as namespaced unless its definition is at hand
    (see `objects.ManifestSet`).
    """
    return kind in _CLUSTER_SCOPED


def is_built_in(group: str) -> bool:
    """Return whether the API server serves ``group`` without a definition from outside."""
    return group in _BUILT_IN_GROUPS


def pod_path(kind: GroupKind) -> tuple[str, ...] | None:
    """Return where objects of ``kind`` hold a pod template: () for a Pod, None for no template."""
    return _POD_PATHS.get(kind)


_MOVED: Final = {
    "DaemonSet": "apps",
    "Deployment": "apps",
    "ReplicaSet": "apps",
    "Ingress": "networking.k8s.io",
    "NetworkPolicy": "networking.k8s.io",
    "PodSecurityPolicy": "policy",
}

POD: Final = GroupKind("", "Pod")
DEPLOYMENT: Final = GroupKind("apps", "Deployment")
STATEFUL_SET: Final = GroupKind("apps", "StatefulSet")
DAEMON_SET: Final = GroupKind("apps", "DaemonSet")
REPLICA_SET: Final = GroupKind("apps", "ReplicaSet")
REPLICATION_CONTROLLER: Final = GroupKind("", "ReplicationController")
JOB: Final = GroupKind("batch", "Job")
CRON_JOB: Final = GroupKind("batch", "CronJob")
ROLLOUT: Final = GroupKind("argoproj.io", "Rollout")
"""A Deployment by another controller (Argo Rollouts), common enough to be understood."""

NAMESPACE: Final = GroupKind("", "Namespace")
SERVICE: Final = GroupKind("", "Service")
CONFIG_MAP: Final = GroupKind("", "ConfigMap")
SECRET: Final = GroupKind("", "Secret")
SERVICE_ACCOUNT: Final = GroupKind("", "ServiceAccount")
CLAIM: Final = GroupKind("", "PersistentVolumeClaim")
VOLUME: Final = GroupKind("", "PersistentVolume")
RESOURCE_QUOTA: Final = GroupKind("", "ResourceQuota")
LIMIT_RANGE: Final = GroupKind("", "LimitRange")
NETWORK_POLICY: Final = GroupKind("networking.k8s.io", "NetworkPolicy")
INGRESS: Final = GroupKind("networking.k8s.io", "Ingress")
INGRESS_CLASS: Final = GroupKind("networking.k8s.io", "IngressClass")
BUDGET: Final = GroupKind("policy", "PodDisruptionBudget")
AUTOSCALER: Final = GroupKind("autoscaling", "HorizontalPodAutoscaler")
STORAGE_CLASS: Final = GroupKind("storage.k8s.io", "StorageClass")
PRIORITY_CLASS: Final = GroupKind("scheduling.k8s.io", "PriorityClass")
RUNTIME_CLASS: Final = GroupKind("node.k8s.io", "RuntimeClass")
ROLE: Final = GroupKind("rbac.authorization.k8s.io", "Role")
CLUSTER_ROLE: Final = GroupKind("rbac.authorization.k8s.io", "ClusterRole")
DEFINITION: Final = GroupKind("apiextensions.k8s.io", "CustomResourceDefinition")

_POD_PATHS: Final[dict[GroupKind, tuple[str, ...]]] = {
    POD: (),
    GroupKind("", "PodTemplate"): ("template",),
    CRON_JOB: ("spec", "jobTemplate", "spec", "template"),
    **dict.fromkeys(
        (
            DEPLOYMENT,
            STATEFUL_SET,
            DAEMON_SET,
            REPLICA_SET,
            REPLICATION_CONTROLLER,
            JOB,
            ROLLOUT,
        ),
        ("spec", "template"),
    ),
}

_CLUSTER_SCOPED: Final = frozenset(
    GroupKind(group, kind)
    for group, names in {
        "": "Namespace Node PersistentVolume ComponentStatus",
        "admissionregistration.k8s.io": (
            "MutatingWebhookConfiguration ValidatingWebhookConfiguration "
            "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
            "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"
        ),
        "apiextensions.k8s.io": "CustomResourceDefinition",
        "apiregistration.k8s.io": "APIService",
        "authentication.k8s.io": "TokenReview SelfSubjectReview",
        "authorization.k8s.io": (
            "SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview"
        ),
        "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle",
        "cert-manager.io": "ClusterIssuer",
        "cilium.io": "CiliumClusterwideNetworkPolicy",
        "external-secrets.io": "ClusterSecretStore ClusterExternalSecret",
        "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
        "gateway.networking.k8s.io": "GatewayClass",
        "internal.apiserver.k8s.io": "StorageVersion",
        "karpenter.sh": "NodePool NodeClaim",
        "kyverno.io": "ClusterPolicy",
        "networking.k8s.io": "IngressClass IPAddress ServiceCIDR",
        "node.k8s.io": "RuntimeClass",
        "policy": "PodSecurityPolicy",
        "policy.networking.k8s.io": "AdminNetworkPolicy BaselineAdminNetworkPolicy",
        "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding",
        "resource.k8s.io": "DeviceClass ResourceSlice DeviceTaintRule",
        "scheduling.k8s.io": "PriorityClass",
        "snapshot.storage.k8s.io": "VolumeSnapshotClass VolumeSnapshotContent",
        "storage.k8s.io": "StorageClass CSIDriver CSINode VolumeAttachment VolumeAttributesClass",
        "storagemigration.k8s.io": "StorageVersionMigration",
    }.items()
    for kind in names.split()
)

_BUILT_IN_GROUPS: Final = frozenset(
    {"", "apps", "autoscaling", "batch", "extensions", "policy"}
) | {
    f"{name}.k8s.io"
    for name in (
        "admissionregistration",
        "apiextensions",
        "apiregistration",
        "authentication",
        "authorization",
        "certificates",
        "coordination",
        "discovery",
        "events",
        "flowcontrol.apiserver",
        "internal.apiserver",
        "networking",
        "node",
        "rbac.authorization",
        "resource",
        "scheduling",
        "storage",
        "storagemigration",
    )
}
