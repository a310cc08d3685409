"""How many replicas run."""

import pytest
from tests.translate.support import complaints, fates, service

from mooring.app.workloads import Scale
from mooring.compose.nodes import Plain
from mooring.translate.attributes import scaling
from mooring.translate.attributes.scaling import Scaling


@pytest.mark.parametrize(
    ("attributes", "expected", "told"),
    [
        pytest.param({}, Scaling(), {}, id="one-where-nothing-is-said"),
        pytest.param({"scale": 3}, Scaling(replicas=3), {"scale": "carried"}, id="scale"),
        pytest.param(
            {"scale": 2, "deploy": {"replicas": 2}},
            Scaling(replicas=2),
            {"deploy.replicas": "carried", "scale": "carried"},
            id="both-say-the-same",
        ),
        pytest.param(
            {"deploy": {"replicas": 0}},
            Scaling(replicas=0),
            {"deploy.replicas": "carried"},
            id="nought-stays-nought",
        ),
        pytest.param(
            {"deploy": {"mode": "replicated", "replicas": 2}},
            Scaling(replicas=2),
            {"deploy.mode": "carried", "deploy.replicas": "carried"},
            id="replicated",
        ),
        pytest.param(
            {"deploy": {"mode": "global"}},
            Scaling(scale=Scale.EVERY_MACHINE),
            {"deploy.mode": "carried"},
            id="one-on-every-machine",
        ),
        pytest.param(
            {"deploy": {"mode": "global", "replicas": 4}},
            Scaling(scale=Scale.EVERY_MACHINE),
            {"deploy.mode": "carried", "deploy.replicas": "dropped"},
            id="a-number-beside-every-machine",
        ),
        pytest.param(
            {"deploy": {"mode": "replicated-job", "replicas": 3}},
            Scaling(replicas=3),
            {"deploy.mode": "carried", "deploy.replicas": "carried"},
            id="completions-of-a-task",
        ),
        pytest.param(
            {"deploy": {"mode": "global-job"}},
            Scaling(scale=Scale.EVERY_MACHINE),
            {"deploy.mode": "approximated"},
            id="a-task-on-every-machine",
        ),
    ],
)
def test_replicas(attributes: dict[str, Plain], expected: Scaling, told: dict[str, str]) -> None:
    view = service(attributes)
    translated = scaling.translate(view)
    assert translated.value == expected
    assert fates(view, translated.notes) == told
    assert complaints(translated.notes) == []
