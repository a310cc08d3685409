"""
A Hasura whose migrations and metadata nobody applies.

## What it does
Finds Hasura engines that mount migrations or metadata while their image is the plain one, which
passes over them, and nothing in the input applies them: no Job that runs the CLI, no engine with
`cli-migrations`, and no program that nobody knows and that is given the same folders.  Where only
seeds are left behind, this is worth knowing and no more.

## Why it matters
The engine starts and looks healthy.  It tracks no table of a new database, and answers each
question with `field ... not found in type: 'query_root'`.

## Example
    image: hasura/graphql-engine:v2.40.2          # not ...cli-migrations-v3
    volumeMounts: [{name: metadata, mountPath: /hasura-metadata}]

Let a Job run `hasura-cli migrate apply` and `hasura-cli metadata apply`, or use the image whose tag
ends with `.cli-migrations-v3`.

## References
- https://hasura.io/docs/2.0/migrations-metadata-seeds/auto-apply-migrations/
"""

from collections.abc import Iterator

from mooring.check import hasura
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="hasura-without-migrations", severity=Severity.WARNING, since="0.1", group="known-images"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each engine to which nothing applies the folders that it mounts."""
    engines = [one for one in hasura.engines(bundle) if not hasura.applies_by_itself(one)]
    if not engines:
        return
    applied, seeded = _applied(bundle), _seeded(bundle)
    for container in engines:
        folders = hasura.folders(container)
        named = [name for name in ("migrations", "metadata") if name in folders]
        if named and container.pod.namespace not in applied:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} mounts {' and '.join(named)}, which its image "
                "passes over, and nothing applies them",
                field=folders[named[0]][0],
                remedy="add a Job that runs hasura-cli, or use the image of cli-migrations",
            )
        elif "seeds" in folders and container.pod.namespace not in seeded:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} mounts seeds, and nothing applies them",
                field=folders["seeds"][0],
                remedy="add a Job that runs hasura-cli seed apply, or take the mount away",
                severity=Severity.INFO,
            )


def _applied(bundle: Bundle) -> set[str]:
    """Return the namespaces in which something applies migrations or metadata."""
    return {
        one.pod.namespace
        for one in bundle.containers
        if hasura.applies_by_itself(one)
        or ("hasura" in one.words and "apply" in one.words)
        # Of a program that nobody knows, and that is given the folders, it may be the work.
        or (one.known is None and {"migrations", "metadata"} & hasura.folders(one).keys())
    }


def _seeded(bundle: Bundle) -> set[str]:
    return {
        one.pod.namespace
        for one in bundle.containers
        if "hasura" in one.words and "seed apply" in one.words
    }
