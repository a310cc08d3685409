"""``clusters`` of mooring.yaml, as it is written there, on top of the profile it names."""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose import suggest
from mooring.compose.nodes import Mapping, Node
from mooring.settings import clusters
from mooring.settings.checking import InvalidSettingsValue, Reading
from mooring.settings.cluster_profiles import PROFILES
from mooring.settings.clusters import Cluster, RuntimeClass, StorageClass

_ON_THE_NODE = frozenset({"hostpath", "local-path", "local-storage", "openebs-hostpath"})
"""Names by which classes go whose volumes are folders of a node."""


class WrittenCluster(msgspec.Struct, frozen=True):
    """
    One cluster as the file says it; None is left to the profile.

    Without a ``profile`` it began as the one of its own name, or as generic.
    """

    profile: str | None = None
    nodes: tuple[clusters.Node, ...] = ()
    arch: tuple[str, ...] = ()
    storage: dict[str, tuple[str, ...]] = {}
    default_storage_class: str | None = None
    ingress_class: str | None = None
    ingress_namespace: str | None = None
    load_balancers: bool | None = None
    network_policies: bool | None = None
    metrics: bool | None = None
    runtimes: dict[str, RuntimeClass] = {}


def cluster(
    environment: str,
    name: str,
    written: ReadOnly[str, WrittenCluster],
    said: Node | None,
    reading: Reading,
) -> Cluster | None:
    """
    Return the cluster that ``environment`` calls ``name``: one of the file, else a profile.

    None, with a fault in ``reading``, where there is none; ``said`` is what stands below the
    environment.
    """
    if name in written:
        return _on_profile(name, written[name])
    if name in PROFILES:
        return PROFILES[name]
    found = said.get("cluster") if isinstance(said, Mapping) else None
    reading.add(
        InvalidSettingsValue,
        ("environments", environment, "cluster"),
        f'there is no cluster "{name}"',
        found.position if found is not None else None,
        suggest.did_you_mean(name, [*written, *PROFILES])
        or f"describe it below clusters, or choose {suggest.one_of(tuple(PROFILES))}",
    )
    return None


def _on_profile(name: str, written: WrittenCluster) -> Cluster:
    profile = PROFILES[written.profile or (name if name in PROFILES else "generic")]
    storage = profile.storage
    default = written.default_storage_class or profile.default_storage
    if written.storage:
        storage = tuple(_class(one, modes, profile) for one, modes in written.storage.items())
        named = {one.name for one in storage}
        if default not in named:
            default = storage[0].name if len(storage) == 1 else written.default_storage_class
    said = {
        "ingress_class": written.ingress_class,
        "ingress_namespace": written.ingress_namespace,
        "has_load_balancers": written.load_balancers,
        "enforces_policies": written.network_policies,
        "measures": written.metrics,
    }
    changes: dict[str, object] = {
        field: value for field, value in said.items() if value is not None
    }
    if written.ingress_class not in (None, profile.ingress_class):
        # Another controller than the one of which the profile knows where it runs.
        changes.setdefault("ingress_namespace", None)
    told = {*changes, *(("storage",) if written.storage else ())}
    return msgspec.structs.replace(
        profile,
        name=name,
        nodes=written.nodes,
        architectures=written.arch or profile.architectures,
        storage=storage,
        default_storage=default,
        runtimes=written.runtimes,
        sources={field: at for field, at in profile.sources.items() if field not in told},
        **changes,
    )


def _class(name: str, modes: tuple[str, ...], profile: Cluster) -> StorageClass:
    known = profile.storage_class(name)
    of_one_node = known.of_one_node if known is not None else name in _ON_THE_NODE
    return StorageClass(name=name, modes=modes, of_one_node=of_one_node)
