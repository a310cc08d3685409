"""What is said of a container's capabilities is what it does with them."""

from datetime import date

import pytest

from mooring.check.bundle import Bundle
from mooring.check.rules import capabilities_kept
from mooring.manifests.entries import Entry


@pytest.mark.parametrize(
    ("capabilities", "told"),
    [
        pytest.param({}, "drops no capability", id="none-is-dropped"),
        pytest.param(
            {"drop": ["NET_RAW"]}, "drops no other capabilities than NET_RAW", id="some-are"
        ),
        pytest.param(
            {"drop": ["ALL"], "add": ["NET_ADMIN"]},
            "has the capability NET_ADMIN beside the usual ones",
            id="one-is-added",
        ),
    ],
)
def test_what_is_said(capabilities: dict[str, list[str]], told: str) -> None:
    container = {"name": "app", "image": "a:1", "securityContext": {"capabilities": capabilities}}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [container]},
    }
    bundle = Bundle([Entry(pod)], today=date(2026, 1, 1))
    assert [one.message for one in capabilities_kept.check(bundle)] == [f"the container app {told}"]
