"""YAML documents as Docker Compose reads them: values, positions, anchors, merges, tags, bounds."""

import textwrap
import time

import pytest
from tests.compose.documents import at

from mooring.compose import scalars, yaml_reader
from mooring.compose.nodes import Mapping, Node, Plain, Scalar, Sequence, plain
from mooring.compose.yaml_reader import Document, read_documents
from mooring.errors import InputErrors
from mooring.sources import Position


def _documents(text: str) -> tuple[Document, ...]:
    return read_documents(textwrap.dedent(text).encode(), "c.yaml")


def _root(text: str) -> Node:
    (document,) = _documents(text)
    return document.root


def _errors(text: str | bytes) -> list[str]:
    content = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
    with pytest.raises(InputErrors) as caught:
        read_documents(content, "c.yaml")
    assert all(error.remedy for error in caught.value.errors)
    return [f"{error.position}: {error.message}" for error in caught.value.errors]


def _place(line: int, column: int) -> Position:
    return Position("c.yaml", line, column)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: b", {"a": "b"}, id="plain-texts"),
        pytest.param("a: '1'", {"a": "1"}, id="single-quotes-make-texts"),
        pytest.param('a: "true"', {"a": "true"}, id="double-quotes-make-texts"),
        pytest.param("a: |\n  1\n", {"a": "1\n"}, id="literal-blocks-are-texts"),
        pytest.param("a: >-\n  1\n  2\n", {"a": "1 2"}, id="folded-blocks-are-texts"),
        pytest.param("a: [1, x, ~]", {"a": [1, "x", None]}, id="flow-sequences"),
        pytest.param("a: {b: {c: d}}", {"a": {"b": {"c": "d"}}}, id="flow-mappings"),
        pytest.param("a:\n- b\n- c", {"a": ["b", "c"]}, id="lists-at-the-indentation-of-the-key"),
        pytest.param("a:\nb:", {"a": None, "b": None}, id="nothing-is-null"),
        pytest.param("a: b\n  c", {"a": "b c"}, id="plain-texts-over-lines"),
        pytest.param("a: http://x:80/y#z", {"a": "http://x:80/y#z"}, id="a-url"),
        pytest.param("a: b #c", {"a": "b"}, id="a-comment-after-a-value"),
        pytest.param("a: b#c", {"a": "b#c"}, id="no-comment-without-a-blank"),
        pytest.param("'a': 1\n\"b\": 2", {"a": 1, "b": 2}, id="quoted-keys"),
        pytest.param("'1': a\n'true': b", {"1": "a", "true": "b"}, id="keys-quoted-into-texts"),
        pytest.param("? a\n: b", {"a": "b"}, id="explicit-keys"),
        pytest.param("a: ! 1", {"a": 1}, id="a-tag-without-a-name-says-nothing"),
        pytest.param("a: !!str 1", {"a": "1"}, id="a-tag-of-yaml"),
        pytest.param("a: !mine 1", {"a": "1"}, id="a-tag-of-ones-own-makes-a-text"),
        pytest.param("a: !mine {b: 1}", {"a": {"b": 1}}, id="a-collection-keeps-its-kind"),
        pytest.param("a: !!set {b, c}", {"a": {"b": None, "c": None}}, id="a-set-is-a-mapping"),
        pytest.param("!!int '7'", 7, id="a-document-may-be-a-scalar"),
        pytest.param("\ufeffa: b", {"a": "b"}, id="a-byte-order-mark-is-skipped"),
        pytest.param("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}, id="windows-line-breaks"),
        pytest.param("a:\tb", {"a": "b"}, id="a-tab-after-a-colon"),
        pytest.param("a: b\n\t\nc: d", {"a": "b", "c": "d"}, id="a-tab-on-an-empty-line"),
        pytest.param("a: [\n\tb]", {"a": ["b"]}, id="a-tab-between-brackets"),
        pytest.param('a: "\\u00e9\\n"', {"a": "é\n"}, id="escapes"),
        pytest.param("a: \U0001f600", {"a": "\U0001f600"}, id="characters-beyond-16-bits"),
        pytest.param("{a:b}", {"a:b": None}, id="a-colon-without-a-blank-between-brackets"),
    ],
)
def test_values(text: str, value: Plain) -> None:
    assert plain(_root(text)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('a: "it\\\'s"', {"a": "it's"}, id="a-single-quote-escaped-in-double-quotes"),
        pytest.param(
            "a: &b.c/d x\ne: *b.c/d", {"a": "x", "e": "x"}, id="dots-in-the-name-of-an-anchor"
        ),
        pytest.param(
            "a: &b.c x\nd: &b/c y\ne: [*b.c, *b/c]",
            {"a": "x", "d": "y", "e": ["x", "y"]},
            id="anchors-that-differ-in-such-characters",
        ),
        pytest.param("# x\n\t# y\na: b", {"a": "b"}, id="a-comment-indented-with-a-tab"),
        pytest.param(
            "\ufeffa: \"\\'\"\nb: |\n  \\'\n",
            {"a": "'", "b": "\\'\n"},
            id="other-places-stay-as-they-are",
        ),
    ],
)
def test_what_go_yaml_reads_and_libyaml_does_not(text: str, value: Plain) -> None:
    assert plain(_root(text)) == value


