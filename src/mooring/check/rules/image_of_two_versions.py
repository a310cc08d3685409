"""
One image in two versions within an application.

## What it does
Finds containers of one namespace whose images are one repository in two versions, where the tags
are of one form (numbers, or commits) and nothing is known of the image: it is the team's own.  Pods
that tell their versions apart by a label (`version`, `track`) are a canary, and are let be.

## Why it matters
Programs of one source belong together: a migration of yesterday prepares a schema that today's
program does not know, and answers fail until somebody sees that one tag was forgotten.

## Example
    kind: Job          # migrate
    image: registry.example.com/shop/api:1.4.0
    ---
    kind: Deployment   # api
    image: registry.example.com/shop/api:1.5.0

Give both one tag, and roll them out and back together.

## References
- https://kubernetes.io/docs/concepts/containers/images/#image-names
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern

RULE = Rule(
    id="image-of-two-versions",
    severity=Severity.WARNING,
    since="0.1",
    group="images",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container whose image is here in another version, too."""
    first: dict[tuple[str, str], Container] = {}
    for container in bundle.containers:
        reference = container.reference
        if reference is None or reference.tag is None or container.known is not None:
            continue
        form = _form(reference.tag)
        if form is None:
            continue
        repository = (container.image or "").removesuffix(f":{reference.tag}")
        other = first.setdefault((container.pod.namespace, repository), container)
        theirs = other.reference.tag if other.reference is not None else None
        if theirs in (None, reference.tag) or _form(str(theirs)) != form:
            continue
        if _tell_apart(container, other):
            continue
        yield RULE.finding(
            container.owner,
            f"the container {container.name} runs {repository} in the version {reference.tag}, "
            f"and {other.owner.kind} {other.owner.name} in {theirs}",
            field=f"{container.path}.image",
            remedy="give both one version",
        )


_NUMBER = LazyPattern(r"v?\d+(\.\d+)+")
_COMMIT = LazyPattern(r"(?:sha-?)?[0-9a-f]{7,40}")
_APART = ("version", "track", "app.kubernetes.io/version", "slot", "color", "colour")


def _form(tag: str) -> str | None:
    if _NUMBER.fullmatch(tag):
        return "number"
    return "commit" if _COMMIT.fullmatch(tag) else None


def _tell_apart(one: Container, other: Container) -> bool:
    """Tell whether labels say that the two pods are different versions."""
    return any(one.pod.labels.get(key) != other.pod.labels.get(key) for key in _APART)
