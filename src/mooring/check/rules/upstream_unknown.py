"""
A proxy that leads to nobody.

## What it does
Finds settings of NGINX, HAProxy and Caddy in mounted ConfigMaps whose upstreams are no Service of
the namespace, or a port that the Service does not have.  Groups of upstreams, variables, sockets
and names outside of the cluster are left alone.

## Why it matters
NGINX and HAProxy resolve the names at their start and end without them: `host not found in
upstream`.  The others answer with 502.

## Example
    data:
      default.conf: |
        location /api { proxy_pass http://api_server:8000; }     # the Service is called api

Name the Service as it is called, and a port that it has.

## References
- https://nginx.org/en/docs/http/ngx_http_upstream_module.html
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from collections.abc import Iterator

from mooring.check import files
from mooring.check.bundle import Bundle
from mooring.check.unresolved import other_ports, unresolved
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(id="upstream-unknown", severity=Severity.ERROR, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each upstream that is not there."""
    told: set[tuple[object, ...]] = set()
    for led in files.led(bundle):
        one = led.dialled
        if one.service is None or (one.ref, led.key, one.address) in told:
            continue
        told.add((one.ref, led.key, one.address))
        found = unresolved(bundle, one)
        if found is not None:
            end = ", and the program ends at its start" if led.at_start else ""
            yield RULE.finding(
                one.ref,
                f'"{led.key}" leads to {one.address.shown}, and {found.told}{end}',
                field=one.field,
                remedy=found.remedy or "name a Service that is there, or add the one that is meant",
                severity=None if found.is_certain else Severity.WARNING,
                confidence=None if found.is_certain else Confidence.MEDIUM,
            )
            continue
        ports = other_ports(bundle, one)
        if ports:
            port = one.address.dialled_port
            yield RULE.finding(
                one.ref,
                f'"{led.key}" leads to the port {port} of Service {one.service}, which has '
                f"{', '.join(map(str, ports))}",
                field=one.field,
                remedy=f"lead to {ports[0]}" if len(ports) == 1 else "lead to a port that it has",
            )