@pytest.mark.parametrize(
    ("content", "roots"),
    [
        pytest.param(b"", [], id="an-empty-file-has-none"),
        pytest.param(b"# nothing\n", [], id="comments-are-none"),
        pytest.param(b"---\n", [None], id="a-marker-begins-one"),
        pytest.param(b"a: b\n---\nc: d\n", [{"a": "b"}, {"c": "d"}], id="two"),
        pytest.param(b"a: b\n---\n", [{"a": "b"}, None], id="the-last-may-be-empty"),
        pytest.param(b"a: b\n...\n# end\n", [{"a": "b"}], id="an-end-marker-ends-one"),
        pytest.param(b"%YAML 1.1\n---\na: b\n", [{"a": "b"}], id="a-directive-of-yaml-1.1"),
        pytest.param("a: é".encode("utf-16"), [{"a": "é"}], id="utf-16-with-a-mark"),
        pytest.param(b"x: &x 1\n---\ny: *x\n", [{"x": 1}, {"y": 1}], id="anchors-hold-for-a-file"),
    ],
)
def test_documents(content: bytes, roots: list[Plain]) -> None:
    assert [plain(document.root) for document in read_documents(content, "c.yaml")] == roots


def test_positions_count_lines_and_columns_from_one() -> None:
    root = _root(
        """\
        services:
          "wéb": {image: x}
          api:
            command:
              - run
              - >-
                this
        """
    )
    assert isinstance(root, Mapping)
    assert root.position == _place(1, 1)
    assert root.keys == {"services": _place(1, 1)}
    services = at(root, "services")
    assert isinstance(services, Mapping)
    assert services.position == _place(2, 3)
    assert services.keys == {"wéb": _place(2, 3), "api": _place(3, 3)}
    assert at(services, "wéb").position == _place(2, 10)
    assert at(services, "wéb", "image").position == _place(2, 18)
    assert at(services, "api", "command").position == _place(5, 7)
    assert at(services, "api", "command", 1).position == _place(6, 9)


def test_a_byte_order_mark_is_no_column() -> None:
    assert at(_root("\ufeffa: b"), "a").position == _place(1, 4)


def test_an_unquoted_date_is_marked() -> None:
    assert at(_root("a: 2024-01-31"), "a") == scalars.Timestamp(
        "2024-01-31 00:00:00 +0000 UTC", _place(1, 4)
    )


# Anchors and aliases


