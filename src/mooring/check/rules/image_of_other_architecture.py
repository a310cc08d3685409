"""
An image that does not exist for the nodes on which it is to run.

## What it does
Finds known images, and repositories such as `arm64v8/nginx`, whose architectures are not the one
that the pod asks for by `nodeSelector` or node affinity, or not that of the cluster's nodes where
these are known.  Nothing is guessed of unknown images.

## Why it matters
The image cannot be pulled ("no match for platform"), or ends at once with `exec format error`.

## Example
    nodeSelector: {kubernetes.io/arch: arm64}
    containers:
    - image: mcr.microsoft.com/mssql/server:2022-latest      # amd64 only

Run it on nodes for which it is made, or take another image.

## References
- https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch
- https://docs.docker.com/build/building/multi-platform/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container, Pod
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields
from mooring.semantics.nodes import ARCH_LABEL

RULE = Rule(id="image-of-other-architecture", severity=Severity.ERROR, since="0.1", group="images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each image that some node of the pod cannot run."""
    for pod in bundle.pods:
        wanted, field = _wanted(pod)
        of_cluster = not wanted and bundle.cluster is not None
        if of_cluster and bundle.cluster is not None:
            wanted = frozenset(bundle.cluster.arches)
        if not wanted:
            continue
        for container in pod.containers:
            made_for = _made_for(container)
            if not made_for or wanted <= made_for:
                continue
            lacking = ", ".join(sorted(wanted - made_for))
            runs_on = "the cluster has nodes of" if of_cluster else "its pods ask for nodes of"
            yield RULE.finding(
                container.owner,
                f"the image {container.image} of the container {container.name} is made for "
                f"{', '.join(sorted(made_for))}, and {runs_on} {lacking}",
                field=f"{container.path}.image" if of_cluster else field,
                remedy=f"run it on nodes with {ARCH_LABEL}: {min(made_for)}, or take another image",
                severity=Severity.WARNING if wanted & made_for else None,
            )


def _wanted(pod: Pod) -> tuple[frozenset[str], str]:
    """Return the architectures of the nodes that the pod asks for, and where it does."""
    chosen = fields.labels(pod.spec.get("nodeSelector"))
    for label in (ARCH_LABEL, "beta.kubernetes.io/arch"):
        if label in chosen:
            return frozenset({chosen[label]}), f"{pod.path}.nodeSelector"
    path = ("nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
    found: set[str] = set()
    terms = [one for _, one in fields.mappings(fields.at(pod.spec, "affinity", *path))]
    for term in terms:
        named = [
            fields.texts(one.get("values"))
            for _, one in fields.mappings(term.get("matchExpressions"))
            if one.get("key") == ARCH_LABEL and one.get("operator") == "In"
        ]
        if not named:
            return frozenset(), ""  # One of the alternatives leaves it open.
        found.update(named[0])
    return frozenset(found), f"{pod.path}.affinity.{'.'.join(path)}"


def _made_for(container: Container) -> frozenset[str]:
    """Return the architectures as Kubernetes names them; none where nobody knows."""
    image = container.reference
    if image is None:
        return frozenset()
    own = _OF_NAMESPACES.get(image.repository.partition("/")[0])
    if own is not None:
        return frozenset({own})
    known = container.known
    stated = known.family.architectures if known is not None else ()
    return frozenset(one.partition("/")[0] for one in stated)


_OF_NAMESPACES = {
    "amd64": "amd64",
    "arm32v5": "arm",
    "arm32v6": "arm",
    "arm32v7": "arm",
    "arm64v8": "arm64",
    "i386": "386",
    "ppc64le": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
}
"""Where Docker Hub has the official images of one architecture."""
