"""
An image that only the machine has on which it was built.

## What it does
Finds images under a name of one part that is none of Docker Hub's official images, such as the
names that Compose gives to what it builds.

## Why it matters
`web:1.0` means `docker.io/library/web:1.0`, where nobody can put anything.  A node that has not
been given the image by hand stays in `ImagePullBackOff`; with `imagePullPolicy:  Always`, or
without a version, even one that has.

## Example
    image: coffee-web:latest

Push it to a registry and name that: `image: registry.example.com/coffee/web:1.4.0`.

## References
- https://kubernetes.io/docs/concepts/containers/images/#image-names
- https://kind.sigs.k8s.io/docs/user/quick-start/#loading-an-image-into-your-cluster
"""

from collections.abc import Iterator

from mooring.check import official_images
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images.references import DOCKER_HUB

RULE = Rule(id="image-in-no-registry", severity=Severity.ERROR, since="0.1", group="images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each image that no registry can have."""
    for container in bundle.containers:
        image = container.reference
        if image is None or image.registry != DOCKER_HUB or container.known is not None:
            continue
        name = image.name
        # A mesh puts its proxy in for "auto" when the pod is made.
        if "/" in name or name in official_images.NAMES or name == "auto":
            continue
        policy = container.raw.get("imagePullPolicy")
        if policy == "Never":
            continue  # Whoever says so has put it onto the nodes.
        is_asked_for = policy == "Always" or (policy is None and image.tag in (None, "latest"))
        is_certain = is_asked_for and image.digest is None and bundle.is_closed
        told = "is asked for each time" if is_asked_for else "is there only if somebody loaded it"
        yield RULE.finding(
            container.owner,
            f"the image {container.image} of the container {container.name} is no official image "
            f"of Docker Hub and names no registry: it {told}",
            field=f"{container.path}.image",
            remedy="push it to a registry, and write that before its name",
            severity=None if is_certain else Severity.WARNING,
            confidence=None if is_certain else Confidence.MEDIUM,
        )
