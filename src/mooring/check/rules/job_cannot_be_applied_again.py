"""
A Job that cannot be applied with another image.

## What it does
Finds Jobs with a name that says nothing of what they run, which stay when they are done, and
which no hook and no tool makes anew.

## Why it matters
The template of a Job cannot be changed: the next version of the manifests is refused (`field is
immutable`), and the migration of that version does not run.

## Example
    kind: Job
    metadata: {name: migrate}
    spec: {template: {spec: {containers: [{image: "shop/api:1.4.0"}]}}}

Put the version or a hash into the name, set `ttlSecondsAfterFinished`, or make it a hook.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/job/
"""

from collections.abc import Iterator

from mooring.check import hooks
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import kinds

RULE = Rule(
    id="job-cannot-be-applied-again",
    severity=Severity.WARNING,
    since="0.1",
    group="jobs",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Job whose next version would be refused."""
    for item in bundle.of_kind(kinds.JOB):
        if item.spec.get("ttlSecondsAfterFinished") is not None or hooks.of(item):
            continue
        if _VERSION.search(item.ref.name) or item.controller is not None:
            continue
        if any(key in annotation for annotation in item.annotations.items() for key in _MADE_ANEW):
            continue
        yield RULE.finding(
            item.ref,
            f"it stays under the name {item.ref.name}, and its template cannot be changed",
            field="metadata.name",
            remedy="put the version or a hash into the name, or set ttlSecondsAfterFinished",
        )


_VERSION = LazyPattern(r"-(?=[a-z0-9]*[0-9])[a-z0-9]{5,}$|-v?[0-9]+([.-][0-9]+)*$|-r[0-9]+$")
_MADE_ANEW = (
    "kustomize.toolkit.fluxcd.io/force",
    "argocd.argoproj.io/sync-options",
    "pulumi.com/replaceUnready",
)
