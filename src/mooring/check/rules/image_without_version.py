"""
An image that may be another one tomorrow.

## What it does
Finds images without a tag, or with one that names no version, as `latest`, `stable` and `alpine`,
and without a digest.  A major version is one.

## Why it matters
Whoever starts a pod pulls what the tag means at that moment: two replicas may run different
programs, and a rollback brings back nothing.

## Example
    containers:
    - name: web
      image: nginx        # means nginx:latest

Name the version: `image: nginx:1.29.3`.

## References
- https://kubernetes.io/docs/concepts/containers/images/#image-names
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.images import versions

RULE = Rule(id="image-without-version", severity=Severity.WARNING, since="0.1", group="images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container whose image names neither version nor digest."""
    for container in bundle.containers:
        image = container.reference
        if image is None or image.digest is not None or versions.names_a_build(image.tag):
            continue
        named = f"the tag {image.tag}" if image.tag else "no tag, which means latest"
        yield RULE.finding(
            container.owner,
            f"the image {container.image} of the container {container.name} has {named}",
            field=f"{container.path}.image",
            remedy="name the version that was tested, or the digest",
        )
