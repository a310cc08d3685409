"""
An image of a registry that is not on your list.

## What it does
Finds images whose registry, or the beginning of whose path, is none of `checks.registries` in
mooring.yaml.  Without such a list it finds nothing.

## Why it matters
Whoever lists registries trusts these alone: they are scanned, they keep what was tested, and they
are there when Docker Hub limits its pulls.

## Example
    # mooring.yaml
    checks:
      registries: [registry.example.com/shop, registry.k8s.io]

Bring the image into one of them.

## References
- https://kubernetes.io/docs/concepts/containers/images/#image-names
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import one_of
from mooring.findings import Finding, Rule, Severity
from mooring.images.references import parse

RULE = Rule(id="image-of-other-registry", severity=Severity.WARNING, since="0.1", group="images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each image that none of the listed registries has."""
    if not bundle.registries:
        return
    listed = tuple(map(_whole, bundle.registries))
    for container in bundle.containers:
        image = container.reference
        if image is None:
            continue
        whole = f"{image.registry}/{image.repository}"
        if not any(whole.startswith(one) for one in listed):
            yield RULE.finding(
                container.owner,
                f"the image {container.image} of the container {container.name} comes from "
                f"{image.registry}, and images may come from {one_of(bundle.registries)}",
                field=f"{container.path}.image",
                remedy="bring it into one of these registries",
            )


def _whole(listed: str) -> str:
    """Return what a listed registry is as the beginning of an image's name."""
    # An image of any name tells which host is meant: Docker Hub has several names.
    told = parse(f"{listed.rstrip('/')}/x")
    return f"{told.registry}/{told.repository.removesuffix('x')}" if told is not None else listed
