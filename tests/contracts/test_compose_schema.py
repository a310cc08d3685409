"""Our attribute grammar says what the JSON schema of the Compose Specification says."""

import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from mooring.compose import shape
from mooring.compose.grammar.project import PROJECT
from mooring.compose.grammar.shapes import Entries, Shape
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence

_ORACLE = Path(__file__).parents[1] / "oracle"
_MODULE = "github.com/compose-spec/compose-go/v2"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The JSON schema as the compose-go module of the oracle ships it."""
    go = shutil.which("go")
    directory = ""
    if go:
        command = [go, "list", "-m", "-f", "{{.Dir}}", _MODULE]
        listed = subprocess.run(
            command, cwd=_ORACLE, capture_output=True, text=True, timeout=120, check=False
        )
        directory = listed.stdout.strip()
    if not directory:
        reason = f"the Go module {_MODULE} is not here: run `go mod download` in tests/oracle"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    document: dict[str, Any] = json.loads(Path(directory, "schema/compose-spec.json").read_text())
    return document


def test_every_attribute_of_the_schema_is_in_the_grammar_and_no_other(
    schema: dict[str, Any],
) -> None:
    differences = list(_differences(schema, PROJECT, schema["$defs"], ""))
    assert differences == []


def test_a_new_attribute_of_the_schema_would_be_noticed(schema: dict[str, Any]) -> None:
    changed = json.loads(json.dumps(schema))
    changed["$defs"]["deployment"]["properties"]["invented"] = {"type": "string"}
    changed["$defs"]["container_spec"]["properties"]["image"] = {"type": ["string", "null"]}
    differences = list(_differences(changed, PROJECT, changed["$defs"], ""))
    assert ".services.*.deploy: only the schema has invented" in differences
    assert any(text.startswith(".services.*.image: ") for text in differences)


@pytest.mark.parametrize("seed", range(8))
def test_the_grammar_refuses_what_the_schema_refuses(schema: dict[str, Any], seed: int) -> None:
    validator = jsonschema_rs.validator_for(schema)
    generator = _Documents(schema, random.Random(seed))
    refused = 0
    for _ in range(400):
        document = generator.document()
        errors = shape.check(_node(document))
        valid = validator.is_valid(document)
        refused += not valid
        assert (errors == []) == valid, (document, errors)
    # Both verdicts must occur, or the comparison shows nothing.
    assert 50 < refused < 350


def _node(value: Any) -> Node:
    if isinstance(value, dict):
        return Mapping({name: _node(item) for name, item in value.items()})
    if isinstance(value, list):
        return Sequence(tuple(map(_node, value)))
    return Scalar(value)


# -- the two compared as structures ---------------------------------------------------------------


def _differences(
    schema: dict[str, Any],
    ours: Shape,
    definitions: dict[str, Any],
    path: str,
) -> Iterator[str]:
    """Yield each difference between ``schema`` and ``ours``, as "place: what"."""
    by_kind = _by_kind(schema, definitions)
    theirs = frozenset(by_kind)
    kinds = _kinds(ours)
    if theirs != kinds:
        yield f"{path}: the schema allows {sorted(theirs)}, the grammar {sorted(kinds)}"
        return
    if ours.scalars is not None:
        yield from _scalar_differences(by_kind, ours, path)
    if ours.items is not None:
        listed = by_kind["array"]
        if listed.get("uniqueItems", False) != ours.items.unique:
            yield f"{path}: uniqueItems"
        yield from _differences(listed["items"], ours.items.shape, definitions, f"{path}[]")
    if ours.entries is not None:
        yield from _entry_differences(by_kind["object"], ours.entries, definitions, path)


def _scalar_differences(by_kind: dict[str, Any], ours: Shape, path: str) -> Iterator[str]:
    assert ours.scalars is not None
    texts = by_kind.get("string", {})
    numbers = by_kind.get("integer") or by_kind.get("number") or {}
    if sorted(texts.get("enum", ())) != sorted(ours.scalars.choices):
        yield f"{path}: choices"
    if ("pattern" in texts) != (ours.scalars.matches is not None):
        yield f"{path}: pattern"
    limits = (numbers.get("minimum"), numbers.get("maximum"))
    if limits != (ours.scalars.minimum, ours.scalars.maximum):
        yield f"{path}: limits"


def _entry_differences(
    theirs: dict[str, Any],
    ours: Entries,
    definitions: dict[str, Any],
    path: str,
) -> Iterator[str]:
    properties = theirs.get("properties", {})
    for name in sorted(set(properties) - set(ours.fields)):
        yield f"{path}: only the schema has {name}"
    for name in sorted(set(ours.fields) - set(properties)):
        yield f"{path}: only the grammar has {name}"
    for name in sorted(set(ours.fields) & set(properties)):
        yield from _differences(properties[name], ours.fields[name], definitions, f"{path}.{name}")
    if set(theirs.get("required", ())) != set(ours.required):
        yield f"{path}: required"
    any_of = {name for one in theirs.get("anyOf", ()) for name in one["required"]}
    if any_of != set(ours.one_of_required):
        yield f"{path}: one of required"
    closed = (
        theirs.get("additionalProperties") is False or theirs.get("unevaluatedProperties") is False
    )
    if closed == ours.open:
        yield f"{path}: the schema is {'closed' if closed else 'open'}"
    patterns = dict(theirs.get("patternProperties", {}))
    if ("^x-" in patterns) != ours.extensions and closed:
        yield f"{path}: extensions"
    patterns.pop("^x-", None)
    if bool(patterns) != (ours.values is not None):
        yield f"{path}: patterns {sorted(patterns)}"
    elif ours.values is not None:
        (values,) = patterns.values()
        yield from _differences(values, ours.values, definitions, f"{path}.*")


def _by_kind(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Split ``schema`` by the JSON types it allows; references and combinations are resolved."""
    if "$ref" in schema:
        return _by_kind(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "oneOf" in schema:
        found: dict[str, dict[str, Any]] = {}
        for one in schema["oneOf"]:
            by_kind = _by_kind(one, definitions)
            assert not set(found) & set(by_kind), "two forms of one kind of value"
            found |= by_kind
        return found
    if "allOf" in schema:
        merged = {**schema, "type": "object", "properties": dict(schema.get("properties", {}))}
        for part in merged.pop("allOf"):
            (one,) = _by_kind(part, definitions).values()
            merged["properties"] |= one["properties"]
            merged["patternProperties"] = one["patternProperties"]
        return {"object": merged}
    types = schema["type"]
    return dict.fromkeys([types] if isinstance(types, str) else types, schema)


def _kinds(ours: Shape) -> frozenset[str]:
    kinds = set()
    if ours.scalars is not None:
        names = {str: "string", bool: "boolean", type(None): "null"}
        kinds |= {names[kind] for kind in ours.scalars.types if kind in names}
        if float in ours.scalars.types:
            kinds.add("number")
        elif int in ours.scalars.types:
            kinds.add("integer")
    if ours.items is not None:
        kinds.add("array")
    if ours.entries is not None:
        kinds.add("object")
    return frozenset(kinds)


# -- random documents -----------------------------------------------------------------------------


class _Documents:
    """Documents that are mostly right, with now and then something that is not."""

    def __init__(self, schema: dict[str, Any], chance: random.Random) -> None:
        self._definitions = schema["$defs"]
        self._schema = schema
        self._chance = chance

    def document(self) -> dict[str, Any]:
        """Return a document with a few of everything."""
        value = self._value(self._schema, 0)
        assert isinstance(value, dict)
        return value

    def _value(self, schema: dict[str, Any], depth: int) -> Any:
        if depth and self._chance.random() < 0.03:
            return self._chance.choice(
                [None, "text", 7, -3, 1.5, 2.0, True, [], {}, ["a", "a"], "z"]
            )
        by_kind = _by_kind(schema, self._definitions)
        kind = self._chance.choice(sorted(by_kind))
        return getattr(self, f"_{kind}")(by_kind[kind], depth)

    def _null(self, _schema: dict[str, Any], _depth: int) -> None:
        return None

    def _boolean(self, _schema: dict[str, Any], _depth: int) -> bool:
        return self._chance.random() < 0.5

    def _string(self, schema: dict[str, Any], _depth: int) -> str:
        texts = schema.get("enum") or ["always", "every_12h", "ab", "other", "web", "A=1"]
        return str(self._chance.choice(texts))

    def _integer(self, _schema: dict[str, Any], _depth: int) -> float:
        return self._chance.choice([0, 1, 50, 100, 2.0])

    def _number(self, _schema: dict[str, Any], _depth: int) -> float:
        return self._chance.choice([0, 1, 0.5, 80])

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        count = self._chance.choice([0, 1, 1, 2])
        return [self._value(schema["items"], depth + 1) for _ in range(count)]

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        wanted = [name for name in properties if self._chance.random() < 3 / (3 + len(properties))]
        wanted += [name for name in schema.get("required", ()) if self._chance.random() < 0.98]
        wanted += [
            one["required"][0] for one in schema.get("anyOf", ()) if self._chance.random() < 0.9
        ]
        made = {name: self._value(properties[name], depth + 1) for name in wanted}
        for pattern, values in schema.get("patternProperties", {}).items():
            for name in self._names(pattern):
                made[name] = self._value(values, depth + 1) if values else {"any": [None]}
        if depth and self._chance.random() < 0.02:
            made["unknown"] = self._chance.choice(["text", 1, None])
        return made

    def _names(self, pattern: str) -> list[str]:
        if pattern == "^x-":
            return ["x-own"] if self._chance.random() < 0.05 else []
        names = ["web", "db", "nofile"][: self._chance.choice([0, 1, 2])]
        if self._chance.random() < 0.01:
            names.append(self._chance.choice(["", "a b", "Upper", "x-name", "a\nb", "\n"]))
        return names
