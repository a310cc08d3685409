"""The JSON Schema of mooring.yaml, by which editors check and complete it."""

from mooring.settings.forms import (
    LABEL,
    ByEnvironment,
    Count,
    ListOf,
    Named,
    OneOf,
    Record,
    Text,
    Truth,
    TruthOr,
    Value,
    WordOr,
)
from mooring.settings.schema import SETTINGS
from mooring.settings.settled import FILE_NAME


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of mooring.yaml; keys that are not supported yet are no part of it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FILE_NAME,
        "description": "What is settled about bringing a Compose project into Kubernetes.",
        **_schema_of(SETTINGS),
    }


def _schema_of(value: Value) -> dict[str, object]:
    match value:
        case Text():
            return _schema_of_text(value)
        case OneOf(words):
            return {"enum": [str(word) for word in words]}
        case Count(least):
            return {"type": "integer", "minimum": least}
        case Truth():
            return {"type": "boolean"}
        case ListOf(item):
            return {"type": "array", "items": _schema_of(item)}
        case Record(fields, required):
            return {
                "type": "object" if required else ["object", "null"],
                **({"required": list(required)} if required else {}),
                "additionalProperties": False,
                "properties": {
                    name: {"description": field.about, **_schema_of(field.value)}
                    for name, field in fields.items()
                    if field.value is not None
                },
            }
        case WordOr(word, record):
            return {"anyOf": [{"enum": [word]}, _schema_of(record)]}
        case TruthOr(mapping):
            return {"anyOf": [{"type": "boolean"}, _schema_of(mapping)]}
        case ByEnvironment(inner):
            each = _schema_of(inner)
            named = _schema_of(Named(names=LABEL, value=inner))
            return {"anyOf": [each, {**named, "minProperties": 1}]}
        case Named():
            return {
                "type": ["object", "null"],
                "propertyNames": _schema_of(value.names),
                "additionalProperties": _schema_of(value.value),
            }


def _number(text: Text) -> str:
    return "number" if text.from_fraction else "integer"


def _schema_of_text(text: Text) -> dict[str, object]:
    schema: dict[str, object] = {
        "type": ["string", _number(text)] if text.from_number else "string",
        "pattern": f"^({text.pattern})$",
        "examples": [text.example],
    }
    if text.longest is not None:
        schema["maxLength"] = text.longest
    return schema