def test_an_alias_is_the_node_of_its_anchor() -> None:
    root = _root("a: &x {b: c}\nd: *x\ne: [*x]")
    assert at(root, "d") is at(root, "a")
    assert at(root, "e", 0) is at(root, "a")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: &x b\nc: *x", {"a": "b", "c": "b"}, id="of-a-scalar"),
        pytest.param("a: &x\nc: *x", {"a": None, "c": None}, id="of-nothing"),
        pytest.param(
            "a: &x 1\nb: *x\nc: &x 2\nd: *x", {"a": 1, "b": 1, "c": 2, "d": 2}, id="the-last-counts"
        ),
        pytest.param(
            "a: &x [&x y]\nb: *x", {"a": ["y"], "b": "y"}, id="the-last-that-begins-counts"
        ),
        pytest.param("a: &x k\nb: {*x : v}", {"a": "k", "b": {"k": "v"}}, id="as-a-key"),
        pytest.param("&x a: b\nc: *x", {"a": "b", "c": "a"}, id="of-a-key"),
        pytest.param("a: [&x 1, *x]", {"a": [1, 1]}, id="in-one-list"),
    ],
)
def test_aliases(text: str, value: Plain) -> None:
    assert plain(_root(text)) == value


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        pytest.param(
            "a: *defualt\nb: &default 1\nc: *defualt",
            [
                'c.yaml:1:4: "*defualt" has no "&defualt" before it',
                'c.yaml:3:4: "*defualt" has no "&defualt" before it',
            ],
            id="an-anchor-that-does-not-exist",
        ),
        pytest.param(
            "a: &x\n  b: [*x]",
            [
                'c.yaml:2:7: "*x" stands inside the value that "&x" names, which would then hold '
                "itself"
            ],
            id="an-alias-inside-its-anchor",
        ),
        pytest.param(
            "a: &x\n  <<: *x",
            [
                'c.yaml:2:7: "*x" stands inside the value that "&x" names, which would then hold '
                "itself"
            ],
            id="a-mapping-merged-into-itself",
        ),
        pytest.param(
            "x: &x {k: v}\na:\n  <<: *x\n  b: {<<: *x}",
            [
                'c.yaml:4:11: "*x" is used at a and again inside that, which Docker Compose takes '
                "for a cycle"
            ],
            id="merged-into-a-mapping-and-one-inside-it",
        ),
        pytest.param(
            "x: &x {k: v}\na:\n  b: {<<: *x}\n  <<: *x",
            [
                'c.yaml:4:7: "*x" is used at a and again inside that, which Docker Compose takes '
                "for a cycle"
            ],
            id="merged-into-a-mapping-and-before-that-into-one-inside-it",
        ),
    ],
)
def test_aliases_that_cannot_be(text: str, errors: list[str]) -> None:
    assert _errors(text) == errors


def test_a_misspelt_alias_is_told_of_the_anchor_that_was_meant() -> None:
    with pytest.raises(InputErrors) as caught:
        _documents("a: &default 1\nb: *defualt")
    assert caught.value.errors[0].remedy == 'did you mean "default"?'


def test_anchors_of_an_earlier_document_are_used_anywhere() -> None:
    first, second = _documents("x: &x {k: v}\na: {<<: *x}\n---\na: {b: {<<: *x}}")
    assert plain(first.root) == {"x": {"k": "v"}, "a": {"k": "v"}}
    assert plain(second.root) == {"a": {"b": {"k": "v"}}}


# Merge keys


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("<<: {a: 1, b: 2}\na: 3", {"a": 3, "b": 2}, id="what-is-written-out-wins"),
        pytest.param("a: 3\n<<: {a: 1, b: 2}", {"a": 3, "b": 2}, id="wherever-it-stands"),
        pytest.param("a:\n<<: {a: 1}", {"a": None}, id="null-wins-too"),
        pytest.param("<<: [{a: 1}, {a: 2, b: 3}]", {"a": 1, "b": 3}, id="an-earlier-mapping-wins"),
        pytest.param(
            "<<: {a: 1, <<: {a: 2, b: 3}}", {"a": 1, "b": 3}, id="merged-mappings-may-merge"
        ),
        pytest.param("<<: {a: {x: 1}}\na: {y: 2}", {"a": {"y": 2}}, id="one-level-is-merged"),
        pytest.param("'<<': {a: 1}", {"<<": {"a": 1}}, id="a-quoted-merge-key-is-a-key"),
        pytest.param("!!merge x: {a: 1}", {"a": 1}, id="a-tag-makes-a-merge-key"),
        pytest.param("<<: []\na: 1", {"a": 1}, id="an-empty-list-merges-nothing"),
        pytest.param("<<: {1: a, ~: b}", {"1": "a", "~": "b"}, id="merged-keys-are-texts"),
        pytest.param("- <<", ["<<"], id="a-value-is-no-merge-key"),
    ],
)
def test_merges(text: str, value: Plain) -> None:
    assert plain(_root(text)) == value


