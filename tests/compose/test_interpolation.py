"""Variables in texts and documents: the grammar of compose-go, positions, and what flowed where."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.compose.documents import at, shown, value

from mooring.compose import interpolation
from mooring.compose.interpolation import Variable, interpolate, substitute
from mooring.compose.nodes import Mapping, Node, Plain, Scalar, Sequence, plain
from mooring.compose.yaml_reader import read_documents
from mooring.errors import InputErrors
from mooring.sources import Position

ENVIRONMENT = {"SET": "value", "EMPTY": "", "OTHER": "other", "DOLLAR": "a$SET", "_x1": "under"}


def _unset(name: str, position: Position | None) -> None:
    raise AssertionError(f"{name} is said to be unset")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        # names
        pytest.param("$SET", "value", id="a-bare-name"),
        pytest.param("${SET}", "value", id="a-name-in-braces"),
        pytest.param("a-$SET.b", "a-value.b", id="a-bare-name-ends-where-it-must"),
        pytest.param("${SET}x$OTHER", "valuexother", id="several-names"),
        pytest.param("$_x1", "under", id="names-begin-with-an-underscore-too"),
        pytest.param("$SETé", "valueé", id="names-are-ascii"),
        pytest.param("$EMPTY", "", id="an-empty-value"),
        pytest.param("$DOLLAR", "a$SET", id="values-are-not-read-again"),
        # dollar signs that stay
        pytest.param("$$", "$", id="two-dollar-signs-are-one"),
        pytest.param("$$SET", "$SET", id="an-escaped-name"),
        pytest.param("$${SET}", "${SET}", id="an-escaped-name-in-braces"),
        pytest.param("$$$SET", "$value", id="three-dollar-signs-are-one-and-a-name"),
        pytest.param("$(date)", "$(date)", id="a-command-of-the-shell"),
        pytest.param("$? $1 $- $* $@ $!", "$? $1 $- $* $@ $!", id="variables-of-the-shell"),
        pytest.param("5$", "5$", id="a-dollar-sign-at-the-end"),
        pytest.param("$ SET", "$ SET", id="a-dollar-sign-before-a-blank"),
        # defaults
        pytest.param("${SET:-d}", "value", id="a-default-that-is-not-needed"),
        pytest.param("${UNSET:-d}", "d", id="a-default-for-what-is-unset"),
        pytest.param("${EMPTY:-d}", "d", id="a-default-for-what-is-empty"),
        pytest.param("${UNSET-d}", "d", id="a-default-for-what-is-unset-only"),
        pytest.param("${EMPTY-d}", "", id="without-a-colon-empty-is-set"),
        pytest.param("${UNSET:-}", "", id="a-default-may-be-empty"),
        pytest.param("${UNSET-}", "", id="a-default-without-a-colon-may-be-empty"),
        pytest.param("${UNSET:-a b:c-d?e+f}", "a b:c-d?e+f", id="operators-inside-a-default"),
        pytest.param("${UNSET-x:-y}", "x:-y", id="the-first-operator-counts"),
        # presence
        pytest.param("${SET:+p}", "p", id="presence-of-a-value"),
        pytest.param("${EMPTY:+p}", "", id="presence-of-an-empty-value"),
        pytest.param("${EMPTY+p}", "p", id="presence-of-any-value"),
        pytest.param("${UNSET:+p}", "", id="no-presence"),
        pytest.param("${UNSET+p}", "", id="no-presence-without-a-colon"),
        # required
        pytest.param("${SET:?m}", "value", id="required-and-set"),
        pytest.param("${EMPTY?m}", "", id="required-and-empty-without-a-colon"),
        # nesting
        pytest.param("${UNSET:-$SET}", "value", id="a-name-in-a-default"),
        pytest.param("${UNSET:-${SET}}", "value", id="braces-in-a-default"),
        pytest.param("${UNSET:-${ALSO:-${SET}}}!", "value!", id="defaults-in-defaults"),
        pytest.param("${SET:+${OTHER}}", "other", id="a-name-in-a-presence"),
        pytest.param("${SET:?${UNSET}}", "value", id="a-message-that-is-not-needed"),
        pytest.param("${SET:-${}}", "value", id="a-default-that-is-not-read"),
        pytest.param("${UNSET:-$$SET}", "$SET", id="an-escape-in-a-default"),
        pytest.param('${UNSET:-{"a": {"b": 1}}}', '{"a": {"b": 1}}', id="json-in-a-default"),
        pytest.param("${UNSET:-{}}", "{}", id="empty-braces-in-a-default"),
        pytest.param("${UNSET:-a}b}", "ab}", id="the-first-brace-that-balances-ends"),
        pytest.param("${UNSET:-{a b} c", "{a b c", id="an-open-brace-is-closed-by-the-last-one"),
        pytest.param("${UNSET:-a} ${SET} }", "a value }", id="what-follows-on-the-line-is-read"),
        pytest.param("${UNSET:-a}\n${SET}", "a\nvalue", id="a-line-ends-an-expression"),
        pytest.param("${UNSET:-a}" * 300, "a" * 300, id="very-many-on-a-line"),
    ],
)
def test_a_text(text: str, result: str) -> None:
    assert substitute(text, ENVIRONMENT.get, on_unset=_unset) == result


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("${}", '"${}" names no variable', id="no-name"),
        pytest.param(
            "${1x}",
            '"${1x}" does not begin with a name of a variable (letters, digits and "_")',
            id="a-name-that-begins-with-a-digit",
        ),
        pytest.param(
            "${ SET}",
            '"${ SET}" does not begin with a name of a variable (letters, digits and "_")',
            id="a-blank-before-the-name",
        ),
        pytest.param(
            "${SET!}",
            '"${SET!}" is not a variable with one of the operators :- - :? ? :+ +',
            id="an-unknown-operator",
        ),
        pytest.param(
            "${SET:x}",
            '"${SET:x}" is not a variable with one of the operators :- - :? ? :+ +',
            id="a-colon-without-an-operator",
        ),
        pytest.param(
            "${A-B.C}${A.B}",
            '"${A.B}" is not a variable with one of the operators :- - :? ? :+ +',
            id="a-point-in-a-name",
        ),
        pytest.param(
            "${SET",
            '"${" does not begin with a name of a variable (letters, digits and "_")',
            id="no-closing-brace",
        ),
        pytest.param(
            "${SET:-x", '"${SET:-" is not closed on its line', id="a-default-that-is-not-closed"
        ),
        pytest.param(
            "${SET:-x\n}", '"${SET:-" is not closed on its line', id="a-default-over-two-lines"
        ),
        pytest.param("${UNSET:-${}}", '"${}" names no variable', id="inside-a-default-in-use"),
        pytest.param(
            "${UNSET:?}", 'the required variable "UNSET" is not set', id="required-and-unset"
        ),
        pytest.param(
            "${UNSET?why}",
            'the required variable "UNSET" is not set: why',
            id="required-with-a-reason",
        ),
        pytest.param(
            "${EMPTY:?say ${OTHER}}",
            'the required variable "EMPTY" is empty: say other',
            id="required-with-a-variable-in-the-reason",
        ),
        pytest.param(
            "${UNSET:-" * 100 + "x" + "}" * 100,
            "defaults are nested more than 50 deep",
            id="too-many-defaults-in-defaults",
        ),
    ],
)
def test_a_text_with_a_fault(text: str, message: str) -> None:
    place = Position("c.yaml", 2, 3)
    with pytest.raises(InputErrors) as caught:
        substitute(text, ENVIRONMENT.get, position=place)
    (error,) = caught.value.errors
    assert (error.message, error.position) == (message, place)
    assert error.remedy


def test_all_faults_of_a_text_are_told() -> None:
    with pytest.raises(InputErrors) as caught:
        substitute("${A?} ${} ${B:?no} ${SET:-${}}", ENVIRONMENT.get)
    assert shown(caught.value) == [
        'the required variable "A" is not set\n'
        "  help: set A in the environment or in the .env file",
        '"${}" names no variable\n  help: write "$$" for a dollar sign that is meant literally',
        'the required variable "B" is not set: no\n'
        "  help: set B in the environment or in the .env file",
    ]


def test_unset_variables_are_told_once_each() -> None:
    told: list[str] = []
    text = "$A ${B} ${A} ${C:-} ${D-} ${E:+x} ${SET} ${F:-$G}"
    substitute(text, ENVIRONMENT.get, on_unset=lambda name, _: told.append(name))
    assert told == ["A", "B", "G"]


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        pytest.param("x", (), id="none"),
        pytest.param("$$SET $1", (), id="dollar-signs-are-none"),
        pytest.param("$SET", ("SET",), id="whose-value-is-in-the-text"),
        pytest.param("$OTHER $SET $OTHER", ("OTHER", "SET"), id="each-once-in-order"),
        pytest.param("$UNSET", ("UNSET",), id="which-is-not-set"),
        pytest.param("${UNSET:-d}", ("UNSET",), id="whose-default-is-in-the-text"),
        pytest.param("${UNSET:-$SET}", ("UNSET", "SET"), id="and-those-of-the-default"),
        pytest.param("${SET:-$OTHER}", ("SET",), id="not-those-of-a-default-not-in-use"),
        pytest.param("${SET:+$OTHER}", ("OTHER",), id="not-whose-presence-is-asked-for"),
        pytest.param("${SET:?$OTHER}", ("SET",), id="not-those-of-a-message"),
    ],
)
def test_variables_that_decided_a_text(text: str, variables: tuple[str, ...]) -> None:
    node = interpolate(Scalar(text), ENVIRONMENT.get)
    assert isinstance(node, Scalar)
    assert node.variables == variables


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        pytest.param("$A ${B}", [Variable(name="A"), Variable(name="B")], id="without-more"),
        pytest.param("$$A $(b) ${}", [], id="none"),
        pytest.param(
            "${A:-d} ${B-}",
            [Variable(name="A", default="d"), Variable(name="B", default="")],
            id="with-defaults",
        ),
        pytest.param("${A:+p}", [Variable(name="A", presence="p")], id="with-a-presence"),
        pytest.param("${A:?m $B}", [Variable(name="A", required=True)], id="required"),
        pytest.param(
            "${A:-${B:-$C}}",
            [
                Variable(name="A", default="${B:-$C}"),
                Variable(name="B", default="$C"),
                Variable(name="C"),
            ],
            id="inside-defaults",
        ),
    ],
)
def test_uses_of_variables(text: str, uses: list[Variable]) -> None:
    assert list(interpolation.variables(text)) == uses


# Documents


def _read(text: str) -> tuple[Node, bytes]:
    content = text.encode()
    (document,) = read_documents(content, "c.yaml")
    return document.root, content


@pytest.mark.parametrize(
    ("text", "result"),
    [
        pytest.param("{$SET: $SET}", {"$SET": "value"}, id="keys-stay"),
        pytest.param("[$SET, [$OTHER]]", ["value", ["other"]], id="lists-in-lists"),
        pytest.param("{a: '${N:-5}'}", {"a": "5"}, id="a-number-from-a-variable-is-a-text"),
        pytest.param("[1, true, ~, 1.5]", [1, True, None, 1.5], id="other-types-stay"),
        pytest.param("'${UNSET:-}'", "", id="a-text-may-become-empty"),
        pytest.param("2024-01-31", "2024-01-31 00:00:00 +0000 UTC", id="dates-stay"),
    ],
)
def test_values_of_a_document(text: str, result: Plain) -> None:
    assert plain(interpolate(value(text), ENVIRONMENT.get)) == result


def test_what_holds_no_variable_is_the_same_node() -> None:
    root, _ = _read("a: {b: [1, x, $(y)]}\nc: $SET")
    written = interpolate(root, ENVIRONMENT.get)
    assert written is not root
    assert at(written, "a") is at(root, "a")
    assert interpolate(at(root, "a"), ENVIRONMENT.get) is at(root, "a")


def test_positions_stay() -> None:
    root, _ = _read("a:\n  b: $SET\n  c: [$SET]")
    written = interpolate(root, ENVIRONMENT.get)
    assert at(written, "a", "b") == Scalar("value", Position("c.yaml", 2, 6), ("SET",))
    assert isinstance(written, Mapping)
    assert written.keys == {"a": Position("c.yaml", 1, 1)}
    assert at(written, "a", "c").position == Position("c.yaml", 3, 6)


def test_a_value_of_several_aliases_is_written_out_once() -> None:
    told: list[str] = []
    root, _ = _read("a: &x {b: $UNSET}\nc: *x\nd: [*x]")
    written = interpolate(root, ENVIRONMENT.get, on_unset=lambda name, _: told.append(name))
    assert at(written, "c") is at(written, "a")
    assert at(written, "d", 0) is at(written, "a")
    assert told == ["UNSET"]


FAULTY = """\
a: "${ONE:?}"
b: [ok, "x ${} y"]
c: |
  first $$ line ${SET}
  second ${TWO?} line ${3}
