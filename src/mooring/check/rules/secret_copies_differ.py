"""
A password that is another one on the other side.

## What it does
Finds accounts of a database, broker or store of the input (PostgreSQL, MySQL, MariaDB, MongoDB,
RabbitMQ, Redis, ClickHouse, MinIO, Hasura) that whoever dials it is given with another password: in
a URL, in variables such as `DB_USER` and `DB_PASSWORD` beside `DB_HOST`, in pairs of keys of a
store.  Only the same account of the same Service is compared, and no value is ever shown.

## Why it matters
The client is refused (`password authentication failed`): the one copy was changed and the other
was not.

## Example
    # Secret of the database:  POSTGRES_USER app, POSTGRES_PASSWORD (one)
    # Secret of the program:   DATABASE_URL postgres://app:(another)@postgres/app

Keep the password in one key of one Secret, and let both refer to it.

## References
- https://kubernetes.io/docs/concepts/security/secrets-good-practices/
"""

from collections.abc import Iterator

from mooring.check import accounts
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="secret-copies-differ", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each password that its other side does not know."""
    known = accounts.Served(bundle)
    for one in accounts.used(bundle):
        served = known.passwords(one)
        # That one is empty is told of the secret itself.
        if not served or not one.password or one.password in served:
            continue
        who = f"the account {one.user}" if one.user else "the server"
        yield RULE.finding(
            one.ref,
            f"the secret in {one.named} is not that with which {who} of Service {one.service} is "
            "made",
            field=one.field,
            remedy="keep it in one key of one Secret, and let both refer to it",
        )
