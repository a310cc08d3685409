"""What scalars mean: a table verified against go-yaml, which Docker Compose reads with."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.support.oracle import Answer, Request

from mooring.compose import scalar_text, scalars
from mooring.compose.nodes import Scalar, ScalarValue
from mooring.errors import InputError
from mooring.sources import Position

POSITION = Position("compose.yaml", 3, 7)
YAML = "tag:yaml.org,2002:"


def _typed(value: ScalarValue) -> tuple[type, str]:
    """``value`` with its type: 1, 1.0 and True are equal to Python, and -0.0 is 0.0."""
    return type(value), repr(value)


UNTAGGED = [
    # null
    pytest.param("", None, id="nothing-is-null"),
    pytest.param("~", None, id="a-tilde-is-null"),
    pytest.param("null", None, id="null-is-null"),
    pytest.param("Null", None, id="capitalised-null-is-null"),
    pytest.param("NULL", None, id="null-in-capitals-is-null"),
    pytest.param("nULL", "nULL", id="null-in-other-letters-is-a-text"),
    pytest.param("~x", "~x", id="a-tilde-with-more-is-a-text"),
    # boolean
    pytest.param("true", True, id="true-is-true"),
    pytest.param("True", True, id="capitalised-true-is-true"),
    pytest.param("FALSE", False, id="false-in-capitals-is-false"),
    pytest.param("tRUE", "tRUE", id="true-in-other-letters-is-a-text"),
    pytest.param("yes", "yes", id="yes-is-a-text"),
    pytest.param("no", "no", id="no-is-a-text"),
    pytest.param("on", "on", id="on-is-a-text"),
    pytest.param("off", "off", id="off-is-a-text"),
    pytest.param("y", "y", id="y-is-a-text"),
    pytest.param("N", "N", id="n-is-a-text"),
    # whole numbers
    pytest.param("0", 0, id="zero"),
    pytest.param("+0", 0, id="plus-zero-is-whole"),
    pytest.param("-0", -0.0, id="minus-zero-is-a-float"),
    pytest.param("8080", 8080, id="digits-are-a-whole-number"),
    pytest.param("+1", 1, id="a-plus-is-a-sign"),
    pytest.param("-12", -12, id="a-minus-is-a-sign"),
    pytest.param("0o440", 288, id="0o-is-octal"),
    pytest.param("0O17", 15, id="a-capital-0o-is-octal"),
    pytest.param("0777", 511, id="a-leading-zero-is-octal"),
    pytest.param("-0777", -511, id="a-leading-zero-is-octal-below-zero-too"),
    pytest.param("00", 0, id="two-zeros-are-octal"),
    pytest.param("08", 8.0, id="what-cannot-be-octal-is-a-float"),
    pytest.param("0o8", "0o8", id="0o-with-a-wrong-digit-is-a-text"),
    pytest.param("0x1F", 31, id="0x-is-hexadecimal"),
    pytest.param("-0xff", -255, id="0x-is-hexadecimal-below-zero-too"),
    pytest.param("0x", "0x", id="0x-alone-is-a-text"),
    pytest.param("0b101", 5, id="0b-is-binary"),
    pytest.param("0b12", "0b12", id="0b-with-a-wrong-digit-is-a-text"),
    pytest.param("1_000", 1000, id="underscores-part-digits"),
    pytest.param("1__0_", 10, id="underscores-stand-anywhere-after-a-digit"),
    pytest.param("0_x1F", 31, id="underscores-stand-in-a-prefix"),
    pytest.param("_1", "_1", id="an-underscore-first-makes-a-text"),
    pytest.param("9223372036854775807", 2**63 - 1, id="the-greatest-signed-number"),
    pytest.param("9223372036854775808", 2**63, id="beyond-it-unsigned-numbers-go-on"),
    pytest.param("18446744073709551615", 2**64 - 1, id="the-greatest-unsigned-number"),
    pytest.param("18446744073709551616", 2.0**64, id="greater-ones-are-floats"),
    pytest.param("+18446744073709551615", 2.0**64, id="a-sign-leaves-63-bits"),
    pytest.param("-9223372036854775808", -(2**63), id="the-smallest-number"),
    pytest.param("-9223372036854775809", -(2.0**63), id="smaller-ones-are-floats"),
    pytest.param("0xFFFFFFFFFFFFFFFF", 2**64 - 1, id="hexadecimal-has-64-bits"),
    pytest.param("0x10000000000000000", "0x10000000000000000", id="65-bits-are-a-text"),
    # numbers
    pytest.param("1.5", 1.5, id="a-fraction"),
    pytest.param("1.", 1.0, id="a-point-without-digits-after-it"),
    pytest.param(".5", 0.5, id="a-point-without-digits-before-it"),
    pytest.param("-.5", -0.5, id="a-sign-before-a-point"),
    pytest.param(".5_0", 0.5, id="underscores-part-digits-after-a-point"),
    pytest.param("._5", "._5", id="an-underscore-after-a-point-makes-a-text"),
    pytest.param("1._5", 1.5, id="not-so-with-digits-before-the-point"),
    pytest.param(".5e1_0", 0.5e10, id="underscores-part-digits-of-an-exponent"),
    pytest.param("1e3", 1000.0, id="an-exponent-makes-a-float"),
    pytest.param("1E+3", 1000.0, id="an-exponent-may-have-a-sign"),
    pytest.param("12e03", 12000.0, id="an-exponent-may-have-zeros"),
    pytest.param("1e", "1e", id="an-exponent-without-digits-is-a-text"),
    pytest.param("1e400", "1e400", id="a-number-out-of-range-is-a-text"),
    pytest.param("1e-400", 0.0, id="a-number-too-small-is-zero"),
    pytest.param("-0.0", -0.0, id="minus-zero-keeps-its-sign"),
    pytest.param(".", ".", id="a-point-is-a-text"),
    pytest.param(".e5", ".e5", id="an-exponent-after-a-point-is-a-text"),
    pytest.param("0x1p4", "0x1p4", id="hexadecimal-floats-are-texts"),
    pytest.param("inf", "inf", id="infinity-without-a-point-is-a-text"),
    pytest.param(".iNF", ".iNF", id="infinity-in-other-letters-is-a-text"),
    pytest.param("+.nan", "+.nan", id="nan-has-no-sign"),
    # texts that begin like numbers
    pytest.param("22:22", "22:22", id="ports-are-not-base-sixty"),
    pytest.param("1:30:00", "1:30:00", id="times-are-not-base-sixty"),
    pytest.param("0.0.0.0", "0.0.0.0", id="an-address-is-a-text"),
    pytest.param("1.2.3", "1.2.3", id="a-version-is-a-text"),
    pytest.param("30s", "30s", id="a-duration-is-a-text"),
    pytest.param("1,000", "1,000", id="a-comma-makes-a-text"),
    pytest.param("-", "-", id="a-minus-alone-is-a-text"),
    pytest.param("+-1", "+-1", id="two-signs-are-a-text"),
    pytest.param("１", "１", id="other-digits-are-a-text"),
    pytest.param("1²", "1²", id="a-raised-digit-makes-a-text"),
    pytest.param("9" * 5000, "9" * 5000, id="five-thousand-digits-are-a-text"),
    # texts that begin like dates
    pytest.param("2001-02-30", "2001-02-30", id="a-day-that-does-not-exist"),
    pytest.param("1900-2-29", "1900-2-29", id="a-leap-day-that-does-not-exist"),
    pytest.param("2001-13-01", "2001-13-01", id="a-month-that-does-not-exist"),
    pytest.param("2001-01-01T", "2001-01-01T", id="a-time-is-missing"),
    pytest.param("2001-01-01T10:00:00", "2001-01-01T10:00:00", id="a-zone-is-missing"),
    pytest.param("2001-01-01 10:00:00Z", "2001-01-01 10:00:00Z", id="a-zone-after-a-blank"),
    pytest.param("2001-01-01T24:00:00Z", "2001-01-01T24:00:00Z", id="an-hour-too-late"),
    pytest.param("2001-01-01T10:00:60Z", "2001-01-01T10:00:60Z", id="a-leap-second"),
    pytest.param("2001-01-01T1:2:3+1:00", "2001-01-01T1:2:3+1:00", id="a-zone-too-short"),
    pytest.param("2001-01-01T1:2:3+25:00", "2001-01-01T1:2:3+25:00", id="a-zone-too-far"),
    pytest.param("12001-01-01", "12001-01-01", id="a-year-too-long"),
]


@pytest.mark.parametrize(("text", "value"), UNTAGGED)
def test_an_untagged_scalar(text: str, value: ScalarValue) -> None:
    node = scalars.untagged(text, POSITION)
    assert _typed(node.value) == _typed(value)
    assert type(node) is Scalar
    assert node.position == POSITION


DATES = [
    pytest.param("2001-12-14", "2001-12-14 00:00:00 +0000 UTC", id="a-date"),
    pytest.param("2001-1-4", "2001-01-04 00:00:00 +0000 UTC", id="a-date-in-short"),
    pytest.param("2000-2-29", "2000-02-29 00:00:00 +0000 UTC", id="a-leap-day"),
    pytest.param("0000-01-01", "0000-01-01 00:00:00 +0000 UTC", id="the-year-zero"),
    pytest.param("2001-12-14T21:59:43Z", "2001-12-14 21:59:43 +0000 UTC", id="a-time-in-utc"),
    pytest.param("2001-12-14t1:2:3.10-05:00", "2001-12-14 01:02:03.1 -0500 -0500", id="a-zone"),
    pytest.param(
        "2001-12-14T21:59:43+00:00", "2001-12-14 21:59:43 +0000 UTC", id="a-zone-that-is-utc"
    ),
    pytest.param(
        "2001-12-14T21:59:43+00:60", "2001-12-14 21:59:43 +0100 +0100", id="sixty-minutes"
    ),
    pytest.param(
        "2001-12-14  21:59:43,5", "2001-12-14 21:59:43.5 +0000 UTC", id="blanks-and-a-comma"
    ),
    pytest.param(
        "2001-12-14 21:59:43.12345678987",
        "2001-12-14 21:59:43.123456789 +0000 UTC",
        id="nanoseconds-at-most",
    ),
]


@pytest.mark.parametrize(("text", "shown"), DATES)
def test_a_date_is_what_go_prints(text: str, shown: str) -> None:
    assert scalars.untagged(text, POSITION) == scalars.Timestamp(shown, POSITION)


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        pytest.param(YAML + "str", "1", "1", id="str-makes-a-number-a-text"),
        pytest.param(YAML + "str", "~", "~", id="str-makes-null-a-text"),
        pytest.param(YAML + "str", "2001-01-01", "2001-01-01", id="str-makes-a-date-a-text"),
        pytest.param(YAML + "int", "0x10", 16, id="int-in-any-base"),
        pytest.param(YAML + "int", "18446744073709551615", 2**64 - 1, id="int-of-64-bits"),
        pytest.param(YAML + "float", "1", 1.0, id="float-makes-a-whole-number-one"),
        pytest.param(YAML + "float", "1e3", 1000.0, id="float-of-a-float"),
        pytest.param(YAML + "bool", "true", True, id="bool-of-a-boolean"),
        pytest.param(YAML + "null", "", None, id="null-of-nothing"),
        pytest.param(YAML + "binary", "aGVs\nbG8=", "hello", id="binary-is-decoded"),
        pytest.param(YAML + "binary", "", "", id="binary-of-nothing"),
        pytest.param("!mine", "1", "1", id="an-unknown-tag-makes-a-text"),
        pytest.param("!binary", "aGVsbG8=", "aGVsbG8=", id="a-tag-of-ones-own-decodes-nothing"),
        pytest.param(YAML + "seq", "1", "1", id="a-tag-of-a-collection-makes-a-text"),
    ],
)
def test_a_tagged_scalar(tag: str, text: str, value: ScalarValue) -> None:
    node = scalars.tagged(tag, text, POSITION)
    assert _typed(node.value) == _typed(value)
    assert node.position == POSITION


def test_a_tagged_date() -> None:
    node = scalars.tagged(YAML + "timestamp", "2001-01-01", POSITION)
    assert node == scalars.Timestamp("2001-01-01 00:00:00 +0000 UTC", POSITION)


@pytest.mark.parametrize(
    ("tag", "text", "message"),
    [
        pytest.param(YAML + "int", "a", '"a" is not a whole number', id="int-of-a-text"),
        pytest.param(YAML + "int", "1.0", '"1.0" is not a whole number', id="int-of-a-float"),
        pytest.param(YAML + "int", "-0", '"-0" is not a whole number', id="int-of-minus-zero"),
        pytest.param(YAML + "float", "x", '"x" is not a number', id="float-of-a-text"),
        pytest.param(
            YAML + "float", "9223372036854775808", "is not a number", id="float-of-unsigned"
        ),
        pytest.param(YAML + "float", ".nan", "number without a value", id="float-of-nan"),
        pytest.param(YAML + "bool", "yes", '"yes" is not a boolean', id="bool-of-yes"),
        pytest.param(YAML + "null", "x", '"x" is not null', id="null-of-a-text"),
        pytest.param(YAML + "timestamp", "x", '"x" is not a date', id="timestamp-of-a-text"),
        pytest.param(YAML + "binary", "a b", "not valid base64", id="binary-of-a-text"),
        pytest.param(YAML + "binary", "aGVsbG8", "not valid base64", id="binary-without-padding"),
        pytest.param(YAML + "binary", "/w==", "bytes that are not text", id="binary-of-bytes"),
    ],
)
def test_a_tag_that_does_not_hold(tag: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        scalars.tagged(tag, text, POSITION)
    assert error.value.position == POSITION
    assert error.value.remedy


@pytest.mark.parametrize("text", [".inf", "-.INF", "+.Inf", ".nan", ".NaN"])
def test_no_compose_file_holds_infinity(text: str) -> None:
    with pytest.raises(InputError, match="number without a value") as error:
        scalars.untagged(text, POSITION)
    assert error.value.position == POSITION


@given(st.text(min_size=1))
def test_other_first_characters_begin_texts(text: str) -> None:
    assume(text[0] not in scalars.FIRST_CHARACTERS_OF_OTHER_TYPES)
    assert scalars.untagged(text, POSITION) == Scalar(text, POSITION)


@pytest.mark.real
def test_docker_compose_prints_the_same(
    tmp_path: Path, oracle: Callable[[Sequence[Request]], list[Answer]]
) -> None:
    cases = [case.values[0] for case in (*UNTAGGED, *DATES)]
    texts = [str(text) for text in cases if text not in ("", "-", "~")]
    labels = "".join(f"      l{number}: {text}\n" for number, text in enumerate(texts))
    model = f"services:\n  web:\n    image: x\n    labels:\n{labels}"
    (tmp_path / "compose.yaml").write_text(model, encoding="utf-8")
    (answer,) = oracle([Request(directory=str(tmp_path), name="scalars")])
    nodes = {f"l{n}": scalars.untagged(text, POSITION) for n, text in enumerate(texts)}
    assert answer.error == ""
    assert answer.project["services"]["web"]["labels"] == {
        name: "" if node.value is None else scalar_text.text(node) for name, node in nodes.items()
    }
