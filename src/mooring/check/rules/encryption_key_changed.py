"""
A key that data was encrypted with, and that is another one now.

## What it does
Compares containers with what they were before (`--baseline DIR`, `--since REV`) and finds
variables for keys of encryption, such as `N8N_ENCRYPTION_KEY` or `AIRFLOW__CORE__FERNET_KEY`, whose
value changed.

## Why it matters
What was encrypted with the old key can be read by nobody any more: stored passwords, tokens,
connections.  Some programs do not even start.

## Example
    env: [{name: N8N_ENCRYPTION_KEY, valueFrom: ...}]      # with another value than before

Keep the key.  Where it has to go, rotate it as the program describes, with both keys for a while.

## References
- https://docs.n8n.io/hosting/configuration/configuration-examples/encryption-key/
- https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/fernet.html
"""

from collections.abc import Iterator

from mooring.check import earlier
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern

RULE = Rule(id="encryption-key-changed", severity=Severity.WARNING, since="0.1", group="secrets")

_KEY = LazyPattern(
    r"(?:^|_)(?:ENCRYPTION_(?:KEY|SECRET|PASSPHRASE)|ENC_KEY|CRYPT_KEY|FERNET_KEY|DATA_KEY"
    r"|CREDENTIALS?_SECRET|RAILS_MASTER_KEY)$|^APP_KEY$"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each key that changed, once for the place where it stands."""
    told: set[object] = set()
    for container, was in earlier.containers(bundle):
        if container.variables == was.variables:
            continue
        for one in container.variables:
            had = was.variable.get(one.name)
            if had is None or had.value == one.value or not had.value or not one.value:
                continue
            # Several keys, the old ones among them, are how programs rotate.
            if _KEY.search(one.name) is None or had.value in one.value:
                continue
            ref, field = one.place(container.owner)
            if (ref, field) not in told:
                told.add((ref, field))
                yield RULE.finding(
                    ref,
                    f"{one.name} has another value than before: what was encrypted with the old "
                    "one can no longer be read",
                    field=field,
                    remedy="keep the key, or rotate it as the program describes",
                )