def test_a_merged_list_of_mappings_may_be_an_alias() -> None:
    root = _root("x: &x [{a: 1}, {b: 2}]\ny: {<<: *x}")
    assert plain(at(root, "y")) == {"a": 1, "b": 2}


def test_merged_keys_keep_their_positions() -> None:
    root = _root("x: &x\n  a: 1\ny:\n  <<: *x\n  b: 2")
    merged = at(root, "y")
    assert isinstance(merged, Mapping)
    assert merged.keys == {"b": _place(5, 3), "a": _place(2, 3)}
    assert merged.entries["a"] is at(root, "x", "a")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("<<: x", "c.yaml:1:1", id="a-text"),
        pytest.param("a: 1\n<<:", "c.yaml:2:1", id="nothing"),
        pytest.param("<<: [{a: b}, [c]]", "c.yaml:1:1", id="a-list-in-a-list"),
        pytest.param("x: &x [{a: b}]\n<<: [*x]", "c.yaml:2:1", id="an-alias-of-a-list-in-a-list"),
    ],
)
def test_merges_of_what_is_no_mapping(text: str, place: str) -> None:
    message = 'the merge key "<<" takes a mapping, or a list of mappings'
    assert _errors(text) == [f"{place}: {message}"]


# Keys


def test_every_key_given_twice_is_told_with_both_lines() -> None:
    assert _errors("a: 1\nb: {c: 1, c: 2}\n'a': 2\na: 3\n<<: {d: 1}\n<<: {e: 1}\n") == [
        'c.yaml:2:11: "c" is given twice in the same mapping: first in line 2, again in line 2',
        'c.yaml:3:1: "a" is given twice in the same mapping: first in line 1, again in line 3',
        'c.yaml:4:1: "a" is given twice in the same mapping: first in line 1, again in line 4',
        'c.yaml:6:1: "<<" is given twice in the same mapping: first in line 5, again in line 6',
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("8080: a", 'c.yaml:1:1: the key "8080" is not a text', id="a-number"),
        pytest.param("a: {true: b}", 'c.yaml:1:5: the key "true" is not a text', id="a-boolean"),
        pytest.param("a: {~: b}", 'c.yaml:1:5: the key "~" is not a text', id="null"),
        pytest.param("?\n: b", "c.yaml:1:2: a key is missing", id="nothing"),
        pytest.param(
            "2001-01-01: a", 'c.yaml:1:1: the key "2001-01-01" is not a text', id="a-date"
        ),
        pytest.param("!!int '1': a", 'c.yaml:1:1: the key "1" is not a text', id="a-tagged-number"),
        pytest.param("a: &x 1\n*x : b", 'c.yaml:2:1: the key "1" is not a text', id="an-alias"),
        pytest.param(
            "[a]: b", "c.yaml:1:1: a mapping or a list stands where a key belongs", id="a-list"
        ),
        pytest.param(
            "a: {{ b }}",
            "c.yaml:1:5: a mapping or a list stands where a key belongs",
            id="double-braces",
        ),
        pytest.param(
            "a: &x [b]\n*x : c",
            "c.yaml:2:1: a mapping or a list stands where a key belongs",
            id="an-alias-of-a-list",
        ),
    ],
)
def test_keys_that_are_no_texts(text: str, error: str) -> None:
    assert _errors(text) == [error]


def test_a_key_with_a_tag_of_ones_own_is_a_text() -> None:
    assert plain(_root("!mine 1: a")) == {"1": "a"}


# !reset and !override


def _tags(text: str) -> list[tuple[str, str]]:
    (document,) = _documents(text)
    return [(tag.name, ".".join(map(str, tag.path))) for tag in document.resets]


