"""
A container that sets the kernel of its node and may not.

## What it does
Finds containers, mostly init containers, that run `sysctl -w` without `privileged: true`.

## Why it matters
`/proc/sys` is read-only in a container that is not privileged: the step ends with "Read-only file
system", and the pod never starts.

## Example
    initContainers:
    - name: sysctl
      image: busybox:1.37.0
      command: [sysctl, -w, vm.max_map_count=262144]
      # securityContext: {privileged: true}

Set it on the nodes; or make the step privileged, where the namespace allows for it.

## References
- https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
"""

from collections.abc import Iterator

from mooring.check import scripts
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields

RULE = Rule(
    id="sysctl-without-privilege", severity=Severity.ERROR, since="0.1", group="pod-security"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each setting of the kernel that is refused."""
    for container in bundle.containers:
        if container.security.get("privileged") is True or _has_proc(container):
            continue
        script = _sets(bundle, container)
        if script is None:
            continue
        text, field = script
        # What may fail, or is only done where it is needed, may not matter.
        is_certain = "||" not in text and "if " not in text and "set +e" not in text
        yield RULE.finding(
            container.owner,
            f"the container {container.name} runs sysctl -w and is not privileged",
            field=field,
            remedy="set it on the nodes, or make the container privileged",
            severity=None if is_certain else Severity.WARNING,
            confidence=None if is_certain else Confidence.MEDIUM,
        )


def _has_proc(container: Container) -> bool:
    """Tell whether the node's /proc is mounted, which can be written where it is."""
    return any(
        (fields.text(fields.at(volume, "hostPath", "path")) or "").startswith("/proc")
        for _, volume in container.pod.volumes.values()
    )


def _sets(bundle: Bundle, container: Container) -> tuple[str, str] | None:
    """Return the script that sets the kernel and the field of the container that runs it."""
    words = container.words
    part = "command" if container.command else "args"
    if "sysctl" in words and _SETS.search(words):
        return words, f"{container.path}.{part}"
    for script in scripts.of(bundle, container):
        if "sysctl" in script.text and _SETS.search(script.text):
            return script.text, f"{container.path}.{part}"
    return None


_SETS = LazyPattern(r"(?m)(?:^|[\s;&|/])sysctl\s+(?:-[a-z]+\s+)*-w\b")
