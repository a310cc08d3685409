"""
Prepared statements through a pool that does not know them.

## What it does
Finds clients of a PgBouncer of the input that pools transactions and does not keep prepared
statements: it is older than 1.21, or `max_prepared_statements` is 0.  Clients that say that they
do without (`pgbouncer=true`, `prepareThreshold=0`, `statement_cache_size=0`) are left alone.

## Why it matters
A statement that was prepared on one connection is asked for on another (`prepared statement "S_1"
does not exist`), now and then, under load.

## Example
    image: edoburu/pgbouncer:1.18.0
    env: [{name: POOL_MODE, value: transaction}]

Use PgBouncer 1.21 or newer with `max_prepared_statements`, or switch prepared statements off.

## References
- https://www.pgbouncer.org/config.html#max_prepared_statements
- https://www.pgbouncer.org/faq.html#how-to-use-prepared-statements-with-transaction-pooling
"""

from collections.abc import Iterator

from mooring.check import data_sources
from mooring.check.bundle import Bundle
from mooring.check.data_sources import DataSource
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images import versions

RULE = Rule(
    id="prepared-statements-through-pooler",
    severity=Severity.WARNING,
    since="0.1",
    group="databases",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each client whose statements the pool forgets."""
    for source in data_sources.data_sources(bundle):
        found = data_sources.served_by(bundle, source)
        if found is None or _does_without(source):
            continue
        for pod in found[1]:
            pooler = next((one for one in pod.main_containers if _forgets(one)), None)
            if pooler is not None and pod.owner != source.container.owner:
                yield RULE.finding(
                    source.dialled.ref,
                    f"{source.dialled.named} leads through {pooler.image}, which pools "
                    "transactions and keeps no prepared statements",
                    field=source.dialled.field,
                    remedy="use PgBouncer 1.21 or newer with max_prepared_statements, or switch "
                    "prepared statements off in the client",
                )


_SIGNS = ("pgbouncer=true", "preparethreshold=0", "statement_cache_size=0", "prepare_threshold=0")
_MODES = ("POOL_MODE", "PGBOUNCER_POOL_MODE")
_KEPT = ("MAX_PREPARED_STATEMENTS", "PGBOUNCER_MAX_PREPARED_STATEMENTS")
_SINCE = versions.Version((1, 21))


def _does_without(source: DataSource) -> bool:
    options = source.options.lower()
    return any(sign in options for sign in _SIGNS)


def _forgets(container: Container) -> bool:
    """Tell whether ``container`` is a PgBouncer that pools transactions and knows no statements."""
    reference = container.reference
    if reference is None or "pgbouncer" not in reference.name:
        return False
    values = {one.name: one.value for one in container.variables}
    if not any((values.get(name) or "").lower() == "transaction" for name in _MODES):
        return False
    kept = next((values[name] for name in _KEPT if name in values), None)
    if kept is not None:
        return kept == "0"
    version = versions.read_tag(reference.tag, prefix=None).version
    return version is not None and version < _SINCE
