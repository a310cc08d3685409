"""
A container that may fill the disk of its node.

## What it does
Finds containers without a limit of `ephemeral-storage`.

## Why it matters
Logs, `emptyDir`s and what is written to the image's files lie on the node's disk.  When it is
full the kubelet evicts pods, and not only the one that filled it.  Few set the limit, and one
that is too low kills for a log line: so this rule must be asked for.

## Example
    resources: {limits: {memory: 256Mi}}      # no ephemeral-storage

Set a request and a limit of `ephemeral-storage`.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage
"""

from collections.abc import Iterator

from mooring.check import amounts
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="ephemeral-storage-unbounded",
    severity=Severity.INFO,
    since="0.1",
    group="resources",
    opt_in=True,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container without a limit."""
    yield from amounts.missing(bundle, RULE, "limits", "ephemeral-storage")
