"""Numbers as Go reads and prints them."""

import pytest

from mooring.compose import numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1_0", 10.0),
        ("0x1_0p0", 16.0),
        ("0x1p-2", 0.25),
        ("0X1P+2", 4.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+1.5", 1.5),
        ("1E3", 1000.0),
    ],
)
def test_a_decimal_is_read_as_go_reads_it(text: str, value: float) -> None:
    assert numbers.decimal(text) == value


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "1e", "1e400", "0x10", "0b1", "_1", "1__0", "inf", "nan", "\u0661"]
)
def test_no_decimal(text: str) -> None:
    with pytest.raises(numbers.NotANumber):
        numbers.decimal(text)


@pytest.mark.parametrize(
    ("text", "value"), [("007", 7), ("+5", 5), ("-5", -5), ("9223372036854775807", 2**63 - 1)]
)
def test_an_integer_is_read_as_go_reads_it(text: str, value: int) -> None:
    assert numbers.integer(text) == value


@pytest.mark.parametrize("text", ["", "1_0", " 1", "0x1", "1.0", "9223372036854775808", "\u0661"])
def test_no_integer(text: str) -> None:
    with pytest.raises(numbers.NotANumber):
        numbers.integer(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("077", 63), ("0o77", 63), ("77", 77), ("0x1f", 31), ("0b11", 3), ("0_7", 7), ("00", 0)],
)
def test_a_mask_is_read_as_go_reads_it(text: str, value: int) -> None:
    assert numbers.bit_mask(text) == value


@pytest.mark.parametrize("text", ["", "+1", "-1", "08", "4294967296", "x", "0x"])
def test_no_mask(text: str) -> None:
    with pytest.raises(numbers.NotANumber):
        numbers.bit_mask(text)


@pytest.mark.parametrize(
    ("value", "single"),
    [
        (0.1, 0.1),
        (0.5, 0.5),
        (2, 2),
        (2.0, 2),
        (1 / 3, 0.33333334),
        (1e-7, 1e-7),
        (123456789, 123456790),
        (16777217, 16777216),
    ],
)
def test_single_precision_is_printed_with_the_fewest_digits(value: float, single: float) -> None:
    found = numbers.single(value)
    assert found == single
    assert type(found) is type(single)
