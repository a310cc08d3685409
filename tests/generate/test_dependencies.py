"""The annotation that tells whoever applies the objects what a workload waits for."""

import pytest
from tests.generate.support import around, container, task, workload

from mooring.app.dependencies import Condition, Dependency
from mooring.generate.dependencies import depends_on


@pytest.mark.parametrize(
    ("dependencies", "said"),
    [
        pytest.param((), {}, id="nothing-is-said-of-none"),
        pytest.param(
            (
                Dependency(on="seed", condition=Condition.COMPLETED),
                Dependency(on="db", condition=Condition.HEALTHY),
            ),
            {"mooring.dev/depends-on": "seed=completed,db=healthy"},
            id="in-their-order",
        ),
        pytest.param(
            (Dependency(on="mail", condition=Condition.STARTED, required=False),),
            {},
            id="what-is-not-in-this-environment-is-left-out",
        ),
        pytest.param(
            (Dependency(on="api", condition=Condition.STARTED),), {}, id="nobody-waits-for-itself"
        ),
    ],
)
def test_depends_on(dependencies: tuple[Dependency, ...], said: dict[str, str]) -> None:
    api = workload("api", container("api"), dependencies=dependencies)
    db, seed = workload("db", container("db")), task("seed", container("seed"))
    assert depends_on(api, around(api, db, seed)) == said
