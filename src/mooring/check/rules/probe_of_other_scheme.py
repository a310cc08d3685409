"""
A probe that speaks HTTP where TLS is spoken, or the other way round.

## What it does
Finds HTTP probes without `scheme:  HTTPS` of ports that are for TLS (443, 8443, or named
`https`), and probes with it of ports for plain HTTP (80, or named `http`).

## Why it matters
The server answers with 400, or the handshake fails: the pod never becomes ready, or is restarted.

## Example
    ports: [{containerPort: 8443, name: https}]
    readinessProbe: {httpGet: {path: /health, port: https}}

Set `scheme: HTTPS`; the kubelet does not check the certificate.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/probes/#http-probes
"""

from collections.abc import Iterator

from mooring.check import commands, fixes, probe_targets
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Safety, Severity

RULE = Rule(id="probe-of-other-scheme", severity=Severity.WARNING, since="0.1", group="probes")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each HTTP probe whose scheme is not that of its port."""
    for container in bundle.containers:
        for name in commands.PROBES:
            target = probe_targets.target(container, name)
            if target is None or target.action != "httpGet" or target.number is None:
                continue
            by_number, by_name = _OF_NUMBERS.get(target.number), _OF_NAMES.get(target.port_name)
            meant = by_number or by_name
            # Where name and number disagree nobody knows.
            if meant in (None, target.scheme) or target.scheme in (by_number, by_name):
                continue
            shown = f"{target.number}" + (f" ({target.port_name})" if target.port_name else "")
            field = target.field.removesuffix("port") + "scheme"
            yield RULE.finding(
                container.owner,
                f"the {name} of the container {container.name} speaks {target.scheme} to port "
                f"{shown}",
                field=field,
                remedy=f"set scheme: {meant}",
                confidence=None if by_number and by_name else Confidence.MEDIUM,
                fix=fixes.put(
                    container.pod.template.raw,
                    field,
                    meant,
                    description=f"speak {meant}",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )


_OF_NUMBERS = {443: "HTTPS", 8443: "HTTPS", 6443: "HTTPS", 80: "HTTP"}
_OF_NAMES: dict[str | None, str] = {"https": "HTTPS", "tls": "HTTPS", "http": "HTTP", "web": "HTTP"}
