"""Keys of tokens that are too short for the algorithm that they name."""

import json

import pytest

from mooring.translate.token_keys import fault


@pytest.mark.parametrize(
    ("algorithm", "length", "found"),
    [
        pytest.param("HS256", 31, "its key has 31 bytes, and HS256 needs 32", id="one-too-few"),
        pytest.param("HS256", 32, None, id="just-enough"),
        pytest.param("HS384", 47, "its key has 47 bytes, and HS384 needs 48", id="a-longer-hash"),
        pytest.param("HS512", 63, "its key has 63 bytes, and HS512 needs 64", id="the-longest"),
        pytest.param("RS256", 10, None, id="no-shared-key"),
        pytest.param("HS256", 0, None, id="an-empty-key-is-asked-for-as-such"),
    ],
)
def test_the_length_of_a_key(algorithm: str, length: int, found: str | None) -> None:
    assert fault(json.dumps({"type": algorithm, "key": "k" * length})) == found


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("HS256", id="no-mapping"),
        pytest.param('{"type": "HS256", "key": ', id="broken-json"),
        pytest.param('{"type": ["HS256"], "key": "k"}', id="no-algorithm"),
        pytest.param('{"type": "HS256", "key": {"n": 1}}', id="no-text"),
    ],
)
def test_what_is_no_key_has_no_fault(value: str) -> None:
    assert fault(value) is None
