"""
Tables that are made and not told of.

## What it does
Finds tasks that apply the migrations of Hasura with its command line, where nothing in the input
applies the metadata as well.

## Why it matters
The tables are there and Hasura does not track them: queries fail with `field '...' not found in
type: 'query_root'`.

## Example
    args: [hasura-cli, migrate, apply, --all-databases]

Apply migrations, then metadata, then seeds.

## References
- https://hasura.io/docs/2.0/hasura-cli/commands/hasura_metadata_apply/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="hasura-metadata-not-applied", severity=Severity.WARNING, since="0.1", group="jobs")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each task that does half of it."""
    tasks = [one for one in bundle.containers if "hasura" in one.words.lower()]
    if any("metadata" in one.words or "deploy" in one.words for one in tasks):
        return
    for container in tasks:
        if "migrate apply" in container.words:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} applies migrations, and nothing applies the "
                "metadata",
                field=f"{container.path}.{'args' if container.args else 'command'}",
                remedy="apply the metadata after the migrations: hasura-cli metadata apply",
            )
