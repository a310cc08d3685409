"""
ResourceQuotas: what the objects of a namespace take of them, and which pods they refuse.

A quota on cpu or memory refuses every pod with a container that does not ask for it, so such a
quota needs a LimitRange or requests everywhere.  The rest is counted: at rest, with the tasks, at
the top of the autoscalers, and while updates roll.

Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, limits, pod_resources, rollout
from mooring.semantics.fields import Manifest
from mooring.semantics.limits import Limit
from mooring.semantics.objects import Item, ManifestSet
from mooring.semantics.pod_resources import CPU, MEMORY, ContainerResources, Quality, Resources
from mooring.semantics.pods import PodTemplate
from mooring.semantics.rollout import PodCount
from mooring.semantics.selection import Requirement, Selections
from mooring.semantics.views import Claim, Service


class Use(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    How much of one entry of a quota is taken.

    ``resting`` is taken all the time, ``scaled`` more at the top of all autoscalers, ``tasks``
    while Jobs run; ``surge`` is the largest that one rolling update adds, ``surges`` all together.
    ``parts`` is what each object takes at rest, in the order of the set.
    """

    quota: ObjectRef
    resource: str
    hard: Decimal
    resting: Decimal = Decimal(0)
    scaled: Decimal = Decimal(0)
    tasks: Decimal = Decimal(0)
    surge: Decimal = Decimal(0)
    surges: Decimal = Decimal(0)
    parts: tuple[tuple[ObjectRef, Decimal], ...] = ()

    @property
    def at_rest(self) -> bool:
        """Whether everything fits that stands all the time."""
        return self.resting <= self.hard

    @property
    def while_rolling(self) -> bool:
        """Whether each update fits when it is rolled out alone, and no task runs."""
        return self.resting + self.surge <= self.hard

    @property
    def always(self) -> bool:
        """Whether everything fits at once: all updates, all tasks, all at their largest scale."""
        return self.resting + self.scaled + self.tasks + self.surges <= self.hard


