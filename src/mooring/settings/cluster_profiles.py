"""
Clusters as they come: what a fresh one of each kind has, before anybody adds to it.

Each fact has its source.  A cluster that somebody has added to is settled in mooring.yaml, on top
of the profile that it began as.
"""

from mooring.settings.clusters import READ_WRITE_MANY, READ_WRITE_ONCE, Cluster, StorageClass

_LOCAL_PATH = "https://github.com/rancher/local-path-provisioner"
_K3S_NETWORKING = "https://docs.k3s.io/networking/networking-services"
_K3S_PACKAGED = "https://docs.k3s.io/installation/packaged-components"


def _local(name: str) -> StorageClass:
    return StorageClass(name=name, modes=(READ_WRITE_ONCE,), of_one_node=True)


_K3S = Cluster(
    name="k3s",
    profile="k3s",
    storage=(_local("local-path"),),
    default_storage="local-path",
    ingress_class="traefik",
    ingress_namespace="kube-system",
    has_load_balancers=True,
    enforces_policies=True,
    measures=True,
    sources={
        "storage": "https://docs.k3s.io/storage",
        "ingress_class": _K3S_NETWORKING,
        "ingress_namespace": _K3S_PACKAGED,
        "has_load_balancers": _K3S_NETWORKING,
        "enforces_policies": _K3S_NETWORKING,
        "measures": _K3S_PACKAGED,
    },
)

PROFILES = {
    profile.name: profile
    for profile in (
        Cluster(
            name="kind",
            profile="kind",
            has_one_node=True,
            storage=(_local("standard"),),
            default_storage="standard",
            has_load_balancers=False,
            enforces_policies=True,
            measures=False,
            sources={
                "storage": _LOCAL_PATH,
                "has_load_balancers": "https://kind.sigs.k8s.io/docs/user/loadbalancer/",
                "enforces_policies": "https://github.com/kubernetes-sigs/kind/releases/tag/v0.24.0",
                "measures": "https://github.com/kubernetes-sigs/metrics-server#installation",
            },
        ),
        _K3S,
        Cluster(
            name="k3d",
            profile="k3d",
            has_one_node=True,
            storage=_K3S.storage,
            default_storage=_K3S.default_storage,
            ingress_class=_K3S.ingress_class,
            ingress_namespace=_K3S.ingress_namespace,
            has_load_balancers=_K3S.has_load_balancers,
            enforces_policies=_K3S.enforces_policies,
            measures=_K3S.measures,
            sources=_K3S.sources,
        ),
        Cluster(
            name="minikube",
            profile="minikube",
            has_one_node=True,
            # Its provisioner makes volumes of any mode, as folders of the one node.
            storage=(
                StorageClass(
                    name="standard",
                    modes=(READ_WRITE_ONCE, READ_WRITE_MANY),
                    of_one_node=True,
                ),
            ),
            default_storage="standard",
            has_load_balancers=False,
            enforces_policies=False,
            measures=False,
            sources={
                "storage": "https://minikube.sigs.k8s.io/docs/handbook/persistent_volumes/",
                "has_load_balancers": "https://minikube.sigs.k8s.io/docs/handbook/accessing/",
                "enforces_policies": "https://minikube.sigs.k8s.io/docs/handbook/network_policy/",
                "measures": "https://minikube.sigs.k8s.io/docs/handbook/addons/",
            },
        ),
        Cluster(
            name="eks",
            profile="eks",
            # Since 1.30 no class is marked as the default one.
            storage=(StorageClass(name="gp2", modes=(READ_WRITE_ONCE,)),),
            has_load_balancers=True,
            enforces_policies=False,
            measures=False,
            sources={
                "storage": "https://docs.aws.amazon.com/eks/latest/userguide/"
                "kubernetes-versions-standard.html",
                "has_load_balancers": "https://docs.aws.amazon.com/eks/latest/userguide/"
                "network-load-balancing.html",
                "enforces_policies": "https://docs.aws.amazon.com/eks/latest/userguide/"
                "cni-network-policy.html",
                "measures": "https://docs.aws.amazon.com/eks/latest/userguide/metrics-server.html",
            },
        ),
        Cluster(
            name="gke",
            profile="gke",
            storage=(
                StorageClass(name="standard-rwo", modes=(READ_WRITE_ONCE,)),
                StorageClass(name="premium-rwo", modes=(READ_WRITE_ONCE,)),
                StorageClass(name="standard-rwx", modes=(READ_WRITE_ONCE, READ_WRITE_MANY)),
            ),
            default_storage="standard-rwo",
            has_load_balancers=True,
            # With Dataplane V2, as in Autopilot; without it only where it is switched on.
            enforces_policies=None,
            measures=True,
            sources={
                "storage": "https://cloud.google.com/kubernetes-engine/docs/concepts/"
                "persistent-volumes",
                "has_load_balancers": "https://cloud.google.com/kubernetes-engine/docs/concepts/"
                "service-load-balancer",
                "measures": "https://cloud.google.com/kubernetes-engine/docs/concepts/"
                "horizontalpodautoscaler",
            },
        ),
        Cluster(
            name="aks",
            profile="aks",
            storage=(
                StorageClass(name="default", modes=(READ_WRITE_ONCE,)),
                StorageClass(name="managed-csi", modes=(READ_WRITE_ONCE,)),
                StorageClass(name="azurefile-csi", modes=(READ_WRITE_ONCE, READ_WRITE_MANY)),
            ),
            default_storage="default",
            has_load_balancers=True,
            enforces_policies=False,
            measures=True,
            sources={
                "storage": "https://learn.microsoft.com/azure/aks/concepts-storage",
                "has_load_balancers": "https://learn.microsoft.com/azure/aks/load-balancer-standard",
                "enforces_policies": "https://learn.microsoft.com/azure/aks/use-network-policies",
                "measures": "https://learn.microsoft.com/azure/aks/concepts-scale",
            },
        ),
        Cluster(name="generic"),
    )
}
"""The built-in profiles by name."""
