"""
A pull secret for another registry than that of the images.

## What it does
Finds pods whose pull secrets are all in the input and whose image of a private registry is
covered by none of them.

## Why it matters
The node asks without credentials, and the registry refuses: `ImagePullBackOff`, although the
Secret is there and well formed.

## Example
    imagePullSecrets: [{name: registry}]     # has auths for registry.gitlab.com
    containers:
    - image: registry.example.com/shop/api:2.4.0

Add the registry to the Secret's `auths`, host and port as the image has them.

## References
- https://kubernetes.io/docs/concepts/containers/images/#config-json
"""

from collections.abc import Iterator

from mooring.check import pull_secrets
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="pull-secret-of-other-registry", severity=Severity.WARNING, since="0.1", group="images"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each private image that none of the pod's pull secrets is for."""
    for pod in bundle.pods:
        named = pull_secrets.named(bundle, pod)
        if not named:
            continue
        held = [
            pull_secrets.logins(item)
            if (item := bundle.objects.find(kinds.SECRET, one.name, pod.namespace))
            else None
            for one in named
        ]
        found = [login for logins in held for login in logins or ()]
        if not found or not all(held):
            continue
        places = ", ".join(sorted({login.place for login in found}))
        for container in pod.containers:
            image = container.reference
            if image is None or any(login.fits(image) for login in found):
                continue
            if pull_secrets.is_public(image.registry):
                continue
            yield RULE.finding(
                pod.owner,
                f"the image {container.image} comes from {image.registry}, and its pull secrets "
                f"are for {places}",
                field=named[0].field or fields.below(pod.path, "imagePullSecrets"),
                remedy=f"add {image.registry} to the auths of the Secret {named[0].name}",
                confidence=Confidence.MEDIUM
                if pull_secrets.is_of_a_cloud(image.registry)
                else None,
            )
