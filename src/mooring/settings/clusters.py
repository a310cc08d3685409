"""
What a cluster has: nodes, storage, ingress, load balancers, and what enforces and measures.

None stands for what nobody knows of it; nothing is concluded from that.
"""

import msgspec


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """
    ``count`` nodes that are alike.

    ``cpu`` and ``memory`` are what pods can have of one node (its allocatable), as quantities;
    ``pods`` how many pods it takes, ``resources`` what else it has.  A taint is written as kubectl
    writes it: ``key=value:Effect``.
    """

    name: str = "nodes"
    count: int = 1
    cpu: str
    memory: str
    arch: str = "amd64"
    pods: int = 110
    labels: dict[str, str] = {}
    taints: tuple[str, ...] = ()
    resources: dict[str, str] = {}


class StorageClass(msgspec.Struct, frozen=True, kw_only=True):
    """
    A storage class and the access modes of its volumes.

    ``of_one_node`` tells that a volume lies on the disk of one node, to which all that mount it
    are drawn; other volumes of one node at a time can move to another.
    """

    name: str
    modes: tuple[str, ...]
    of_one_node: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether several nodes may mount a volume of it and write."""
        return READ_WRITE_MANY in self.modes


class RuntimeClass(msgspec.Struct, frozen=True, kw_only=True):
    """
    What pods name to run by another container runtime than the usual one.

    ``name`` is that of the RuntimeClass.  The cluster has it, unless ``handler`` says what the
    nodes call the runtime: then it is made.
    """

    name: str = msgspec.field(name="class")
    handler: str | None = None


READ_WRITE_ONCE, READ_WRITE_MANY = "ReadWriteOnce", "ReadWriteMany"
MODES = (READ_WRITE_ONCE, "ReadOnlyMany", READ_WRITE_MANY, "ReadWriteOncePod")


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """
    One cluster: a built-in profile, with what is settled in mooring.yaml.

    ``default_storage`` names the class of claims that name none; None with a ``storage`` that is
    not empty means that no class is marked so.  ``has_load_balancers`` tells whether a Service of
    that type gets an address, ``enforces_policies`` whether NetworkPolicies have an effect,
    ``measures`` whether the metrics API is there, on which autoscalers rest.  The pods of the
    controller of its ingress class run in ``ingress_namespace``.  ``runtimes`` are the classes of
    its further container runtimes, by what Compose calls each.  ``sources`` are the addresses where
    that stands, by the name of the field.
    """

    name: str
    profile: str = "generic"
    nodes: tuple[Node, ...] = ()
    has_one_node: bool = False
    architectures: tuple[str, ...] = ()
    storage: tuple[StorageClass, ...] = ()
    default_storage: str | None = None
    ingress_class: str | None = None
    ingress_namespace: str | None = None
    has_load_balancers: bool | None = None
    enforces_policies: bool | None = None
    measures: bool | None = None
    runtimes: dict[str, RuntimeClass] = {}
    sources: dict[str, str] = {}

    def storage_class(self, name: str | None) -> StorageClass | None:
        """Return the class called ``name``, by default the default one; None where unknown."""
        wanted = name or self.default_storage
        return next((one for one in self.storage if one.name == wanted), None)

    @property
    def arches(self) -> tuple[str, ...]:
        """The architectures of its nodes, as far as they are known."""
        return tuple(dict.fromkeys(node.arch for node in self.nodes)) or self.architectures

    @property
    def is_one_node(self) -> bool:
        """Whether all pods run on one node."""
        return sum(node.count for node in self.nodes) == 1 if self.nodes else self.has_one_node


PROFILE_NAMES = ("kind", "k3s", "k3d", "minikube", "eks", "gke", "aks", "generic")
"""The built-in profiles (`cluster_profiles`)."""
