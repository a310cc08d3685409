"""
A probe with a number that it cannot have.

## What it does
Finds liveness and startup probes whose `successThreshold` is not 1, probes whose periods,
timeouts or thresholds are below 1, and readiness probes with a `terminationGracePeriodSeconds`.

## Why it matters
The API server refuses the object.

## Example
    livenessProbe: {httpGet: {path: /, port: 8080}, successThreshold: 2}

Leave `successThreshold` out.

## References
- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

RULE = Rule(id="probe-threshold-invalid", severity=Severity.ERROR, since="0.1", group="probes")

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_AT_LEAST_ONE = ("periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each number that the API server refuses."""
    for container in bundle.containers:
        for name in _PROBES:
            probe = container.probe(name)
            told = _fault(name, probe) if probe else None
            if told is not None:
                word, words = told
                yield RULE.finding(
                    container.owner,
                    f"the {name} of the container {container.name} has {word} {probe[word]}, "
                    f"{words}",
                    field=f"{container.path}.{name}.{word}",
                    remedy=f"leave {word} out",
                )


def _fault(name: str, probe: Manifest) -> tuple[str, str] | None:
    for word in _AT_LEAST_ONE:
        written = fields.integer(probe.get(word))
        # The API server puts its default for 0.
        if written is not None and written < 0:
            return word, "which is below 1"
    if name != "readinessProbe" and (fields.integer(probe.get("successThreshold")) or 1) != 1:
        return "successThreshold", "which can only be 1 here"
    if name == "readinessProbe" and probe.get("terminationGracePeriodSeconds") is not None:
        return "terminationGracePeriodSeconds", "which only the others may have"
    return None
