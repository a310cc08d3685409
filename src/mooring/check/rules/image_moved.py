"""
An image that is no longer where it is looked for.

## What it does
Finds images of registries and repositories that were closed:  `k8s.gcr.io`,
`gcr.io/google-containers`, and what the catalogue of known images says has moved.

## Why it matters
It is pulled from a node's cache until the pod meets a new node; there it stays in
`ImagePullBackOff`.

## Example
    image: k8s.gcr.io/pause:3.9           # registry.k8s.io/pause:3.9

Use the place that it moved to.

## References
- https://kubernetes.io/blog/2023/03/10/image-registry-redirect/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="image-moved", severity=Severity.WARNING, since="0.1", group="images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each image whose place is closed."""
    for container in bundle.containers:
        image = container.reference
        if image is None:
            continue
        moved = container.known.moved if container.known is not None else None
        place = next((new for old, new in _CLOSED.items() if _is_in(image.name, old)), None)
        if moved is not None:
            told = f"cannot be pulled since {moved.since}"
            remedy = f"use {moved.to}" if moved.to else "use another image"
        elif place is not None:
            told, remedy = "comes from a registry that is closed", f"use {place}"
        else:
            continue
        yield RULE.finding(
            container.owner,
            f"the image {container.image} of the container {container.name} {told}",
            field=f"{container.path}.image",
            remedy=remedy,
        )


_CLOSED = {
    "k8s.gcr.io": "registry.k8s.io",
    "gcr.io/google-containers": "registry.k8s.io",
    "gcr.io/google_containers": "registry.k8s.io",
}


def _is_in(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}/")
