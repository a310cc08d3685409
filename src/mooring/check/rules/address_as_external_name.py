"""
An alias for what is no name.

## What it does
Finds Services of the type ExternalName whose `externalName` is an address, a URL, or a name with a
port.

## Why it matters
The alias is an entry of DNS, which has names alone: an address in digits is looked up as a name and
not found, and the API server refuses the others.

## Example
    kind: Service
    spec: {type: ExternalName, externalName: 192.0.2.10}

Make a Service without a selector, and an EndpointSlice with the address.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#externalname
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern

RULE = Rule(id="address-as-external-name", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each alias that is for no name."""
    for service in bundle.services:
        alias = service.external_name
        if alias is None:
            continue
        if _ADDRESS.fullmatch(alias):
            what, remedy = (
                "an address, and DNS has aliases for names alone",
                "make a Service without a selector, and an EndpointSlice with the address",
            )
        elif "://" in alias or "/" in alias:
            what, remedy = "a URL, and a name belongs there", "write the host alone"
        elif ":" in alias:
            what, remedy = "a name with a port, and a name belongs there", "write the host alone"
        else:
            continue
        yield RULE.finding(
            service.item.ref,
            f'its externalName "{alias}" is {what}',
            field="spec.externalName",
            remedy=remedy,
        )


_ADDRESS = LazyPattern(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*::[0-9a-fA-F:]*")
