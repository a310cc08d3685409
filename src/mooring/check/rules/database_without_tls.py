"""
A client that wants TLS of a database which has none.

## What it does
Finds addresses and variables that ask a PostgreSQL of the input for TLS (`sslmode=require`,
`verify-ca`, `verify-full`, or `PGSSLMODE`), where the server is started without `ssl=on` and
without a configuration of its own.

## Why it matters
The client refuses to go on (`server does not support SSL, but SSL was required`), at every start.

## Example
    env: [{name: DATABASE_URL, value: "postgres://app@db:5432/app?sslmode=require"}]
    # postgres:17.4 as it comes

Leave `sslmode` out within the cluster, or give the server a certificate and `-c ssl=on`.

## References
- https://www.postgresql.org/docs/current/libpq-ssl.html
- https://www.postgresql.org/docs/current/ssl-tcp.html
"""

from collections.abc import Iterator

from mooring.check import data_sources
from mooring.check.bundle import Bundle
from mooring.check.data_sources import DataSource
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="database-without-tls", severity=Severity.WARNING, since="0.1", group="databases")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each client that asks for TLS in vain."""
    for source in data_sources.data_sources(bundle):
        wanted = _wanted(source)
        found = data_sources.served_by(bundle, source) if wanted is not None else None
        if found is None:
            continue
        for pod in found[1]:
            for server in pod.main_containers:
                if _has_none(server):
                    yield RULE.finding(
                        source.dialled.ref,
                        f"{source.dialled.named} asks {found[0].item.ref.name} with {wanted}, and "
                        f"PostgreSQL in {pod.owner} is started without TLS",
                        field=source.dialled.field,
                        remedy="leave sslmode out within the cluster, or start the server with a "
                        "certificate and -c ssl=on",
                    )


_STRICT = ("require", "verify-ca", "verify-full")
_FAMILIES = frozenset({"postgres", "postgis", "pgvector", "timescaledb"})


def _wanted(source: DataSource) -> str | None:
    """Return how the client asks for TLS and goes no further without, None where it does not."""
    mode = source.option("sslmode")
    if mode is None and "://" not in (source.container.variable[source.dialled.named].value or ""):
        for name in ("PGSSLMODE", "DB_SSLMODE", "DB_SSL_MODE", "POSTGRES_SSLMODE"):
            given = source.container.variable.get(name)
            if given is not None and given.value in _STRICT:
                return f"{name}={given.value}"
    return f"sslmode={mode}" if mode in _STRICT else None


def _has_none(server: Container) -> bool:
    """Tell whether a server has no TLS for certain: nothing may have switched it on."""
    known = server.known
    if known is None or known.family.name not in _FAMILIES or server.command:
        return False
    words = server.words.lower()
    if "ssl" in words or "config_file" in words or "config-file" in words:
        return False
    # A file of settings beside the data, or scripts, may switch it on.
    return not any(
        str(mount.get("mountPath")).endswith((".conf", ".d")) or "ssl" in str(mount.get("name"))
        for _, mount in server.mounts
    )
