"""RuntimeClasses that are to be made."""

import pytest
from tests.generate.support import application, plain, workload

from mooring.app.placement import Placement
from mooring.generate.objects import objects
from mooring.kube.objects.runtime import RuntimeClass
from mooring.settings import clusters
from mooring.settings.environments import Environment, Tier

SANDBOXED = workload("api", placement=Placement(runtime="gvisor"))


@pytest.mark.parametrize(
    ("said", "handler"),
    [
        pytest.param(clusters.RuntimeClass(name="gvisor", handler="runsc"), "runsc", id="to-make"),
        pytest.param(clusters.RuntimeClass(name="gvisor"), None, id="the-cluster-has-it"),
        pytest.param(
            clusters.RuntimeClass(name="kata", handler="kata"), None, id="nobody-runs-by-it"
        ),
    ],
)
def test_a_class_is_made_where_it_has_a_handler_and_pods_name_it(
    said: clusters.RuntimeClass, handler: str | None
) -> None:
    environment = Environment(name="live", tier=Tier.PRODUCTION, runtimes={"runsc": said})
    shop = application(SANDBOXED, workload("web"))
    made = list(objects(shop, environment).of(RuntimeClass))
    assert [(one.metadata.namespace, plain(one)["handler"]) for one in made] == (
        [(None, handler)] if handler else []
    )