class Unasked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Containers that do not ask for what a quota counts: their pods are refused."""

    quota: ObjectRef
    pod: ObjectRef
    resource: str
    containers: tuple[str, ...]
    """The paths of the containers."""


class Quota(msgspec.Struct, frozen=True, gc=False):
    """A ResourceQuota."""

    item: Item

    @property
    def hard(self) -> dict[str, Decimal]:
        """What may be taken, by name (`requests.cpu`, `pods`, `count/jobs.batch` ...)."""
        return fields.amounts(self.item.spec.get("hard"))

    @property
    def scopes(self) -> tuple[tuple[str, Requirement], ...]:
        """The scopes, all of which a pod must meet, with what they ask of it."""
        plain = [
            (scope, Requirement(scope, "Exists"))
            for scope in fields.texts(self.item.spec.get("scopes"))
        ]
        told = [
            (
                fields.text(entry.get("scopeName")) or "",
                Requirement(
                    fields.text(entry.get("scopeName")) or "",
                    fields.text(entry.get("operator")) or "",
                    frozenset(fields.texts(entry.get("values"))),
                ),
            )
            for _, entry in fields.mappings(
                fields.at(self.item.spec, "scopeSelector", "matchExpressions")
            )
        ]
        return (*plain, *told)

    def counts(self, pod: PodTemplate, quality: Quality) -> bool:
        """Return whether pods of the template are counted: whether they meet every scope."""
        return all(_is_in_scope(scope, told, pod, quality) for scope, told in self.scopes)


def unasked(objects: ManifestSet) -> tuple[Unasked, ...]:
    """Return the containers that a quota refuses because they do not ask for what it counts."""
    found = []
    for quota, pods in _by_quota(objects):
        needed = sorted(quota.hard.keys() & _NEEDED.keys())
        for asked in pods:
            if pod_resources.of_whole(asked.pod) != _NOTHING:
                continue
            for resource in needed:
                kind, name = _NEEDED[resource]
                missing = tuple(
                    each.container.path
                    for each in asked.containers
                    if name not in getattr(each.resources, kind)
                )
                if missing:
                    found.append(
                        Unasked(
                            quota=quota.item.ref,
                            pod=asked.pod.owner,
                            resource=resource,
                            containers=missing,
                        )
                    )
    return tuple(found)


def uses(objects: ManifestSet, *, nodes: int = 1) -> tuple[Use, ...]:
    """
    Return what is taken of each entry of each quota; ``nodes`` is how many a DaemonSet is for.

    Objects that controllers make beside pods and claims (ReplicaSets, Jobs of a CronJob, endpoint
    slices) are not counted.
    """
    selections = Selections(objects)
    found = []
    for quota, pods in _by_quota(objects):
        counted = [
            (
                each.pod.owner,
                rollout.pod_count(
                    each.pod, selections.autoscaler_of.get(each.pod.owner), nodes=nodes
                ),
                usage(each.total),
            )
            for each in pods
        ]
        others = list(_taken_by_objects(objects, quota.item.namespace)) if not quota.scopes else []
        for resource, hard in sorted(quota.hard.items()):
            found.append(_use(quota.item.ref, resource, hard, counted, others))
    return tuple(found)


def needed(
    objects: ManifestSet, names: Iterable[str], *, namespace: str, nodes: int = 1
) -> dict[str, Decimal]:
    """
    Return the least amounts of a quota for ``namespace`` that never stands in the way, by name.

    Everything at the top of its scale and all tasks at once, while updates of everything roll; the
    surge counts twice, because as many pods are still ending, which a quota counts until they end.
    """
    found = uses(_with_quota(objects, names, namespace), nodes=nodes)
    return {
        use.resource: use.resting + use.scaled + use.tasks + 2 * use.surges
        for use in found
        if use.quota.name == _IMAGINED
    }


def unasked_for(objects: ManifestSet, names: Iterable[str], namespace: str) -> tuple[Unasked, ...]:
    """Return the containers that a quota on ``names`` would refuse."""
    found = unasked(_with_quota(objects, names, namespace))
    return tuple(each for each in found if each.quota.name == _IMAGINED)


_IMAGINED = "mooring-imagined-quota"


def _with_quota(objects: ManifestSet, names: Iterable[str], namespace: str) -> ManifestSet:
    imagined: Manifest = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": _IMAGINED, "namespace": namespace},
        "spec": {"hard": dict.fromkeys(names, "0")},
    }
    manifests = (item.manifest for item in objects)
    return ManifestSet([*manifests, imagined], namespace=namespace)


def usage(asked: Resources) -> dict[str, Decimal]:
    """Return what one pod takes of the quotas, by the names that quotas use."""
    taken = {"pods": _ONE, "count/pods": _ONE}
    for name, size in asked.requests.items():
        if name in (CPU, MEMORY, "ephemeral-storage") or name.startswith("hugepages-"):
            taken[name] = size
            taken[f"requests.{name}"] = size
        elif "/" in name:
            taken[f"requests.{name}"] = size
    for name, size in asked.limits.items():
        if name in (CPU, MEMORY, "ephemeral-storage"):
            taken[f"limits.{name}"] = size
    return taken


class _Asked(msgspec.Struct, frozen=True, gc=False):
    """Pods of a template as the admission of the namespace leaves them."""

    pod: PodTemplate
    containers: tuple[ContainerResources, ...]
    total: Resources
    quality: Quality


_ONE = Decimal(1)
_ZERO = Decimal(0)
_NOTHING = Resources({}, {})
_NEEDED = {
    "cpu": ("requests", CPU),
    "memory": ("requests", MEMORY),
    "requests.cpu": ("requests", CPU),
    "requests.memory": ("requests", MEMORY),
    "limits.cpu": ("limits", CPU),
    "limits.memory": ("limits", MEMORY),
}
"""The entries of quotas for which every container must ask."""


def _by_quota(objects: ManifestSet) -> Iterator[tuple[Quota, tuple[_Asked, ...]]]:
    """Yield each quota with the pods that it counts."""
    by_namespace: dict[str, list[_Asked]] = {}
    quotas = [Quota(item) for item in objects.of_kind(kinds.RESOURCE_QUOTA)]
    bounds: dict[str, tuple[Limit, ...]] = {}
    for namespace in {quota.item.namespace for quota in quotas}:
        bounds[namespace] = limits.of_namespace(objects, namespace)
    for pod in objects.templates:
        if pod.namespace in bounds:
            asked = _asked(pod, bounds[pod.namespace], objects)
            by_namespace.setdefault(pod.namespace, []).append(asked)
    for quota in quotas:
        pods = by_namespace.get(quota.item.namespace, [])
        yield quota, tuple(each for each in pods if quota.counts(each.pod, each.quality))


def _asked(pod: PodTemplate, bounds: tuple[Limit, ...], objects: ManifestSet) -> _Asked:
    containers = limits.defaulted(pod_resources.of_containers(pod), bounds)
    more = pod_resources.overhead(pod, objects)
    total = pod_resources.of_pod(pod, containers, overhead=more)
    return _Asked(pod, containers, total, pod_resources.quality(pod, containers))


def _use(
    quota: ObjectRef,
    resource: str,
    hard: Decimal,
    counted: Iterable[tuple[ObjectRef, PodCount, Mapping[str, Decimal]]],
    others: Iterable[tuple[ObjectRef, Mapping[str, Decimal]]],
) -> Use:
    resting = scaled = tasks = surge = surges = _ZERO
    parts = []
    for ref, count, taken in counted:
        each = taken.get(resource, _ZERO)
        if not each:
            continue
        if count.resting:
            parts.append((ref, each * count.resting))
        resting += each * count.resting
        scaled += each * (count.most - count.resting)
        tasks += each * count.tasks
        surge = max(surge, each * count.surge)
        surges += each * count.surge_at_most
    for ref, amounts in others:
        if size := amounts.get(resource):
            parts.append((ref, size))
            resting += size
    return Use(
        quota=quota,
        resource=resource,
        hard=hard,
        resting=resting,
        scaled=scaled,
        tasks=tasks,
        surge=surge,
        surges=surges,
        parts=tuple(parts),
    )


_BY_NAME = {
    *("configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas"),
    *("secrets", "services"),
}
"""What quotas count by its bare name as well as by ``count/``."""


def _taken_by_objects(
    objects: ManifestSet, namespace: str
) -> Iterator[tuple[ObjectRef, dict[str, Decimal]]]:
    """Yield what objects of a namespace take, apart from their pods."""
    root = ObjectRef("v1", "ConfigMap", "kube-root-ca.crt", namespace)
    if root not in objects:
        # The cluster puts this one into every namespace.
        yield root, {"configmaps": _ONE, "count/configmaps": _ONE}
    for item in objects.of_namespace(namespace):
        if item.kind == kinds.POD:
            continue
        taken = _counted(item.kind.kind, item.kind.group, _ONE)
        if item.kind == kinds.SERVICE:
            taken |= _of_service(item)
        elif item.kind == kinds.CLAIM:
            taken |= _of_claim(item.spec, _ONE)
        elif item.kind == kinds.STATEFUL_SET:
            replicas = fields.integer(item.spec.get("replicas"))
            count = _ONE if replicas is None else Decimal(max(replicas, 0))
            made = [
                {
                    **_counted("PersistentVolumeClaim", "", count),
                    **_of_claim(fields.mapping(claim.get("spec")), count),
                }
                for _, claim in fields.mappings(item.spec.get("volumeClaimTemplates"))
            ]
            taken = fields.added([taken, *made])
        yield item.ref, taken


def _counted(kind: str, group: str, count: Decimal) -> dict[str, Decimal]:
    plural = _plural(kind)
    taken = {f"count/{plural}.{group}" if group else f"count/{plural}": count}
    if not group and plural in _BY_NAME:
        taken[plural] = count
    return taken


def _plural(kind: str) -> str:
    """Return the name of a kind in paths, as the API forms it for its own kinds."""
    name = kind.lower()
    if name.endswith("s"):
        return name if name.endswith("endpoints") else f"{name}es"
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def _of_service(item: Item) -> dict[str, Decimal]:
    service = Service(item)
    ports = Decimal(len(service.ports))
    if service.type == "NodePort":
        return {"services.nodeports": ports}
    if service.type == "LoadBalancer":
        taken = {"services.loadbalancers": _ONE}
        if item.spec.get("allocateLoadBalancerNodePorts") is not False:
            taken["services.nodeports"] = ports
        return taken
    return {}


def _of_claim(spec: Manifest, count: Decimal) -> dict[str, Decimal]:
    claim = Claim(spec)
    taken = {"requests.storage": (claim.size or _ZERO) * count}
    if claim.storage_class:
        prefix = f"{claim.storage_class}.storageclass.storage.k8s.io"
        taken[f"{prefix}/requests.storage"] = taken["requests.storage"]
        taken[f"{prefix}/persistentvolumeclaims"] = count
    return taken


def _is_in_scope(scope: str, told: Requirement, pod: PodTemplate, quality: Quality) -> bool:
    if scope == "PriorityClass":
        name = fields.text(pod.spec.get("priorityClassName"))
        return told.holds({scope: name} if name else {})
    if scope in ("Terminating", "NotTerminating"):
        deadline = fields.integer(pod.spec.get("activeDeadlineSeconds"))
        ends = deadline is not None and deadline >= 0
        return ends is (scope == "Terminating")
    if scope in ("BestEffort", "NotBestEffort"):
        return (quality is Quality.BEST_EFFORT) is (scope == "BestEffort")
    if scope == "CrossNamespacePodAffinity":
        return _looks_into_other_namespaces(pod)
    return False


def _looks_into_other_namespaces(pod: PodTemplate) -> bool:
    for kind in ("podAffinity", "podAntiAffinity"):
        affinity = fields.mapping(fields.at(pod.spec, "affinity", kind))
        terms = [
            term
            for _, term in fields.mappings(
                affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
            )
        ]
        terms += [
            fields.mapping(entry.get("podAffinityTerm"))
            for _, entry in fields.mappings(
                affinity.get("preferredDuringSchedulingIgnoredDuringExecution")
            )
        ]
        if any(term.get("namespaces") or "namespaceSelector" in term for term in terms):
            return True
    return False
