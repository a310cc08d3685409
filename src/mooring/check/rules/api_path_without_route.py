"""
A path of the API that the front page answers.

## What it does
Finds public addresses in variables (`https://shop.example.com/api`) whose host an Ingress of the
input serves and whose path only its `/` takes in, which leads to the very pods that are given the
address.  Such pods may well answer for it themselves, so it is a doubt.

## Why it matters
The browser asks for data and is answered with the page itself:  `Unexpected token <`.  The route
of the API was lost on the way, because Compose published it on a port of its own.

## Example
    env: [{name: API_URL, value: "https://shop.example.com/api"}]    # of the pods behind /
    paths: [{path: /, ...}]                                          # and no path /api

Add a path that leads to the API.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches
"""

from collections.abc import Iterator

from mooring.check import ingresses
from mooring.check.bundle import Bundle
from mooring.check.ingresses import IngressPath
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import kinds

RULE = Rule(
    id="api-path-without-route",
    severity=Severity.WARNING,
    since="0.1",
    group="ingress",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each path that only the route of everything takes in."""
    by_host: dict[str, list[IngressPath]] = {}
    for item in bundle.of_kind(kinds.INGRESS):
        for path in ingresses.paths(item):
            if path.host is not None:
                by_host.setdefault(path.host, []).append(path)
    if not by_host:
        return
    told: set[tuple[str, str]] = set()
    for container in bundle.containers:
        for one in container.variables:
            if one.value is None or "://" not in one.value:
                continue
            for host, where in _URL.findall(one.value):
                paths = by_host.get(host, [])
                taken = [path for path in paths if _takes(path, where)]
                narrow = any(path.path != "/" for path in taken)
                if not taken or narrow or (host, where) in told:
                    continue
                if not _serves(bundle, taken[0], container):
                    continue
                told.add((host, where))
                ref, field = one.place(container.owner)
                yield _finding(ref, field, one.name, f"{host}{where}", taken[0])


def _finding(ref: ObjectRef, field: str, name: str, shown: str, path: IngressPath) -> Finding:
    return RULE.finding(
        ref,
        f"{name} leads to {shown}, which only the path / of {path.item.ref} takes in, to the "
        f"Service {path.service}",
        field=field,
        remedy="add a path to the Ingress that leads to the API",
    )


_URL = LazyPattern(
    r"\b(?:https?|wss?)://([A-Za-z0-9.-]+)(/(?:api|graphql|v\d|rest|rpc|backend|socket\.io|ws)\b)"
)


def _takes(path: IngressPath, where: str) -> bool:
    """Tell whether ``path`` takes ``where`` in; of a pattern that is taken for granted."""
    if any(sign in path.path for sign in "(*[\\"):
        return path.path.strip("/").startswith(where.strip("/"))
    stem = path.path.rstrip("/")
    return where == stem or where.startswith(f"{stem}/")


def _serves(bundle: Bundle, path: IngressPath, container: Container) -> bool:
    """Tell whether the route leads to the pods of ``container``."""
    if path.service is None:
        return False
    service = bundle.names.service(path.item.namespace, path.service)
    return service is not None and any(pod is container.pod for pod in bundle.behind(service))
