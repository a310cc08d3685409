"""
An init container that waits without an end.

## What it does
Finds init containers that wait in a loop for something and count neither tries nor time.

## Why it matters
Where what it waits for never comes, because its name is wrong or its own start fails, the pod stays
in `Init:0/1` for ever, and nothing fails: no event, no exit status, no alarm.

## Example
    initContainers:
    - command: [sh, -c, "until nc -z db 5432; do sleep 2; done"]

Give up after some tries, as in `timeout 300 sh -c '...'`: the kubelet starts it again and shows
that it failed.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields, kinds
from mooring.semantics.pods import Role

RULE = Rule(id="wait-without-end", severity=Severity.INFO, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each init container whose loop nothing ends."""
    for container in bundle.containers:
        if container.role is not Role.INIT or not _LOOP.search(container.words):
            continue
        pod = container.pod
        deadline = pod.template.owner_spec.get("activeDeadlineSeconds")
        ends = pod.kind == kinds.JOB and fields.integer(deadline) is not None
        if ends or _BOUND.search(container.words):
            continue
        yield RULE.finding(
            container.owner,
            f"the init container {container.name} waits in a loop that nothing ends",
            field=f"{container.path}.{'args' if container.args else 'command'}",
            remedy="count the tries, or put timeout before it",
        )


_LOOP = LazyPattern(r"\b(?:until|while)\b[\s\S]*\bdo\b[\s\S]*\bsleep\b")
_BOUND = LazyPattern(
    r"\btimeout\b|\bexit\s+[1-9]|-(?:ge|gt|lt|le|eq)\s|\bseq\b|\bfor\s+\w+\s+in\b|\bbreak\b"
    r"|\(\(.*[-+<>]|\bSECONDS\b|\bfalse\b"
)
