"""Whatever writes a tree as YAML, the reader gives the same tree back."""

import json
import math
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mooring.compose.nodes import Mapping, Node, Plain, Sequence, plain
from mooring.compose.yaml_reader import read_documents
from mooring.kube import emitter

# YAML holds no other control characters, and text no halves of characters; libyaml counts a
# byte order mark, U+FFFE and U+FFFF among what cannot be printed.
CHARACTERS = st.characters(
    blacklist_categories=["Cs"],
    blacklist_characters=["\x7f", *map(chr, range(0x80, 0xA0)), "\ufeff", "\ufffe", "\uffff"],
)
NUMBERS_AND_DATES = st.from_regex(r"[-+.]?[0-9_]{1,4}[-:.exob]?[0-9_]{0,4}", fullmatch=True)
WORDS = st.sampled_from(
    ["", "~", "null", "true", "False", "yes", "on", ".inf", "<<", "- a", "a: b", "#", "@", "!x"]
)
TEXTS = st.text(CHARACTERS, max_size=20) | NUMBERS_AND_DATES | WORDS
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
TREES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXTS, below, max_size=4),
    max_leaves=20,
)


def _json(tree: Plain) -> str:
    return json.dumps(tree, ensure_ascii=False)


def _indented_json(tree: Plain) -> str:
    return json.dumps(tree, ensure_ascii=False, indent=1)


def _tagged_block(tree: Plain) -> str:
    return yaml.dump(tree, default_style="'", allow_unicode=True, sort_keys=False, width=20)


def _tagged_flow(tree: Plain) -> str:
    return yaml.dump(tree, default_style='"', default_flow_style=True, sort_keys=False, width=20)


def _same(one: Plain, other: Plain) -> bool:
    """Equal in type as well: 1, 1.0 and True are equal to Python, and -0.0 is 0.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.copysign(1, one) == math.copysign(1, other) and one == other
    return type(one) is type(other) and one == other


@pytest.mark.parametrize(
    "write", [_json, _indented_json, _tagged_block, _tagged_flow], ids=lambda write: write.__name__
)
@settings(max_examples=40)
@given(tree=TREES)
def test_what_is_written_is_read(write: Callable[[Plain], str], tree: Plain) -> None:
    (document,) = read_documents(write(tree).encode(), "c.yaml")
    assert _same(plain(document.root), tree)


@settings(max_examples=40)
@given(st.dictionaries(TEXTS.filter(bool), TREES, min_size=1))
def test_what_we_write_ourselves_is_read(tree: dict[str, Plain]) -> None:
    (document,) = read_documents(emitter.emit(tree).encode(), "c.yaml")
    assert _same(plain(document.root), tree)


@settings(max_examples=40)
@given(TREES)
def test_positions_stand_in_the_order_of_the_text(tree: Plain) -> None:
    (document,) = read_documents(_indented_json(tree).encode(), "c.yaml")
    places = [(node.position.line, node.position.column) for node in _nodes(document.root)]  # type: ignore[union-attr]
    assert places == sorted(places)
    assert len(places) == len(set(places))


def _nodes(node: Node) -> list[Node]:
    if isinstance(node, Mapping):
        return [node, *(below for value in node.entries.values() for below in _nodes(value))]
    if isinstance(node, Sequence):
        return [node, *(below for item in node.items for below in _nodes(item))]
    return [node]
