"""
Metadata of Hasura that leads to a table which it does not track.

## What it does
Finds relationships in the metadata of a Hasura, as a ConfigMap holds it, whose other end is a table
that the same metadata does not track, and files that it includes and that are not there.

## Why it matters
`hasura metadata apply` ends with inconsistent metadata: the relationship is missing in the schema,
and whoever asks for it gets `field ... not found`, one missing link after the other.

## Example
    # tables.yaml
    - table: {schema: public, name: branches}
      array_relationships:
      - name: versions
        using:
          foreign_key_constraint_on: {column: branch_id, table: {schema: public, name: versions}}
    # and no entry for public.versions

Apply the whole metadata as `hasura metadata export` writes it.

## References
- https://hasura.io/docs/2.0/migrations-metadata-seeds/metadata-format/
- https://hasura.io/docs/2.0/api-reference/syntax-defs/#table-metadata
"""

import posixpath
from collections.abc import Iterator
from typing import Any

from mooring.check import hasura
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import fields

RULE = Rule(
    id="hasura-metadata-incomplete", severity=Severity.ERROR, since="0.1", group="known-images"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each table or file that metadata names and does not have."""
    seen: set[ObjectRef] = set()
    for container in hasura.engines(bundle):
        files = list(hasura.metadata(container))
        if not files or files[0].item.ref in seen:
            continue
        seen.add(files[0].item.ref)
        yield from _missing_files(files)
        yield from _untracked(files)


def _missing_files(files: list[hasura.MetadataFile]) -> Iterator[Finding]:
    names = {one.name for one in files}
    for one in files:
        for entry in fields.items(one.content):
            found = _INCLUDE.match(entry) if isinstance(entry, str) else None
            if found is None:
                continue
            wanted = posixpath.normpath(posixpath.join(posixpath.dirname(one.name), found[1]))
            if wanted not in names:
                yield RULE.finding(
                    one.item.ref,
                    f"{one.name} includes {found[1]}, which is not there",
                    field=f"data.{one.key}",
                    remedy=f"add {wanted}",
                )


def _untracked(files: list[hasura.MetadataFile]) -> Iterator[Finding]:
    tables = [(one, table) for one in files for table in _tables(one.content)]
    tracked = {_name(table.get("table")) for _, table in tables}
    told: set[tuple[str, str]] = set()
    for one, table in tables:
        for relation, other in _relations(table):
            if other in tracked or (one.key, other) in told:
                continue
            told.add((one.key, other))
            yield RULE.finding(
                one.item.ref,
                f'{one.name} leads "{relation}" of {_name(table.get("table"))} to {other}, '
                "which it does not track",
                field=f"data.{one.key}",
                remedy=f"track {other} as well: apply the metadata as it was exported",
            )


_INCLUDE = LazyPattern(r'!include\s+"?([\w./-]+)"?\s*$')


def _tables(content: Any) -> Iterator[dict[str, Any]]:
    """Yield the entries for tables in a file: a list of them, one alone, or those of databases."""
    if isinstance(content, dict):
        if "table" in content:
            yield content
        for _, database in fields.mappings(content.get("databases") or content.get("sources")):
            yield from _tables(database.get("tables"))
    for _, entry in fields.mappings(content):
        if "table" in entry:
            yield dict(entry)
        elif "tables" in entry:
            yield from _tables(entry["tables"])


def _relations(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name and the other table of each relationship that names one."""
    for kind in ("object_relationships", "array_relationships"):
        for _, one in fields.mappings(table.get(kind)):
            using = fields.mapping(one.get("using"))
            key = fields.mapping(using.get("foreign_key_constraint_on"))
            by_hand = fields.mapping(using.get("manual_configuration"))
            other = _name(key.get("table") or by_hand.get("remote_table"))
            if other:
                yield str(one.get("name")), other


def _name(table: Any) -> str:
    """Return the table's name with its schema, "" where none is named."""
    if isinstance(table, str):
        return f"public.{table}"
    name = fields.text(fields.at(table, "name"))
    return f"{fields.text(fields.at(table, 'schema')) or 'public'}.{name}" if name else ""
