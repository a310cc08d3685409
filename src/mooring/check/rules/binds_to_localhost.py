"""
A server that only its own pod can reach.

## What it does
Finds containers behind a Service that are told to listen on 127.0.0.1 or localhost: by an option
of a well-known server, by a setting of a known image, or by a variable as BIND_ADDRESS.  Pods
with several lasting containers are left alone: another of them may stand in front.

## Why it matters
The port is open and nobody else gets through:  `connection refused` for the Service, the probes
and every peer.

## Example
    args: [uvicorn, "app:api", --host, 127.0.0.1]

Listen on 0.0.0.0.

## References
- https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern

RULE = Rule(id="binds-to-localhost", severity=Severity.ERROR, since="0.1", group="known-images")

_SERVERS = LazyPattern(
    r"(?:^|[\s/])(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|flask|fastapi|vite"
    r"|next|nuxt|ng|http-server|webpack-dev-server|jupyter(?:-lab)?|mlflow|streamlit|rails|puma"
    r"|thin|php|hugo|mkdocs|dagster-webserver|prefect|airflow|caddy|redis-server)\s"
)
_OPTION = LazyPattern(
    r"\s(?:--(?:host|bind|hostname|ip|address|server\.address|ServerApp\.ip)[\s=]|-b[\s=]?|-S\s"
    r"|-H[\s=])(?:tcp://)?(127\.0\.0\.1|localhost)(?=[:\s\"']|$)"
)
_BINDS = frozenset(
    {
        *("BIND", "BIND_ADDR", "BIND_ADDRESS", "BIND_HOST", "LISTEN", "LISTEN_ADDR", "LISTEN_HOST"),
        *(
            "LISTEN_ADDRESS",
            "SERVER_BIND",
            "HTTP_BIND",
            "BIND_IP",
            "UVICORN_HOST",
            "FLASK_RUN_HOST",
        ),
    }
)
_ONLY_HERE = LazyPattern(r"(?:\w+://)?(127\.0\.0\.1|localhost)(?::\d+)?/?")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each server that hides from its Service."""
    for container in bundle.containers:
        if not container.is_main or len(container.pod.lasting_containers) > 1:
            continue
        found = _told(container)
        if found is None:
            continue
        services = bundle.services_of(container.pod)
        if services:
            told, field = found
            yield RULE.finding(
                container.owner,
                f"{told} lets the container {container.name} listen to its own pod alone, and "
                f"the Service {services[0].item.ref.name} leads to it",
                field=field,
                remedy="listen on 0.0.0.0",
            )


def _told(container: Container) -> tuple[str, str] | None:
    """Return what binds the container to its own pod, and where it stands."""
    words = f" {container.words} "
    if "127.0.0.1" in words or "localhost" in words:
        option = _OPTION.search(words)
        if option is not None and _SERVERS.search(words) is not None:
            field = f"{container.path}.{'args' if container.args else 'command'}"
            return option[0].strip(), field
    known = container.known
    settings = {
        name
        for habit in (known.family.cluster if known is not None else ())
        for name in habit.bind_settings
        if not name.startswith("-")
    }
    for one in container.variables:
        if one.value and (one.name in settings or one.name.upper() in _BINDS):
            parts = one.value.split(",")
            if all(_ONLY_HERE.fullmatch(part.strip()) for part in parts):
                return f"{one.name}={one.value}", one.field
    return None
