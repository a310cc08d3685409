"""
An image name that nothing can pull.

## What it does
Finds image references that are none: capitals in the repository, blanks, a variable that nobody
replaced, an empty tag.

## Why it matters
The pod stays in `InvalidImageName`.

## Example
    image: Registry.example.com/Team/API:1.0
    image: ${REGISTRY}/api:1.0

Write registry, repository in small letters, and tag or digest.

## References
- https://kubernetes.io/docs/concepts/containers/images/#image-names
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="image-reference-malformed", severity=Severity.ERROR, since="0.1", group="images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each image whose name cannot be parsed."""
    for container in bundle.containers:
        image = container.image
        if not image or container.reference is not None:
            continue
        if "$" in image or "{{" in image:
            why = "a variable was not replaced"
        else:
            why = "it has capitals" if image != image.lower() else "it is malformed"
        yield RULE.finding(
            container.owner,
            f"the image {image} of the container {container.name} cannot be pulled: {why}",
            field=f"{container.path}.image",
            remedy="write registry, repository in small letters, and tag or digest",
        )
