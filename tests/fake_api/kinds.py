"""What the fake server serves: built-in kinds, and those of definitions that were applied."""

from typing import Any, NamedTuple


class Kind(NamedTuple):
    """One kind; ``group`` is empty for the core."""

    group: str
    version: str
    kind: str
    plural: str
    is_namespaced: bool

    @property
    def api_version(self) -> str:
        """The apiVersion in manifests."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """The name in messages, such as `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


_TABLE = """
v1 Namespace namespaces cluster
v1 Node nodes cluster
v1 PersistentVolume persistentvolumes cluster
v1 Pod pods
v1 Service services
v1 ConfigMap configmaps
v1 Secret secrets
v1 ServiceAccount serviceaccounts
v1 PersistentVolumeClaim persistentvolumeclaims
v1 Event events
v1 LimitRange limitranges
v1 ResourceQuota resourcequotas
v1 Endpoints endpoints
apps/v1 Deployment deployments
apps/v1 ReplicaSet replicasets
apps/v1 StatefulSet statefulsets
apps/v1 DaemonSet daemonsets
apps/v1 ControllerRevision controllerrevisions
batch/v1 Job jobs
batch/v1 CronJob cronjobs
networking.k8s.io/v1 Ingress ingresses
networking.k8s.io/v1 IngressClass ingressclasses cluster
networking.k8s.io/v1 NetworkPolicy networkpolicies
policy/v1 PodDisruptionBudget poddisruptionbudgets
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers
rbac.authorization.k8s.io/v1 Role roles
rbac.authorization.k8s.io/v1 RoleBinding rolebindings
rbac.authorization.k8s.io/v1 ClusterRole clusterroles cluster
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings cluster
storage.k8s.io/v1 StorageClass storageclasses cluster
scheduling.k8s.io/v1 PriorityClass priorityclasses cluster
coordination.k8s.io/v1 Lease leases
discovery.k8s.io/v1 EndpointSlice endpointslices
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions cluster
"""


def _built_in() -> tuple[Kind, ...]:
    kinds = []
    for line in _TABLE.split("\n"):
        if line:
            api_version, kind, plural, *scope = line.split()
            group, _, version = api_version.rpartition("/")
            kinds.append(Kind(group, version, kind, plural, not scope))
    for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        plural = f"{kind.lower()}s"
        kinds.append(Kind("admissionregistration.k8s.io", "v1", kind, plural, False))
    return tuple(kinds)


BUILT_IN = _built_in()
DEFINITION = next(one for one in BUILT_IN if one.kind == "CustomResourceDefinition")
NAMESPACE = next(one for one in BUILT_IN if one.kind == "Namespace")


def defined(definition: dict[str, Any]) -> list[Kind]:
    """Return the kinds that a CustomResourceDefinition defines."""
    spec = definition["spec"]
    return [
        Kind(
            spec["group"],
            version["name"],
            spec["names"]["kind"],
            spec["names"]["plural"],
            spec["scope"] == "Namespaced",
        )
        for version in spec["versions"]
        if version.get("served")
    ]


def discovery(kinds: list[Kind], part: str) -> dict[str, Any]:
    """Return what `/api` or `/apis` answers to those who ask for everything at once."""
    groups: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for one in kinds:
        if bool(one.group) == (part == "/apis"):
            resources = groups.setdefault(one.group, {}).setdefault(one.version, [])
            resources.append(
                {
                    "resource": one.plural,
                    "responseKind": {"group": one.group, "version": one.version, "kind": one.kind},
                    "scope": "Namespaced" if one.is_namespaced else "Cluster",
                    "singularResource": one.kind.lower(),
                    "verbs": ["create", "delete", "get", "list", "patch", "update", "watch"],
                }
            )
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": [
            {
                "metadata": {"name": group} if group else {},
                "versions": [
                    {"version": version, "resources": resources, "freshness": "Current"}
                    for version, resources in versions.items()
                ],
            }
            for group, versions in groups.items()
        ],
    }


def plain_discovery(kinds: list[Kind], path: str) -> dict[str, Any] | None:
    """Return what servers that do not aggregate answer at ``path``, None where nothing is."""
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        names = dict.fromkeys((one.group, one.version) for one in kinds if one.group)
        return {
            "kind": "APIGroupList",
            "apiVersion": "v1",
            "groups": [
                {
                    "name": group,
                    "versions": [{"groupVersion": f"{group}/{version}", "version": version}],
                    "preferredVersion": {"groupVersion": f"{group}/{version}", "version": version},
                }
                for group, version in names
            ],
        }
    prefix, _, api_version = path[1:].partition("/")
    found = [one for one in kinds if one.api_version == api_version]
    if not found or (prefix == "api") != (found[0].group == ""):
        return None
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": api_version,
        "resources": [
            {
                "name": one.plural,
                "kind": one.kind,
                "namespaced": one.is_namespaced,
                "verbs": ["create", "delete", "get", "list", "patch", "update", "watch"],
            }
            for one in found
        ],
    }
