"""What we write is read back as what we meant, by every reader; and it reads well."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kube import core_schema
from tests.kube.nasty import TEXTS

from mooring.kube import emitter


def nasty(names: list[str] | None = None) -> Any:
    return [pytest.param(TEXTS[name], id=name) for name in names or TEXTS]


def readings(text: str) -> list[Any]:
    return [
        yaml.load(text, Loader=yaml.CSafeLoader),
        yaml.load(text, Loader=yaml.SafeLoader),
        core_schema.load(text),
    ]


@pytest.mark.parametrize("text", nasty())
@pytest.mark.parametrize(
    "place",
    [
        pytest.param(lambda text: {"key": text}, id="value"),
        pytest.param(lambda text: {text: "value"}, id="key"),
        pytest.param(lambda text: [text, text], id="item"),
        pytest.param(lambda text: {"a": [{"b": text, "c": text}], "d": "e"}, id="deep"),
        pytest.param(lambda text: [[text], [[text, "x"]]], id="nested-lists"),
    ],
)
def test_nasty_texts_read_back(text: str, place: Any) -> None:
    value = place(text)
    assert readings(emitter.emit(value)) == [value] * 3


TREES = st.recursive(
    st.text() | st.integers() | st.booleans() | st.none() | st.sampled_from(list(TEXTS.values())),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(list(TEXTS.values())), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.text(), TREES, max_size=4) | st.lists(TREES, max_size=4))
def test_whatever_is_written_reads_back(value: Any) -> None:
    assert readings(emitter.emit(value)) == [value] * 3


LINES = st.lists(
    st.text(alphabet=" \tab#:-'\"\\é\u2028\x85\r\ufeff", max_size=6), min_size=1, max_size=6
)


@settings(max_examples=300, deadline=None)
@given(LINES.map("\n".join))
def test_whatever_text_of_lines_reads_back(text: str) -> None:
    value = {"data": {"file": text, "next": [text, {"a": text}]}}
    assert readings(emitter.emit(value)) == [value] * 3


@settings(max_examples=200, deadline=None)
@given(st.floats(allow_nan=False))
def test_whatever_number_reads_back(number: float) -> None:
    assert readings(emitter.emit({"a": number})) == [{"a": number}] * 3


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param("nginx:1.25-alpine", "nginx:1.25-alpine", id="an-image-is-plain"),
        pytest.param("/var/lib/data", "/var/lib/data", id="a-path-is-plain"),
        pytest.param("../../base", "../../base", id="a-relative-path-is-plain"),
        pytest.param("http://a:80/b?c=d&e=f", "http://a:80/b?c=d&e=f", id="a-url-is-plain"),
        pytest.param("--port=8080", "--port=8080", id="a-flag-is-plain"),
        pytest.param("app.kubernetes.io/name", "app.kubernetes.io/name", id="a-label-is-plain"),
        pytest.param("512Mi", "512Mi", id="a-memory-quantity-is-plain"),
        pytest.param("250m", "250m", id="a-cpu-quantity-is-plain"),
        pytest.param("two words", "two words", id="words-are-plain"),
        pytest.param("compose.yaml:12", "compose.yaml:12", id="an-origin-is-plain"),
        pytest.param("8080", '"8080"', id="digits-are-quoted"),
        pytest.param("5E", '"5E"', id="a-quantity-that-looks-like-an-exponent-is-quoted"),
        pytest.param("10.0.0.1", '"10.0.0.1"', id="an-address-is-quoted"),
        pytest.param("-inf", '"-inf"', id="infinity-is-quoted"),
        pytest.param("*.example.com", '"*.example.com"', id="a-star-first-is-quoted"),
        pytest.param('{"a":1}', "'{\"a\":1}'", id="json-stands-in-single-quotes"),
        pytest.param("Grüße", '"Grüße"', id="letters-of-other-scripts-stay-readable"),
        pytest.param("a\u202eb", '"a\\u202eb"', id="direction-changes-are-escaped"),
        pytest.param("🚀\U000e0041", '"🚀\\U000e0041"', id="invisible-tags-are-escaped"),
        pytest.param(8080, "8080", id="an-integer"),
        pytest.param(True, "true", id="a-truth"),
        pytest.param(None, "null", id="nothing"),
        pytest.param({}, "{}", id="an-empty-mapping"),
        pytest.param([], "[]", id="an-empty-list"),
        pytest.param(1e16, "1.0e+16", id="an-exponent-has-a-point"),
        pytest.param("a\nb\n", "|\n  a\n  b", id="lines-are-a-block"),
        pytest.param("a\nb", "|-\n  a\n  b", id="no-final-newline-strips"),
        pytest.param("a\n\n", "|+\n  a\n", id="more-newlines-keep"),
        pytest.param("  a\nb", "|2-\n    a\n  b", id="a-first-blank-tells-the-indentation"),
        pytest.param("a \nb", '"a \\nb"', id="a-blank-at-the-end-of-a-line-is-shown"),
        pytest.param("a\r\nb", '"a\\r\\nb"', id="a-carriage-return-is-shown"),
    ],
)
def test_form(value: Any, written: str) -> None:
    assert emitter.emit({"key": value}) == f"key: {written}\n"


def test_layout_is_kubectls() -> None:
    value = {
        "spec": {
            "containers": [
                {"name": "web", "args": ["--port", "80"], "env": [{"name": "A", "value": ""}]},
                {"name": "two", "securityContext": {}},
            ]
        }
    }
    assert emitter.emit(value) == (
        "spec:\n"
        "  containers:\n"
        "  - name: web\n"
        "    args:\n"
        "    - --port\n"
        '    - "80"\n'
        "    env:\n"
        "    - name: A\n"
        '      value: ""\n'
        "  - name: two\n"
        "    securityContext: {}\n"
    )


def test_documents_are_divided() -> None:
    text = emitter.emit_all([{"a": "b\n\n"}, {"c": 1}])
    assert list(yaml.safe_load_all(text)) == [{"a": "b\n\n"}, {"c": 1}]


def test_a_key_too_long_for_a_reader_stands_behind_a_question_mark() -> None:
    value = {"a": [{"k" * 3000: {"b": ["c"]}, "d": "e"}]}
    assert readings(emitter.emit(value)) == [value] * 3


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"a": b"bytes"}, id="bytes"),
        pytest.param({"a": {1, 2}}, id="a-set"),
        pytest.param([object()], id="an-object"),
    ],
)
def test_what_has_no_place_in_yaml_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no place in YAML"):
        emitter.emit(value)