@pytest.mark.parametrize(
    ("text", "value", "tags"),
    [
        pytest.param(
            "a: {b: !reset x, c: 1}", {"a": {"c": 1}}, [("!reset", "a.b")], id="a-reset-value-goes"
        ),
        pytest.param("a: !reset\nb: 1", {"b": 1}, [("!reset", "a")], id="a-reset-needs-no-value"),
        pytest.param(
            "a: !reset {b: !reset 1, c: !override 2}",
            {},
            [("!reset", "a")],
            id="what-is-inside-a-reset-goes-with-it",
        ),
        pytest.param("a: [!reset x, y]", {"a": ["y"]}, [("!reset", "a.0")], id="an-item-is-reset"),
        pytest.param(
            "a: !override {b: 1}", {"a": {"b": 1}}, [("!override", "a")], id="an-override-stays"
        ),
        pytest.param(
            "a: !override 5", {"a": "5"}, [("!override", "a")], id="an-override-of-a-number-is-text"
        ),
        pytest.param(
            "a: !override {b: !reset c}",
            {"a": {"b": "c"}},
            [("!override", "a")],
            id="inside-an-override-tags-mean-nothing",
        ),
        pytest.param("!override {a: b}", {"a": "b"}, [("!override", "")], id="the-whole-document"),
        pytest.param(
            "x: &x {a: !reset 1, b: !override [2]}\ny: {z: *x}",
            {"x": {"b": [2]}, "y": {"z": {"b": [2]}}},
            [("!reset", "x.a"), ("!override", "x.b"), ("!reset", "y.z.a"), ("!override", "y.z.b")],
            id="an-alias-repeats-tags",
        ),
        pytest.param(
            "x: &x {a: !reset 1}\ny: &y {b: *x}\nz: *y",
            {"x": {}, "y": {"b": {}}, "z": {"b": {}}},
            [("!reset", "x.a"), ("!reset", "y.b.a"), ("!reset", "z.b.a")],
            id="an-alias-repeats-tags-that-an-alias-repeated",
        ),
        pytest.param(
            "x: &x !reset 1\ny: *x\nz: [*x, 2]",
            {"z": [2]},
            [("!reset", "x"), ("!reset", "y"), ("!reset", "z.0")],
            id="an-alias-of-a-reset-scalar-resets",
        ),
        pytest.param(
            "x: &x !reset {a: b}\ny: *x",
            {},
            [("!reset", "x"), ("!reset", "y")],
            id="an-alias-of-a-reset-mapping-resets",
        ),
        pytest.param(
            "x: &x !override {a: b}\ny: *x",
            {"x": {"a": "b"}, "y": {"a": "b"}},
            [("!override", "x"), ("!override", "y")],
            id="an-alias-of-an-override-overrides",
        ),
        pytest.param(
            "x: &x !override a\ny: *x",
            {"x": "a", "y": "a"},
            [("!override", "x"), ("!override", "y")],
            id="an-alias-of-an-override-scalar-overrides",
        ),
        pytest.param(
            "a: {<<: {b: !reset 1}, c: 2}",
            {"a": {"c": 2}},
            [("!reset", "a.b")],
            id="paths-lead-through-merge-keys",
        ),
        pytest.param(
            "a: {<<: {b: 1}, b: !reset 2}",
            {"a": {"b": 1}},
            [("!reset", "a.b")],
            id="what-is-reset-hides-nothing-that-is-merged",
        ),
        pytest.param(
            "a: {<<: !reset {b: 1}, c: 2}",
            {"a": {"c": 2}},
            [("!reset", "a")],
            id="a-merge-key-can-be-reset",
        ),
        pytest.param(
            "a: !reset {b: 1, b: 2, 3: c}\nd: e",
            {"d": "e"},
            [("!reset", "a")],
            id="nobody-looks-into-a-reset",
        ),
        pytest.param(
            "a: !reset &x {b: c}\nd: &y !reset\n  e: &z f\ng: *z",
            {"g": "f"},
            [("!reset", "a"), ("!reset", "d")],
            id="an-anchor-inside-a-reset-holds",
        ),
    ],
)
def test_tags_of_compose(text: str, value: Plain, tags: list[tuple[str, str]]) -> None:
    assert plain(_root(text)) == value
    assert sorted(_tags(text)) == sorted(tags)


def test_a_reset_key_has_no_position() -> None:
    root = _root("a: !reset\nb: 1\n<<: {c: 2}")
    assert isinstance(root, Mapping)
    assert list(root.keys) == ["b", "c"]


