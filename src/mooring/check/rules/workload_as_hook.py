"""
A workload that Helm takes for a hook.

## What it does
Finds Deployments, StatefulSets, DaemonSets, Services and Ingresses with `helm.sh/hook`.

## Why it matters
A hook is outside of the release: it is not removed with it, not rolled back, not waited for, and
at each upgrade deleted and made again, which is an outage.

## Example
    kind: Deployment
    metadata:
      annotations: {helm.sh/hook: post-install}

Leave the annotation out; only Jobs and what they need are hooks.

## References
- https://helm.sh/docs/topics/charts_hooks/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="workload-as-hook", severity=Severity.ERROR, since="0.1", group="helm")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object that should belong to the release."""
    for item in bundle.of_kind(*_LASTING):
        hook = item.annotations.get("helm.sh/hook")
        if hook is not None and not hook.startswith("test"):
            yield RULE.finding(
                item.ref,
                f"it is the hook {hook}: outside of the release, and made anew at each upgrade",
                field='metadata.annotations["helm.sh/hook"]',
                remedy="leave the annotation out",
            )


_LASTING = (
    kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.DAEMON_SET, kinds.SERVICE, kinds.INGRESS,
)  # fmt: skip
