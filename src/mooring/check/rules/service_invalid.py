"""
A Service that the API server refuses.

## What it does
Finds fields of Services that their type does not allow (a `nodePort` or `externalTrafficPolicy` of
a ClusterIP, a headless LoadBalancer), and values that the schema lets pass: numbers of ports out of
range, a number in quotes as `targetPort`, addresses that are none, no ports at all.

## Why it matters
The object is refused, and whatever is applied with it may be as well.

## Example
    spec:
      type: LoadBalancer
      clusterIP: None

Leave out what the type does not allow.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import names
from mooring.semantics import fields
from mooring.semantics.addresses import is_address, parse
from mooring.semantics.views import Service

RULE = Rule(id="service-invalid", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each field for which a Service is refused."""
    for service in bundle.services:
        for field, told, remedy in (*_of_type(service), *_of_ports(service), *_of_values(service)):
            yield RULE.finding(service.item.ref, told, field=field, remedy=remedy)


def _of_type(service: Service) -> Iterator[tuple[str, str, str]]:
    spec, kind = service.item.spec, service.type
    is_outside = kind in ("NodePort", "LoadBalancer")
    if service.is_headless and is_outside:
        yield "spec.clusterIP", f"it is headless, and a {kind} needs an address", "leave it out"
    if not is_outside and spec.get("externalTrafficPolicy") and not spec.get("externalIPs"):
        told = f"externalTrafficPolicy is for the types NodePort and LoadBalancer, and it is {kind}"
        yield "spec.externalTrafficPolicy", told, "leave it out"
    if kind != "LoadBalancer":
        for word in ("loadBalancerSourceRanges", "loadBalancerClass"):
            if spec.get(word):
                told = f"{word} is for the type LoadBalancer, and it is a {kind}"
                yield f"spec.{word}", told, "leave it out"
    if spec.get("healthCheckNodePort") and not (
        kind == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"
    ):
        yield (
            "spec.healthCheckNodePort",
            "healthCheckNodePort is for load balancers with externalTrafficPolicy: Local",
            "leave it out",
        )
    if kind == "ExternalName":
        alias = service.external_name
        if alias is None:
            yield "spec.externalName", "it is an ExternalName without a name", "name the host"
        elif spec.get("clusterIP"):
            told = "it is an ExternalName, which has no address of its own"
            yield "spec.clusterIP", told, "leave it out"
        elif not names.is_subdomain(alias.rstrip(".")) and not any(one in alias for one in ":/"):
            yield "spec.externalName", f'its externalName "{alias}" is no name', "name the host"
    elif not service.is_headless and not fields.items(spec.get("ports")):
        yield "spec.ports", "it has no ports", "add the port that it is dialled by"


def _of_ports(service: Service) -> Iterator[tuple[str, str, str]]:
    for index, port in fields.mappings(service.item.spec.get("ports")):
        field = f"spec.ports[{index}]"
        number = fields.integer(port.get("port"))
        if number is not None and not 1 <= number <= _HIGHEST:
            yield f"{field}.port", f"its port is {number}", f"use 1 to {_HIGHEST}"
        target = port.get("targetPort")
        if isinstance(target, int) and not isinstance(target, bool):
            if not 0 <= target <= _HIGHEST:  # 0 is as good as absent
                yield f"{field}.targetPort", f"its targetPort is {target}", f"use 1 to {_HIGHEST}"
        elif isinstance(target, str) and target.isdecimal():
            told = f'its targetPort "{target}" is a name, and has no letter'
            yield f"{field}.targetPort", told, "write the number without quotes"
        if service.type == "ClusterIP" and fields.integer(port.get("nodePort")):
            told = "nodePort is for the types NodePort and LoadBalancer, and it is a ClusterIP"
            yield f"{field}.nodePort", told, "leave it out, or set the type"


def _of_values(service: Service) -> Iterator[tuple[str, str, str]]:
    spec = service.item.spec
    for index, cidr in enumerate(fields.texts(spec.get("loadBalancerSourceRanges"))):
        if "/" not in cidr or parse(cidr.strip()) is None:
            yield (
                f"spec.loadBalancerSourceRanges[{index}]",
                f'"{cidr}" is no range of addresses',
                "write it as 192.0.2.0/24",
            )
    for index, address in enumerate(fields.texts(spec.get("externalIPs"))):
        if not is_address(address):
            yield f"spec.externalIPs[{index}]", f'"{address}" is no address', "write the address"
    for key, value in fields.labels(spec.get("selector")).items():
        if not names.is_label_value(value):
            told = f'its selector wants {key}="{value}", which no label can be'
            yield f'spec.selector["{key}"]', told, "select labels that the pods carry"


_HIGHEST = 65535