def test_tags_tell_where_they_stand() -> None:
    (document,) = _documents("a:\n  b: !reset x\n  c: !override\n    - d")
    assert [tag.position for tag in document.resets] == [_place(2, 6), _place(3, 6)]


def test_the_whole_document_cannot_be_reset() -> None:
    assert _errors("!reset {a: b}") == [
        'c.yaml:1:1: the whole document is tagged "!reset", so nothing is left of it'
    ]


def test_an_alias_inside_a_reset_needs_its_anchor() -> None:
    assert _errors("a: !reset [*x]") == ['c.yaml:1:12: "*x" has no "&x" before it']


# Bounds


def _bomb(levels: int, repeated: int) -> str:
    lines = ["a0: &a0 {k: v}"]
    lines += [
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * repeated)}]"
        for level in range(1, levels)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(_bomb(30, 9), "nearly all of them repeated", id="an-alias-bomb"),
        pytest.param(
            "a0: &a0 {r: !reset x}\n"
            + "\n".join(f"a{n}: &a{n} {{b: *a{n - 1}, c: *a{n - 1}}}" for n in range(1, 40)),
            "nearly all of them repeated",
            id="an-alias-bomb-of-resets",
        ),
        pytest.param(
            f"a: &a {{{', '.join(f'k{n}: v' for n in range(9_000))}}}\n"
            + "\n".join(f"m{n}: {{<<: *a}}" for n in range(9_000)),
            "nearly all of them repeated",
            id="a-merge-bomb",
        ),
        pytest.param("[" * 100_000, "nested more than 100 deep", id="brackets-in-brackets"),
        pytest.param("- " * 100_000, "nested more than 100 deep", id="lists-in-lists"),
        pytest.param(
            "\n".join(" " * depth + "a:" for depth in range(300)),
            "nested more than 100 deep",
            id="mappings-in-mappings",
        ),
        pytest.param(
            "a0: &a0 [x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 200)),
            "nested more than 100 deep",
            id="aliases-in-aliases",
        ),
        pytest.param(f"a: [{'x, ' * 100_001}]", "more than 100,000 values", id="too-many-values"),
        pytest.param(
            "a:\n" + "  - b: c\n" * 1_200_000, "more than 100,000 values", id="ten-megabytes"
        ),
        pytest.param("a: b\n" * 500_000, "100 faults are found up to here", id="too-many-faults"),
        pytest.param(
            '"' + "\\'" * 200_000, "double quotes know no escape", id="too-much-to-rewrite"
        ),
    ],
)
def test_what_is_too_much_ends_soon(text: str, message: str) -> None:
    started = time.process_time()
    with pytest.raises(InputErrors) as caught:
        read_documents(text.encode(), "c.yaml")
    assert time.process_time() - started < 5
    assert message in str(caught.value)


def test_a_large_document_is_read_to_its_end() -> None:
    services = "".join(
        f"  s{number}:\n    image: x\n    ports: ['80:80', 81]\n" for number in range(5_000)
    )
    started = time.process_time()
    root = _root("services:\n" + services)
    assert time.process_time() - started < 5
    assert len(plain(at(root, "services"))) == 5_000  # type: ignore[arg-type]


def test_ten_megabytes_of_text_are_read() -> None:
    (document,) = read_documents(b"a: |\n" + b"  ten bytes\n" * 1_000_000, "c.yaml")
    root = document.root
    assert len(str(plain(at(root, "a")))) == 10_000_000


def test_aliases_are_not_copied() -> None:
    root = _root(_bomb(4, 9))
    top = at(root, "a3")
    assert isinstance(top, Sequence)
    assert all(item is at(root, "a2") for item in top.items)


def test_the_number_of_values_is_that_of_docker_compose() -> None:
    text = f"a: [{'x, ' * (yaml_reader.MAX_VALUES - 2)}]"
    root = _root(text)
    assert len(plain(at(root, "a"))) == yaml_reader.MAX_VALUES - 2  # type: ignore[arg-type]
    assert isinstance(at(root, "a", 0), Scalar)
    assert "100,000 values" in _errors(text.replace("]", "x]"))[0]
