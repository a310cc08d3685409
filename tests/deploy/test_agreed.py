"""Whether a step is still the one that was agreed to."""

import pytest

from mooring.cli.deploying.deployment import differs
from mooring.deploy.plan import Action, Step
from mooring.refs import ObjectRef

HOME, OTHER = (ObjectRef("v1", "Namespace", name) for name in ("shop", "jobs"))
WEB = ObjectRef("apps/v1", "Deployment", "web", "shop")


def _step(ref: ObjectRef, action: Action, digest: str = "1") -> Step:
    return Step(ref=ref, action=action, digest=digest)


@pytest.mark.parametrize(
    ("before", "now", "is_exact", "is_other"),
    [
        pytest.param(
            _step(HOME, Action.CREATE), _step(HOME, Action.CHANGE), True, False,
            id="the home was made meanwhile, as it was said",
        ),
        pytest.param(
            _step(OTHER, Action.CREATE), _step(OTHER, Action.CHANGE), True, True,
            id="somebody made another namespace meanwhile",
        ),
        pytest.param(
            _step(HOME, Action.UNCHANGED), _step(HOME, Action.CHANGE), True, True,
            id="the home was to stay as it is",
        ),
        pytest.param(
            _step(WEB, Action.CREATE), _step(WEB, Action.CREATE, "2"), False, False,
            id="what takes nothing away may be another where no plan was saved",
        ),
        pytest.param(
            _step(WEB, Action.CREATE), _step(WEB, Action.CREATE, "2"), True, True,
            id="a saved plan is held to its content",
        ),
        pytest.param(
            _step(WEB, Action.CHANGE), _step(WEB, Action.RECREATE), False, True,
            id="a deletion was never agreed to",
        ),
        pytest.param(None, _step(WEB, Action.PRUNE), False, True, id="a new deletion"),
        pytest.param(
            _step(WEB, Action.CHANGE), _step(WEB, Action.UNCHANGED), True, False,
            id="there is nothing left to do",
        ),
    ],
)  # fmt: skip
def test_a_step_is_another(before: Step | None, now: Step, is_exact: bool, is_other: bool) -> None:
    assert differs(before, now, is_exact=is_exact, home="shop") is is_other
