"""Texts that Kubernetes would expand reach the process as they were written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.generate.expansion import literal


def expanded_by_kubernetes(text: str) -> str:
    """What the kubelet makes of ``text`` when the variable X is "expanded" (expansion.Expand)."""
    return re.sub(
        r"\$(\$|\((\w*)\))",
        lambda found: "$" if found[1] == "$" else "expanded" if found[2] == "X" else found[0],
        text,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("echo $HOME", "echo $HOME", id="a-shell-variable-needs-nothing"),
        pytest.param("$(date)", "$$(date)", id="a-command-substitution-is-escaped"),
        pytest.param("kill $$", "kill $$$", id="a-process-id-is-escaped"),
        pytest.param("a$", "a$", id="a-dollar-at-the-end-stands-for-itself"),
        pytest.param("$$(X)", "$$$$(X)", id="an-escaped-form-is-text-too"),
    ],
)
def test_literal(text: str, expected: str) -> None:
    assert literal(text) == expected


@given(st.text(alphabet="$()Xa ", max_size=12))
def test_what_kubernetes_makes_of_it_is_the_text(text: str) -> None:
    assert expanded_by_kubernetes(literal(text)) == text
