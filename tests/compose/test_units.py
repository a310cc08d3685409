"""Sizes in binary units."""

import pytest

from mooring.compose import units


@pytest.mark.parametrize(
    ("text", "size"),
    [
        pytest.param("1k", 1024, id="k-is-binary"),
        pytest.param("1kB", 1024, id="so-is-kb"),
        pytest.param("1KiB", 1024, id="so-is-kib"),
        pytest.param("512m", 512 * 1024**2, id="m-is-mega-not-milli"),
        pytest.param("1.5G", 3 * 1024**3 // 2, id="a-fraction"),
        pytest.param("2 GB", 2 * 1024**3, id="one-space-before-the-unit"),
        pytest.param("100b", 100, id="bytes"),
        pytest.param("-1", -1, id="minus-one-means-no-limit"),
        pytest.param("1e3", 1000, id="an-exponent"),
        pytest.param("0.1k", 102, id="a-fraction-of-a-byte-is-dropped"),
    ],
)
def test_a_size_in_bytes(text: str, size: int) -> None:
    assert units.parse_bytes(text) == size


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("", "has no number", id="empty"),
        pytest.param("m", "has no number", id="a-unit-alone"),
        pytest.param("1x", 'has the unknown unit "x"', id="an-unknown-unit"),
        pytest.param("1bb", 'has the unknown unit "bb"', id="bytes-of-bytes"),
        pytest.param("1mib5", "has no number that can be read", id="letters-within-the-number"),
        pytest.param("-1m", "is negative", id="negative-with-a-unit"),
    ],
)
def test_what_is_no_size(text: str, fault: str) -> None:
    with pytest.raises(units.InvalidSize, match=fault):
        units.parse_bytes(text)
