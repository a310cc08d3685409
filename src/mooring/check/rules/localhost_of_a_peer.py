"""
An address of the pod itself where another pod is meant.

## What it does
Finds variables and commands that dial `localhost` on a port on which no container of the pod
listens, as far as it declares, while a Service of the namespace has that port.

## Why it matters
In a pod `localhost` is the pod.  What ran beside the program on one machine runs in another pod
now, and nothing listens where it is looked for.

## Example
    env:
    - {name: DB_HOST, value: localhost}     # the Service is called postgres
    - {name: DB_PORT, value: "5432"}

Dial the Service by its name.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.dialling import LOCAL, Dialled
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="localhost-of-a-peer", severity=Severity.WARNING, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each address of the pod itself that only a peer answers."""
    by_port: dict[tuple[str, int], str] = {}
    for service in bundle.services:
        for port in service.ports:
            by_port.setdefault((service.item.namespace, port.number), service.item.ref.name)
    for one in bundle.dialled:
        port_dialled = one.address.dialled_port
        if one.address.host not in LOCAL or port_dialled is None or _listens(one, port_dialled):
            continue
        peer = by_port.get((one.namespace, port_dialled))
        if peer is None or one.container.pod.spec.get("hostNetwork") is True:
            continue
        name = one.named.upper()
        if name in _OF_ITSELF or not _OF_A_BROWSER.isdisjoint(name.split("_")):
            continue
        yield RULE.finding(
            one.ref,
            f"{one.named} dials {one.address.shown}, where "
            f"no container of the pod listens; the Service {peer} has that port",
            field=one.field,
            remedy=f"dial {peer}",
        )


_OF_A_BROWSER = frozenset(
    {"REDIRECT", "CALLBACK", "ORIGIN", "ORIGINS", "CORS", "PUBLIC", "FRONTEND", "EXTERNAL", "DEV"}
)
"""Words of variables whose address a browser dials, or a developer, and not the process."""

_OF_ITSELF = frozenset(
    {"APP_URL", "BASE_URL", "HOST_URL", "ROOT_URL", "SERVER_URL", "SITE_URL", "URL", "WEB_URL"}
)
"""Variables in which a program is told where it stands itself, for the links that it writes."""


def _listens(one: Dialled, port: int) -> bool:
    """Tell whether a container of the pod may listen on ``port``: it declares or mentions it."""
    pod = one.container.pod
    for container in pod.containers:
        if any(declared.number == port for declared in container.ports):
            return True
        if container.known is not None and any(
            each.port == port for each in container.known.family.ports
        ):
            return True
        if container is one.container or not container.goes_on:
            continue
        if not container.ports or str(port) in container.words:
            return True
    return any(
        variable.value == str(port)
        and variable.name.endswith("PORT")
        and not variable.name.startswith(_stem(one.named))
        for variable in one.container.variables
    )


def _stem(name: str) -> str:
    return name.rpartition("_")[0] or name
