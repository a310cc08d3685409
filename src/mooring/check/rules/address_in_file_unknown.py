"""
A URL in a mounted file that leads to nobody.

## What it does
Finds URLs in files of mounted ConfigMaps (sources of data, targets of metrics, endpoints) whose
host is a bare name that no Service of the namespace has, and such as name a port that the Service
does not have.  Lines that are comments are left out.  Proxies have a rule of their own.

## Why it matters
The name resolves in Compose and not here, or nothing answers on the port: panels stay empty, and
traces and mails are lost, without anything that fails.

## Example
    data:
      datasources.yaml: |
        datasources: [{type: prometheus, url: "http://prom:9090"}]     # the Service is prometheus

Name the Service as it is called, and a port that it has.

## References
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from collections.abc import Iterator

from mooring.check import files
from mooring.check.bundle import Bundle
from mooring.check.unresolved import other_ports, unresolved
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(
    id="address-in-file-unknown", severity=Severity.WARNING, since="0.1", group="configuration"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each URL that leads nowhere."""
    told = {(one.dialled.ref, one.key, one.dialled.address.host) for one in files.led(bundle)}
    for led in files.addressed(bundle):
        one = led.dialled
        key = (one.ref, led.key, one.address.host)
        if one.service is None or key in told or one.service in _WORDS:
            continue
        found = unresolved(bundle, one)
        if found is not None:
            told.add(key)
            yield RULE.finding(
                one.ref,
                f'"{led.key}" names {one.address.shown}, and {found.told}',
                field=one.field,
                remedy=found.remedy or "name a Service that is there, or add the one that is meant",
                confidence=None if found.is_certain else Confidence.MEDIUM,
            )
            continue
        ports = other_ports(bundle, one)
        if ports:
            port = one.address.dialled_port
            told.add(key)
            yield RULE.finding(
                one.ref,
                f'"{led.key}" names the port {port} of Service {one.service}, which has '
                f"{', '.join(map(str, ports))}",
                field=one.field,
                remedy=f"name {ports[0]}" if len(ports) == 1 else "name a port that it has",
            )


_WORDS = frozenset({"host", "hostname", "server", "example", "domain", "your-host", "yourhost"})
"""Words that stand for a host in texts that explain."""
