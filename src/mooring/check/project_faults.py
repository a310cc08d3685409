"""
Faults of a Compose project that its objects no longer show: what Docker itself would stumble over.

In a cluster each Service has ports of its own, and a probe comes with a known image, so nothing
breaks there.  The stack does not start where it was written, and whoever wrote it so meant another.

Sources: https://docs.docker.com/reference/compose-file/services/#ports,
https://docs.docker.com/reference/compose-file/services/#depends_on
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.project import Project
from mooring.findings import Finding, Rule, Severity
from mooring.images import references

PORT_TAKEN = Rule(
    id="published-port-taken", severity=Severity.WARNING, since="0.1", group="compose"
)
NO_CHECK = Rule(
    id="health-condition-without-check", severity=Severity.WARNING, since="0.1", group="compose"
)

_EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - the addresses that mean all


def findings(project: Project) -> Iterator[Finding]:
    """Yield what Docker would stumble over, in the order of the services."""
    yield from _ports_taken(project.services)
    yield from _unchecked(project.services)


def _ports_taken(services: ReadOnly[str, Mapping]) -> Iterator[Finding]:
    taken: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name, service in services.items():
        for port in _items(service.get("ports")):
            published, protocol = _text(port, "published"), _text(port, "protocol") or "tcp"
            if not published or "-" in published or published == "0":
                continue
            address = _text(port, "host_ip")
            others = taken.setdefault((published, protocol), [])
            other = next(
                (
                    of
                    for of, at in others
                    if of != name and (at == address or at in _EVERYWHERE or address in _EVERYWHERE)
                ),
                None,
            )
            others.append((name, address))
            if other is not None:
                yield PORT_TAKEN.finding(
                    port.position,
                    f'services "{other}" and "{name}" publish the same port {published} of the '
                    "machine, which only one of them gets",
                    remedy="publish one of them at another port",
                )


def _unchecked(services: ReadOnly[str, Mapping]) -> Iterator[Finding]:
    for name, service in services.items():
        wanted = service.get("depends_on")
        if not isinstance(wanted, Mapping):
            continue
        for needed, how in wanted.entries.items():
            if not isinstance(how, Mapping) or _text(how, "condition") != "service_healthy":
                continue
            other = services.get(needed)
            if other is not None and _has_no_check(other):
                yield NO_CHECK.finding(
                    how.position,
                    f'service "{name}" waits until "{needed}" is healthy, and neither "{needed}" '
                    "nor its image has a health check",
                    remedy=f"give {needed} a healthcheck",
                )


def _has_no_check(service: Mapping) -> bool:
    """Tell whether a service has no health check for certain: official images have none."""
    check = service.get("healthcheck")
    if isinstance(check, Mapping):
        tests = [one.value for one in _items(check.get("test")) if isinstance(one, Scalar)]
        return _text(check, "disable") == "true" or tests[:1] == ["NONE"]
    image = _text(service, "image")
    reference = references.parse(image) if image and service.get("build") is None else None
    return reference is not None and reference.repository.startswith("library/")


def _items(node: Node | None) -> tuple[Node, ...]:
    return tuple(node.items) if isinstance(node, Sequence) else ()


def _text(node: Node | None, name: str) -> str:
    """Return the scalar under ``name`` as text, empty where there is none."""
    value = node.get(name) if isinstance(node, Mapping) else None
    if not isinstance(value, Scalar) or value.value is None:
        return ""
    return str(value.value).lower() if isinstance(value.value, bool) else str(value.value)
