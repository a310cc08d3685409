"""
Metadata of Hasura that asks for a variable which the engine does not have.

## What it does
Finds `{{NAME}}` in handlers and webhooks, and `from_env`, in the metadata of a Hasura, as a
ConfigMap holds it, where the engine that is given the metadata has no variable of that name.

## Why it matters
The action is there and fails whenever it is called: `environment variable "ACTIONS_URL" not set`.
Nothing shows it before somebody clicks.

## Example
    # actions.yaml
    - name: check_connection
      definition: {handler: "{{ACTIONS_URL}}/rpc/check_connection"}
    # and no ACTIONS_URL among the variables of the engine

Set the variable in the engine's container.

## References
- https://hasura.io/docs/2.0/actions/action-handlers/#action-handler-url-from-environment-variables
- https://hasura.io/docs/2.0/api-reference/syntax-defs/#fromenv
"""

from collections.abc import Iterator
from typing import Any

from mooring.check import hasura
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern

RULE = Rule(
    id="hasura-variable-missing", severity=Severity.ERROR, since="0.1", group="known-images"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each variable of metadata that an engine does not have."""
    for container in hasura.engines(bundle):
        if container.imports_unknown:
            continue
        missing: dict[str, str] = {}
        for file in hasura.metadata(container):
            for name in _names(file.content, 0):
                if name not in container.variable:
                    missing.setdefault(name, file.name)
        for name, file_name in missing.items():
            yield RULE.finding(
                container.owner,
                f"{file_name} asks for {name}, which the container {container.name} does not have",
                field=container.path,
                remedy=f"set {name}",
            )


_IN_TEXT = LazyPattern(r"\{\{\s*([A-Z][A-Z0-9_]*)\s*\}\}")
_DEEPEST = 30


def _names(value: Any, depth: int) -> Iterator[str]:
    """Yield the names of variables that ``value`` asks for."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        if "{{" in value:
            yield from _IN_TEXT.findall(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            asks = key in ("from_env", "value_from_env", "webhook_from_env", "handler_from_env")
            if asks and isinstance(inner, str):
                yield inner
            else:
                yield from _names(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner, depth + 1)
