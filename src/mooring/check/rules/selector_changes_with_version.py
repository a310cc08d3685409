"""
A selector that the next version changes.

## What it does
Finds Deployments, StatefulSets and DaemonSets whose selector holds a label that names a version
or a chart:  `app.kubernetes.io/version`, `helm.sh/chart`, or a commit.  `commonLabels` of
kustomize puts all its labels there.

## Why it matters
A selector cannot be changed: the next version is refused (`field is immutable`), and the workload
has to be deleted first.

## Example
    selector: {matchLabels: {app: web, app.kubernetes.io/version: "1.4.0"}}

Select by labels that stay: `labels` with `includeSelectors: false` in kustomize.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates
- https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/labels/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="selector-changes-with-version", severity=Severity.WARNING, since="0.1", group="api")

_OF_A_VERSION = frozenset(
    {
        *("app.kubernetes.io/version", "helm.sh/chart", "chart", "git-commit", "commit", "sha"),
        *("git-sha", "revision", "build", "build-id", "image-tag", "app.kubernetes.io/revision"),
    }
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each label of a selector that does not stay."""
    for item in bundle.of_kind(kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.DAEMON_SET):
        written = fields.labels(fields.at(item.spec, "selector", "matchLabels"))
        for key, value in written.items():
            # A name without any digit names no version.
            if key in _OF_A_VERSION and any(sign.isdigit() for sign in value):
                yield RULE.finding(
                    item.ref,
                    f"its selector holds {key}={value}, which the next version changes, and a "
                    "selector cannot be changed",
                    field=f'spec.selector.matchLabels["{key}"]',
                    remedy="select by labels that stay",
                )
