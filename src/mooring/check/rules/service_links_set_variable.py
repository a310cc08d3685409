"""
A variable that a Service puts into a pod, and that its program takes for a setting.

## What it does
Finds pods that leave `enableServiceLinks` on, beside a Service whose name makes a variable that
the image reads: the Service `kafka` gives every pod `KAFKA_PORT=tcp://10.0.0.7:9092`.  The image
is known to read it, or the container's own script names it; and the container does not set it
itself.

## Why it matters
The program finds an address where it wants a number, or a setting that it does not know, and
ends: "port is deprecated", "unrecognized setting", "invalid literal for int()".

## Example
    # a Service called neo4j, and the pods behind it
    image: neo4j:5.26         # ends: "No declared setting with name: PORT"

Set `enableServiceLinks: false`; nothing of today needs the links.

## References
- https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
- https://neo4j.com/docs/operations-manual/current/kubernetes/troubleshooting/
"""

from collections.abc import Iterator

from mooring.check import fixes, scripts
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Safety, Severity
from mooring.patterns import LazyPattern

RULE = Rule(
    id="service-links-set-variable", severity=Severity.WARNING, since="0.1", group="workloads"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that a link of a Service surprises."""
    linked: dict[str, dict[str, str]] = {}
    for service in bundle.services:
        if not service.is_headless and service.external_name is None:
            prefix = service.item.ref.name.upper().replace("-", "_")
            linked.setdefault(service.item.namespace, {})[prefix] = service.item.ref.name
    for container in bundle.containers:
        pod = container.pod
        prefixes = linked.get(pod.namespace)
        if prefixes is None or pod.spec.get("enableServiceLinks") is False:
            continue
        if container.imports_unknown:
            continue
        found = next(_read(bundle, container, prefixes), None)
        if found is None:
            continue
        variable, service_name, by, is_known = found
        field = f"{pod.path}.enableServiceLinks"
        yield RULE.finding(
            container.owner,
            f"the Service {service_name} sets {variable}=tcp://... in the container "
            f"{container.name}, and {by} reads it",
            field=field,
            remedy="set enableServiceLinks: false",
            confidence=None if is_known else Confidence.MEDIUM,
            fix=fixes.put(
                pod.template.raw,
                field,
                False,
                description="leave the links out",
                safety=Safety.NEEDS_CONFIRMATION,
            ),
        )


def _read(
    bundle: Bundle, container: Container, prefixes: dict[str, str]
) -> Iterator[tuple[str, str, str, bool]]:
    """Yield a variable of a link that the container reads, its Service, and who does."""
    known = container.known
    if known is not None:
        family = known.family
        settings = [one.setting for one in family.ports if one.setting]
        for name in (*_READ.get(family.name, ()), *settings):
            prefix = name.removesuffix("_PORT")
            if prefix != name and prefix in prefixes and name not in container.variable:
                yield name, prefixes[prefix], family.name, True
    for script in scripts.of(bundle, container):
        if "_PORT" not in script.text:
            continue
        for name in _NAMED.findall(script.text):
            prefix = name.removesuffix("_PORT")
            # What a script sets itself it does not take from a link.
            is_set = name in container.variable or f"{name}=" in script.text
            if prefix in prefixes and not is_set:
                yield name, prefixes[prefix], "its script", False


_NAMED = LazyPattern(r"\$\{?([A-Z][A-Z0-9_]*_PORT)\b(?!:)")
_READ = {
    "cp-kafka": ("KAFKA_PORT",),
    "schema-registry": ("SCHEMA_REGISTRY_PORT",),
    "neo4j": ("NEO4J_PORT",),
    "solr": ("SOLR_PORT",),
    "n8n": ("N8N_PORT",),
    "superset": ("SUPERSET_PORT",),
    "uptime-kuma": ("UPTIME_KUMA_PORT",),
    "authelia": ("AUTHELIA_PORT",),
}
"""Settings called like a link, by families whose programs read them or refuse them."""
