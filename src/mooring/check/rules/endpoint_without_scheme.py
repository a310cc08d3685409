"""
An address without the part before ://.

## What it does
Finds variables whose program wants a whole URL and that hold a host and a port alone:
`AWS_ENDPOINT_URL`, `VAULT_ADDR`, `ELASTICSEARCH_HOSTS` of Kibana and their like.

## Why it matters
The program ends with `invalid endpoint` or `unsupported protocol scheme`, or dials another
protocol than was meant.

## Example
    env: [{name: AWS_ENDPOINT_URL, value: "minio:9000"}]

Write the whole URL: `http://minio:9000`.

## References
- https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
- https://developer.hashicorp.com/vault/docs/commands#environment-variables
- https://www.elastic.co/guide/en/kibana/current/settings.html
- https://opentelemetry.io/docs/specs/otel/protocol/exporter/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern

RULE = Rule(
    id="endpoint-without-scheme", severity=Severity.ERROR, since="0.1", group="known-images"
)

_WHOLE = frozenset(
    {
        *("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SQS", "VAULT_ADDR"),
        *("MINIO_SERVER_URL", "MINIO_BROWSER_REDIRECT_URL", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        *("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"),
        *("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_ZIPKIN_ENDPOINT"),
        *("SCHEMA_REGISTRY_URL", "PGRST_DB_URI", "HASURA_GRAPHQL_DATABASE_URL"),
    }
)
_OF_FAMILIES = {"kibana": frozenset({"ELASTICSEARCH_HOSTS", "ELASTICSEARCH_URL"})}
_BARE = LazyPattern(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?(?::[1-9]\d{0,4})?(?:/\S*)?")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each address that is only half of a URL."""
    for container in bundle.containers:
        wanted = _wanted(container)
        for one in container.variables:
            if one.name in wanted and one.value and _BARE.fullmatch(one.value):
                ref, field = one.place(container.owner)
                yield RULE.finding(
                    ref,
                    f"{one.name} of the container {container.name} is {one.value}, without http:// "
                    "or what else is spoken there",
                    field=field,
                    remedy=f"write the whole URL, as in {_scheme(one.name)}://{one.value}",
                )


def _wanted(container: Container) -> frozenset[str]:
    known = container.known
    return _WHOLE | _OF_FAMILIES.get(known.family.name if known is not None else "", frozenset())


def _scheme(name: str) -> str:
    return "postgres" if name in ("PGRST_DB_URI", "HASURA_GRAPHQL_DATABASE_URL") else "http"
