"""
A place of a template that nobody filled.

## What it does
Finds `<no value>`, `{{ .Values... }}` and `${VARIABLE}` in names, images, hosts, variables and
single-line values of ConfigMaps.  Texts of several lines, and values of programs that have
templates of their own, are left alone.

## Why it matters
The API server refuses the object, or the program gets the text of the place.

## Example
    env: [{name: API_URL, value: "http://api.${NAMESPACE}:8080"}]

Render the manifests before they are applied.

## References
- https://kubernetes.io/docs/tasks/manage-kubernetes-objects/kustomization/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields, kinds

RULE = Rule(id="template-unresolved", severity=Severity.ERROR, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place that was not filled."""
    for item in bundle.objects:
        for word in ("name", "namespace"):
            told = _fault(fields.text(item.metadata.get(word)) or "")
            if told is not None:
                yield RULE.finding(
                    item.ref,
                    f"its {word} holds {told}",
                    field=f"metadata.{word}",
                    remedy="render the manifests before they are applied",
                )
    for container in bundle.containers:
        for index, entry in fields.mappings(container.raw.get("env")):
            told = _fault(fields.text(entry.get("value")) or "")
            if told is not None:
                yield RULE.finding(
                    container.owner,
                    f"{entry.get('name')} of the container {container.name} holds {told}",
                    field=f"{container.path}.env[{index}].value",
                    remedy="render the manifests before they are applied",
                    severity=Severity.WARNING if told.startswith("${") else None,
                )
    for item in bundle.of_kind(kinds.CONFIG_MAP):
        for key, value in fields.mapping(item.manifest.get("data")).items():
            if isinstance(value, str) and "\n" not in value.strip():
                told = _fault(value)
                if told is not None:
                    yield RULE.finding(
                        item.ref,
                        f'the value of "{key}" holds {told}',
                        field=f"data.{key}",
                        remedy="render the manifests before they are applied",
                        severity=Severity.WARNING if told.startswith("${") else None,
                        confidence=Confidence.MEDIUM if "." in key else None,
                    )


_PLACE = LazyPattern(
    r"<no value>|\{\{-?\s*\.(?:Values|Release|Chart|Environment)\b[^}]*\}\}|\$\{[A-Z][A-Z0-9_]*\}"
)


def _fault(text: str) -> str | None:
    """Return the place in ``text`` that was to be filled."""
    if "{" not in text and "<no" not in text:
        return None
    found = _PLACE.search(text)
    return found[0] if found is not None else None
