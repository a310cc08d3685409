"""Whom networks keep apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.compose.nodes import Mapping, Scalar
from mooring.translate.separation import kept_apart


def services(memberships: dict[str, str]) -> dict[str, Mapping]:
    """Return services by name, each on the networks that the letters of its text name."""
    return {
        name: Mapping({"networks": Mapping({one: Scalar(None) for one in networks})})
        for name, networks in memberships.items()
    }


@pytest.mark.parametrize(
    ("memberships", "apart"),
    [
        pytest.param({}, {}, id="no-services"),
        pytest.param({"a": "d", "b": "d"}, {}, id="one-network"),
        pytest.param({"a": "fb", "b": "b", "c": "b"}, {}, id="one-that-all-share"),
        pytest.param({"a": "f", "b": "b"}, {"f": ("b",), "b": ("a",)}, id="two-for-themselves"),
        pytest.param(
            {"web": "f", "api": "fb", "db": "b"},
            {"f": ("db",), "b": ("web",)},
            id="the-one-in-the-middle-reaches-both",
        ),
        pytest.param({"a": "fb", "b": "bg", "c": "gf"}, {}, id="pairs-that-all-share-something"),
        pytest.param({"a": "", "b": "b"}, {}, id="who-stands-on-none-is-no-matter-of-networks"),
    ],
)
def test_kept_apart(memberships: dict[str, str], apart: dict[str, tuple[str, ...]]) -> None:
    assert kept_apart(services(memberships)) == apart


@given(st.dictionaries(st.sampled_from("pqrstuv"), st.sets(st.sampled_from("abcd"), min_size=1)))
def test_each_pair_that_shares_nothing_is_told_and_no_other(
    memberships: dict[str, set[str]],
) -> None:
    apart = kept_apart(services({name: "".join(on) for name, on in memberships.items()}))
    for network in "abcd":
        strangers = {
            other
            for name, networks in memberships.items()
            if network in networks
            for other, others in memberships.items()
            if networks.isdisjoint(others)
        }
        assert set(apart.get(network, ())) == strangers