d: "it\\n ${FOUR?}"
e: folded
  text ${FIVE?}
f: &x ${SIX?}
g: *x
"""


def test_faults_are_told_all_at_once_where_they_stand() -> None:
    root, source = _read(FAULTY)
    with pytest.raises(InputErrors) as caught:
        interpolate(root, ENVIRONMENT.get, source=source)
    places = [str(error.position).removeprefix("c.yaml:") for error in caught.value.errors]
    assert places == ["1:5", "2:12", "5:10", "5:23", "6:10", "8:8", "9:7"]


def test_without_the_source_faults_are_told_where_texts_begin() -> None:
    root, _ = _read(FAULTY)
    with pytest.raises(InputErrors) as caught:
        interpolate(root, ENVIRONMENT.get)
    places = [str(error.position).removeprefix("c.yaml:") for error in caught.value.errors]
    assert places == ["1:4", "2:9", "3:4", "3:4", "6:4", "7:4", "9:4"]


def test_unset_variables_are_told_where_they_stand() -> None:
    told: list[str] = []
    root, source = _read("\ufeffa: é $UNSET\nb: |\n  $SET\n  ${ALSO}")
    interpolate(
        root, ENVIRONMENT.get, on_unset=lambda name, at: told.append(f"{name} {at}"), source=source
    )
    assert told == ["UNSET c.yaml:1:6", "ALSO c.yaml:4:3"]


def test_an_escaped_dollar_sign_is_told_where_the_text_begins() -> None:
    root, source = _read('a: "\\x24{}"\nb: c')
    with pytest.raises(InputErrors) as caught:
        interpolate(root, ENVIRONMENT.get, source=source)
    assert [str(error.position) for error in caught.value.errors] == ["c.yaml:1:4"]


def test_variables_cannot_grow_a_text_without_end() -> None:
    with pytest.raises(InputErrors, match="1,000,000 characters longer") as caught:
        substitute("$A" * 100, {"A": "x" * 100_000}.get)
    assert len(caught.value.errors) == 1


def test_variables_cannot_grow_a_document_without_end() -> None:
    root = Sequence(tuple(Scalar("$A") for _ in range(200)))
    with pytest.raises(InputErrors, match="100,000,000 characters long"):
        interpolate(root, {"A": "x" * 900_000}.get)


# Properties


@given(st.text())
def test_a_text_without_a_dollar_sign_stays(text: str) -> None:
    text = text.replace("$", "")
    assert substitute(text, ENVIRONMENT.get, on_unset=_unset) == text


@given(st.text(alphabet=st.sampled_from("$${}A_1:-+?é \n") | st.characters()))
def test_escaped_dollar_signs_come_back(text: str) -> None:
    assert substitute(text.replace("$", "$$"), ENVIRONMENT.get, on_unset=_unset) == text


@given(st.text(), st.text(alphabet=st.characters(blacklist_characters="\n${}")))
def test_a_value_or_its_default_is_the_text(held: str, default: str) -> None:
    assert substitute("${A-" + default + "}", {"A": held}.get) == held
    assert substitute("${A:-" + default + "}", {}.get) == default


@given(st.lists(st.sampled_from(["$", "{", "}", "A", "B", "1", ":-", "-", "?", "+", " ", "\n"])))
def test_any_text_is_written_out_or_refused(pieces: list[str]) -> None:
    text = "".join(pieces)
    with suppress(InputErrors):
        substitute(text, {"A": "a"}.get)
