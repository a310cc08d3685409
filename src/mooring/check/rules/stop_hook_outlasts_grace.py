"""
A pod that is killed before its stop hook ends.

## What it does
Finds `preStop` hooks that sleep as long as the grace period of the pod, or longer.

## Why it matters
The hook counts within the grace period: the process gets no time to end, and is killed.

## Example
    terminationGracePeriodSeconds: 30
    lifecycle: {preStop: {exec: {command: [sleep, "60"]}}}

Make the grace period longer than the hook.

## References
- https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-execution
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields

RULE = Rule(
    id="stop-hook-outlasts-grace",
    severity=Severity.WARNING,
    since="0.1",
    group="workloads",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each stop hook that takes the whole grace period."""
    for container in bundle.containers:
        hook = fields.mapping(fields.at(container.raw, "lifecycle", "preStop"))
        if not hook:
            continue
        words = " ".join(fields.texts(fields.at(hook, "exec", "command")))
        slept = _SLEEP.search(words)
        seconds = int(slept[1]) if slept is not None else 0
        seconds = max(seconds, fields.integer(fields.at(hook, "sleep", "seconds")) or 0)
        written = fields.integer(container.pod.spec.get("terminationGracePeriodSeconds"))
        grace = 30 if written is None else written
        if seconds and seconds >= grace:
            yield RULE.finding(
                container.owner,
                f"the stop hook of the container {container.name} takes {seconds} s, and the "
                "pod has "
                f"{grace} s",
                field=f"{container.path}.lifecycle.preStop",
                remedy="make terminationGracePeriodSeconds longer than the hook",
            )


_SLEEP = LazyPattern(r"\bsleep (\d+)")
