"""What to do next, by what is wrong."""

import pytest

from mooring.deploy.evidence import remedy
from mooring.refs import ObjectRef
from mooring.semantics.failing import Trouble, Urgency

API = ObjectRef("apps/v1", "Deployment", "api", "shop")


def _trouble(reason: str, *, runs: bool = False, container: str = "app") -> Trouble:
    return Trouble(
        reason=reason, urgency=Urgency.PATIENT, message="", pod="api-1", container=container,
        runs=runs,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "trouble", "said"),
    [
        pytest.param("ImageNotFound", None, "build and push the image", id="of-the-failure"),
        pytest.param(
            "Quiet", _trouble("VolumeNotMade", container=""), "see whether what makes the volumes",
            id="of-the-trouble-where-only-time-ran-out",
        ),
        pytest.param(
            "Quiet", _trouble("NotReady", runs=True), "kubectl logs -n shop api-1 -c app",
            id="the-log-of-what-runs-and-is-not-ready",
        ),
        pytest.param(
            "Quiet", _trouble("Unschedulable", container=""), "kubectl describe pod -n shop api-1",
            id="a-look-at-the-pod",
        ),
        pytest.param("Invalid", None, "correct in the manifest", id="of-what-was-never-made"),
        pytest.param("Quiet", None, "kubectl describe deployment -n shop api", id="or-at-it"),
    ],
)  # fmt: skip
def test_the_next_step(reason: str, trouble: Trouble | None, said: str) -> None:
    assert remedy(API, reason, trouble).startswith(said)
