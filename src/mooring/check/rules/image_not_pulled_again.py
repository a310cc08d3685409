"""
A moving tag that each node keeps as it first saw it.

## What it does
Finds images of a tag that is moved on purpose (`main`, `staging`, `edge`, `stable`, ...), without
a digest, that are pulled only where a node has none of that name.

## Why it matters
Nodes that pulled it on different days run different programs under one name, and a restart brings
the new one to some of them.

## Example
    image: registry.example.com/shop/api:staging
    # imagePullPolicy: IfNotPresent is what a tag other than latest means

Deploy the version or the digest that was built.

## References
- https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="image-not-pulled-again",
    severity=Severity.INFO,
    since="0.1",
    group="images",
    opt_in=True,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each moving tag that is not looked up at each start."""
    for container in bundle.containers:
        image = container.reference
        if image is None or image.digest is not None or image.tag not in _MOVING:
            continue
        policy = container.raw.get("imagePullPolicy")
        if policy == "Always" or (policy is None and image.tag == "latest"):
            continue
        yield RULE.finding(
            container.owner,
            f"the tag {image.tag} of the container {container.name} moves, and a node that has it "
            "does not look again",
            field=f"{container.path}.image",
            remedy="deploy the version that was built, or its digest",
        )


_MOVING = frozenset(
    {
        *("latest", "main", "master", "trunk", "head", "dev", "develop", "development", "test"),
        *("edge", "nightly", "canary", "next", "staging", "stage", "preview", "snapshot"),
        *("prod", "production", "release", "stable", "current"),
    }
)
