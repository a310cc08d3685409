"""A pattern that is compiled late matches as one that is compiled at once."""

import re

import pytest

from mooring.patterns import LazyPattern


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        pytest.param("findall", ("a1 B2",), id="findall"),
        pytest.param("fullmatch", ("b2",), id="fullmatch"),
        pytest.param("match", ("b2 x",), id="match"),
        pytest.param("search", ("- b2", 1), id="search-with-a-start"),
        pytest.param("sub", (r"<\1>", "a1 B2"), id="sub"),
    ],
)
def test_methods_are_those_of_the_compiled_pattern(
    method: str, arguments: tuple[object, ...]
) -> None:
    text, flags = r"([a-z])\d", re.IGNORECASE
    lazy, compiled = LazyPattern(text, flags), re.compile(text, flags)
    for _ in range(2):
        found, expected = getattr(lazy, method)(*arguments), getattr(compiled, method)(*arguments)
        assert getattr(found, "regs", found) == getattr(expected, "regs", expected)


def test_nothing_is_compiled_before_its_use() -> None:
    broken = LazyPattern("(")
    with pytest.raises(re.error):
        broken.search("")
