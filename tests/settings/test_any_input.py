"""Whatever stands in mooring.yaml, it is read or refused with positions; nothing else happens."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mooring.errors import InputError, InputErrors
from mooring.settings import forms, schema
from mooring.settings.reader import read


def _keys(value: forms.Value) -> set[str]:
    match value:
        case forms.Record(fields):
            values = [field.value for field in fields.values() if field.value is not None]
            return {*fields, *(key for each in values for key in _keys(each))}
        case forms.Named():
            return {value.names.example, *_keys(value.value)}
        case forms.WordOr(word, record):
            return {word, *_keys(record)}
        case forms.TruthOr(named):
            return _keys(named)
        case forms.ByEnvironment(inner) | forms.ListOf(inner):
            return _keys(inner)
        case forms.OneOf(words):
            return {str(word) for word in words}
        case forms.Text():
            return {value.example}
        case _:
            return set()


WORDS = st.sampled_from(sorted(_keys(schema.SETTINGS))) | st.text(max_size=3)
VALUES = st.recursive(
    WORDS
    | st.none()
    | st.booleans()
    | st.integers(-1, 3)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
)


def _refusals(content: bytes) -> list[InputError]:
    try:
        read(content, "mooring.yaml")
    except InputErrors as refused:
        return list(refused.errors)
    return []


@given(VALUES)
def test_any_values_at_any_keys(value: object) -> None:
    refusals = _refusals(json.dumps(value).encode())  # JSON is YAML.
    assert [error for error in refusals if error.position is None] == []


@given(st.binary(max_size=40))
def test_any_bytes(content: bytes) -> None:
    assert [error for error in _refusals(content) if error.position is None] == []
