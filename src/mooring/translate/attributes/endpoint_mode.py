"""
How a service's name is resolved: `deploy.endpoint_mode`.

## What it means
`vip` gives a service one address in front of its replicas; `dnsrr` answers with the replicas' own.

## What it becomes
`vip` is a Service with an address; `dnsrr` a headless one (`Service.spec.clusterIP: None`).

## Example
    deploy: {endpoint_mode: dnsrr}     # Service.spec.clusterIP: None

## References
- https://docs.docker.com/reference/compose-file/deploy/#endpoint_mode
- https://kubernetes.io/docs/concepts/services-networking/service/#headless-services
"""

from mooring.translate.notes import Translated, carried
from mooring.translate.view import ServiceView, field, text

ATTRIBUTES: tuple[str, ...] = ("deploy.endpoint_mode",)

_NO = Translated(False)


def answers_by_address(service: ServiceView) -> Translated[bool]:
    """Tell whether the service's name resolves to the addresses of its replicas."""
    deploy = service.get("deploy")
    node = field(deploy, "endpoint_mode") if deploy is not None else None
    if node is None:
        return _NO
    path = service.path("deploy", "endpoint_mode")
    return Translated(text(node) == "dnsrr", (carried(path, "Service.spec.clusterIP"),))
