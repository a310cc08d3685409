"""The finished project, and how it is printed."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compose import stacks

from mooring.compose import canonical_print
from mooring.compose.nodes import Plain, plain
from mooring.compose.scalar_text import float_text
from mooring.compose.yaml_reader import read_documents

FILES = {
    "compose.yaml": """\
x-top: {kept: [1, 2]}
services:
  web:
    image: w
    x-hint: {a: b}
    environment: {Z: "1", A: "yes", TEXT: "line\\nline\\n"}
    labels: {x-label: kept}
    ports: ["8080:80"]
  off: {image: o, profiles: [p]}
jobs:
  on: {image: j, triggers: {manual: true}}
  idle: {image: j, triggers: {manual: true}, profiles: [p]}
volumes: {v: {x-hint: 1}}
"""
}


def test_what_runs_and_what_does_not(tmp_path: Path) -> None:
    project = stacks.load(tmp_path, FILES).project
    assert list(project.services) == ["web"]
    assert list(project.disabled) == ["off"]
    assert list(project.mappings("jobs")) == ["on"]
    assert list(project.disabled_jobs) == ["idle"]
    assert list(project.mappings("volumes")) == ["v"]
    assert project.mappings("configs") == {}


def test_extensions_are_kept_in_the_project_and_not_printed_below_the_top(tmp_path: Path) -> None:
    project = stacks.load(tmp_path, FILES).project
    printed = canonical_print.as_plain(project)
    assert plain(project.services["web"].entries["x-hint"]) == {"a": "b"}
    assert printed["x-top"] == {"kept": [1, 2]}
    web = printed["services"]["web"]  # type: ignore[call-overload,index]
    assert "x-hint" not in web
    assert web["labels"] == {"x-label": "kept"}


def test_json_is_sorted_and_ends_with_a_line_feed(tmp_path: Path) -> None:
    project = stacks.load(tmp_path, FILES).project
    text = canonical_print.as_json(project)
    assert text.endswith("}\n")
    assert list(json.loads(text)["services"]["web"]["environment"]) == ["A", "TEXT", "Z"]
    assert json.loads(text) == canonical_print.as_plain(project)


def test_yaml_reads_back_as_the_json(tmp_path: Path) -> None:
    project = stacks.load(tmp_path, FILES).project
    text = canonical_print.as_yaml(project)
    assert yaml.safe_load(text) == canonical_print.as_plain(project)
    assert '      A: "yes"\n      TEXT: |\n        line\n        line\n' in text


def test_the_printed_project_loads_to_itself(tmp_path: Path) -> None:
    project = stacks.load(tmp_path / "one", {**FILES, ".env": ""}).project
    text = canonical_print.as_yaml(project)
    again = stacks.load(tmp_path / "two", {"compose.yaml": text}).project
    assert canonical_print.as_plain(again) == canonical_print.as_plain(project)


NOT_WORDS = [
    "yes",
    "No",
    "on",
    "y",
    "null",
    "~",
    "0o17",
    "017",
    "0x1f",
    "1e3",
    "1_000",
    ".5",
    "22:22",
    "2024-01-01",
    "=",
    "<<",
    "a:b",
    "#c",
    "-x",
    "-",
    ".",
    "..",
    "--",
    "--flag",
    "@x",
    "`x`",
    "!x",
    "&x",
    "*x",
    "{}",
    "[]",
    "'",
    '"',
    "|",
    ">",
    "%",
    "?",
    ":",
    "/etc/x",
    "./y",
]
WITH_BLANKS = ["", " lead", "trail ", "a: b", "a #b", "- x", "x\n", "\n", "x\n\n", "a\n b\n"]
CONTROLS = [" a\nb", "\ttab", "a\r\nb", "\x1b", "\x85", "\u2028", "\ufeff", "\ud7ff", "\x1b\n"]
TEXTS = st.text(max_size=10) | st.sampled_from([*NOT_WORDS, *WITH_BLANKS, *CONTROLS])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXTS, below, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=3))
@settings(deadline=None)
def test_printed_yaml_means_the_same_to_yaml_1_1(model: dict[str, Plain]) -> None:
    assert yaml.load(canonical_print.yaml_text(model), Loader=yaml.CSafeLoader) == model


@given(st.dictionaries(TEXTS.filter(lambda text: text != "<<"), VALUES, min_size=1, max_size=3))
@settings(deadline=None)
def test_printed_yaml_means_the_same_to_compose(model: dict[str, Plain]) -> None:
    (document,) = read_documents(canonical_print.yaml_text(model).encode(), "x.yaml")
    assert plain(document.root) == model


def test_a_long_key_is_still_a_key() -> None:
    model: dict[str, Plain] = {"k" * 2000: {"a": ["b"]}, "l" * 3000: "v"}
    assert yaml.safe_load(canonical_print.yaml_text(model)) == model


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(1.5, "1.5", id="plain"),
        pytest.param(2.0, "2", id="no-fraction-of-zero"),
        pytest.param(100000.0, "100000", id="below-a-million-in-full"),
        pytest.param(1000000.0, "1e+06", id="from-a-million-on-with-an-exponent"),
        pytest.param(123456789.0, "1.23456789e+08", id="all-digits-kept"),
        pytest.param(0.0001, "0.0001", id="small-in-full"),
        pytest.param(0.00001, "1e-05", id="smaller-with-an-exponent"),
        pytest.param(-0.0, "-0", id="negative-zero"),
        pytest.param(-3.25, "-3.25", id="negative"),
        pytest.param(1e300, "1e+300", id="three-digits-of-exponent"),
        pytest.param(float("inf"), "+Inf", id="infinity"),
    ],
)
def test_numbers_as_go_prints_them(value: float, text: str) -> None:
    assert float_text(value) == text
