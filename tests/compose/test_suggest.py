"""What a user may have meant."""

import pytest

from mooring.compose import suggest


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        pytest.param("prots", "ports", id="two-letters-changed"),
        pytest.param("Image", "image", id="a-capital-letter"),
        pytest.param("zzzzzz", None, id="like-nothing"),
    ],
)
def test_the_closest_name(name: str, meant: str | None) -> None:
    assert suggest.closest(name, ("ports", "image", "volumes")) == meant


def test_names_as_a_text() -> None:
    assert suggest.one_of(("a",)) == '"a"'
    assert suggest.one_of(("a", "b", "c")) == '"a", "b" or "c"'
    assert suggest.listed(("a", "b")) == '"a" and "b"'
