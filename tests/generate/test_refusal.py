"""What goes without a right over the machine, and what it has in its place."""

import pytest
from tests.generate.support import application, container, workload

from mooring.app.resources import Resources
from mooring.app.rights import Right
from mooring.app.security import WorkloadSecurity
from mooring.generate.refusal import without_refused

MI = 1024**2


@pytest.mark.parametrize(
    ("limit", "own", "allowed", "expected"),
    [
        pytest.param(20480 * MI, None, frozenset(), 1024 * MI, id="a-gibibyte-of-its-own"),
        pytest.param(512 * MI, None, frozenset(), 256 * MI, id="half-of-what-it-may-take-at-most"),
        pytest.param(None, None, frozenset(), 1024 * MI, id="without-a-limit"),
        pytest.param(20480 * MI, 64 * MI, frozenset(), 64 * MI, id="what-was-asked-for-stays"),
        pytest.param(
            20480 * MI, None, frozenset({Right.HOST_IPC}), None, id="who-may-share-that-of-its-node"
        ),
    ],
)
def test_shared_memory_in_place_of_that_of_the_node(
    limit: int | None, own: int | None, allowed: frozenset[Right], expected: int | None
) -> None:
    part = workload(
        "web",
        container(resources=Resources(memory_limit=limit), shared_memory=own),
        security=WorkloadSecurity(shares_machine_ipc=True),
        allowed_rights=allowed,
    )
    (made,) = without_refused(application(part)).parts
    assert made.security.shares_machine_ipc is bool(allowed)
    assert made.containers[0].shared_memory == expected
