"""
A cluster that waits for members under names that nobody has.

## What it does
Finds pods of known clusters (Elasticsearch, OpenSearch, etcd) whose list of first members holds
none of the names that the members have: the names of their pods, or the literal ones that they
give themselves.

## Why it matters
No member finds itself in the list, no leader is elected (`master not discovered yet`), and no pod
ever becomes ready.

## Example
    # StatefulSet search, 3 replicas
    env: [{name: cluster.initial_master_nodes, value: "es01,es02,es03"}]

List the names of the pods: search-0, search-1, search-2.

## References
- https://www.elastic.co/guide/en/elasticsearch/reference/current/modules-discovery-bootstrap-cluster.html
- https://etcd.io/docs/latest/op-guide/clustering/
"""

from collections.abc import Iterator
from functools import lru_cache

from mooring.check.bundle import Bundle
from mooring.check.environment import Variable
from mooring.check.pods import Container, Pod
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields, kinds

RULE = Rule(
    id="cluster-members-misnamed", severity=Severity.ERROR, since="0.1", group="known-images"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each list of members that holds none of them."""
    for container in bundle.containers:
        known = container.known
        if known is None or not container.is_main:
            continue
        for habit in known.family.cluster:
            for name in habit.names_settings:
                given = container.variable.get(name)
                if given is None or not given.value or "$" in given.value:
                    continue
                listed = {part.partition("=")[0].strip() for part in given.value.split(",")}
                listed = {one.partition(".")[0].partition(":")[0] for one in listed if one}
                have = _members(bundle, known.family.name, container.pod.namespace)
                if listed and have is not None and listed.isdisjoint(have):
                    ref, field = given.place(container.owner)
                    yield RULE.finding(
                        ref,
                        f"{name} lists {', '.join(sorted(listed))}, and the members are called "
                        f"{', '.join(sorted(have)[:5])}",
                        field=field,
                        remedy="list the members by the names that they have",
                    )


@lru_cache(maxsize=64)
def _members(bundle: Bundle, family: str, namespace: str) -> frozenset[str] | None:
    """Return the names of all members of a cluster, None where one of them is not known."""
    found: set[str] = set()
    for container in bundle.containers:
        known = container.known
        if known is None or known.family.name != family or not container.is_main:
            continue
        if container.pod.namespace != namespace:
            continue
        own = {
            name: container.variable[name]
            for habit in known.family.cluster
            for name in habit.name_settings
            if name in container.variable
        }
        names = {name for one in own.values() if (name := one.value)}
        if names and not any("$" in name for name in names):
            found |= names
        elif not own or all(_is_pod_name(container, one) for one in own.values()):
            of_pods = _pod_names(container.pod)
            if of_pods is None:
                return None
            found |= of_pods
        else:
            return None
    return frozenset(found) or None


def _is_pod_name(container: Container, variable: Variable) -> bool:
    """Tell whether a variable has the name of the pod, by itself or through another variable."""
    through = _THROUGH.fullmatch(variable.value) if variable.value else None
    place = variable.field
    if through is not None:
        other = container.variable.get(through[1])
        place = other.field if other is not None else place
    return any(
        f"{container.path}.env[{index}]" == place
        and fields.at(entry, "valueFrom", "fieldRef", "fieldPath") == "metadata.name"
        for index, entry in fields.mappings(container.raw.get("env"))
    )


_THROUGH = LazyPattern(r"\$\((\w+)\)")


def _pod_names(pod: Pod) -> set[str] | None:
    """Return the names of the pods, None where nobody knows them before they are there."""
    if pod.kind == kinds.STATEFUL_SET:
        first = fields.integer(fields.at(pod.template.owner_spec, "ordinals", "start")) or 0
        return {f"{pod.owner.name}-{number}" for number in range(first, first + pod.replicas)}
    hostname = fields.text(pod.spec.get("hostname"))
    if hostname is not None:
        return {hostname}
    return {pod.owner.name} if pod.kind == kinds.POD else None
