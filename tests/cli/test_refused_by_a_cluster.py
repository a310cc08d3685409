"""What a cluster refuses is its word and no bug of ours, whatever was being done."""

import pytest

from mooring.cli.deploying import session
from mooring.deploy.writing import Refusal
from mooring.errors import ClusterError


async def _refused() -> None:
    raise Refusal("Held", "the namespace shop is not gone after 300 s")


def test_a_refusal_that_nobody_expected_is_an_error_of_the_cluster() -> None:
    with pytest.raises(ClusterError) as raised:
        session.run(_refused)
    assert raised.value.message == "the namespace shop is not gone after 300 s"
    assert raised.value.exit_status == 3
