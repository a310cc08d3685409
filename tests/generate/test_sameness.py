"""What is made once for several environments is what would be made for each alone."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from benchmarks import stacks
from tests.generate.support import DEV, application, container, task, workload

from mooring import pipeline
from mooring.app.application import Application
from mooring.app.configuration import Setting
from mooring.app.dependencies import Condition, Dependency
from mooring.app.endpoints import Endpoint
from mooring.app.exposure import Exposure
from mooring.app.process import Image
from mooring.compose.discovery import LoadRequest
from mooring.generate.configuration import Configuration
from mooring.generate.context import Context
from mooring.generate.objects import Generation, objects
from mooring.kube.objects.meta import KubeObject
from mooring.kube.objects.workloads import Deployment
from mooring.settings.environments import Environment, ImageSource, Tier

ROOT = Path(__file__).parents[2]
PRODUCTION = Environment(name="production", tier=Tier.PRODUCTION)
WAITS = Dependency(on="db", condition=Condition.HEALTHY)
DB = workload("db", container("db", endpoints=(Endpoint(port=5432),)))
WEB = workload("web", container("web", endpoints=(Endpoint(port=80),)), dependencies=(WAITS,))
MIGRATE = task("migrate")


def _with(part: str, made: Application, **fields: object) -> Application:
    """Return ``made`` with ``fields`` of one part."""
    parts = (
        msgspec.structs.replace(one, **fields) if one.name == part else one for one in made.parts
    )
    return msgspec.structs.replace(made, parts=tuple(parts))


def _deployment(made: Generation, environment: Environment) -> KubeObject | None:
    return made.objects(environment).named(Deployment, "web")


SHOP = application(DB, WEB, MIGRATE)


@pytest.mark.parametrize(
    ("other", "environment", "is_shared"),
    [
        pytest.param(SHOP, PRODUCTION, True, id="the-same-in-another-tier"),
        pytest.param(
            _with("web", SHOP, exposures=(Exposure(port=80, hosts=("shop.example",)),)),
            PRODUCTION,
            True,
            id="another-way-to-it",
        ),
        pytest.param(
            _with("db", SHOP, exposures=(Exposure(port=5432, hosts=("db.example",)),)),
            PRODUCTION,
            True,
            id="another-way-to-what-it-waits-for",
        ),
        pytest.param(
            application(DB, WEB), PRODUCTION, True, id="without-a-part-that-it-does-not-know"
        ),
        pytest.param(
            application(WEB, MIGRATE), PRODUCTION, False, id="without-the-part-that-it-waits-for"
        ),
        pytest.param(
            _with("db", SHOP, containers=(container("db", endpoints=(Endpoint(port=5433),)),)),
            PRODUCTION,
            False,
            id="what-it-waits-for-listens-elsewhere",
        ),
        pytest.param(_with("web", SHOP, replicas=3), PRODUCTION, False, id="more-of-it"),
        pytest.param(
            _with("web", SHOP, containers=(container("web", image=Image(reference="web:2")),)),
            PRODUCTION,
            False,
            id="another-image",
        ),
        pytest.param(
            _with(
                "migrate", SHOP, containers=(container("migrate", image=Image(reference="new:2")),)
            ),
            PRODUCTION,
            False,
            id="a-job-of-another-name",
        ),
        pytest.param(
            SHOP,
            Environment(
                name="production",
                tier=Tier.PRODUCTION,
                images=ImageSource(registry="registry.example.com"),
            ),
            False,
            id="images-from-elsewhere",
        ),
        pytest.param(
            _with(
                "db",
                SHOP,
                containers=(container("db", settings=(Setting(name="MODE", value="fast"),)),),
            ),
            PRODUCTION,
            False,
            id="other-settings-of-what-it-waits-for",
        ),
        pytest.param(
            msgspec.structs.replace(SHOP, folder="elsewhere"),
            PRODUCTION,
            False,
            id="files-shown-from-another-folder",
        ),
    ],
)
def test_what_is_shared(other: Application, environment: Environment, is_shared: bool) -> None:
    first = Generation(SHOP)
    in_development = _deployment(first, DEV)
    second = Generation(other, first)
    assert (_deployment(second, environment) is in_development) == is_shared
    assert second.objects(environment) == objects(other, environment)


DEVELOPED = """
services:
  mail: {image: mailhog/mailhog, environment: {MODE: loud}}
  web: {image: 'web:1', depends_on: [mail, db], ports: ['80:80', '9229:9229']}
  db: {image: 'postgres:17', privileged: true, environment: {MODE: loud}}
  host: {image: 'host:1', network_mode: host, volumes: ['/etc:/host'], environment: {MODE: loud}}
"""


def _example(_: Path) -> Path:
    return ROOT / "examples" / "coffee"


def _benchmark(folder: Path) -> Path:
    return stacks.write(24, folder).parent


def _developed(folder: Path) -> Path:
    (folder / "compose.yaml").write_text(DEVELOPED)
    return folder


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(_benchmark, id="the-stack-of-the-benchmark"),
        pytest.param(_example, id="the-example"),
        pytest.param(_developed, id="parts-and-rights-of-development"),
    ],
)
def test_each_environment_is_what_it_would_be_alone(
    stack: Callable[[Path], Path], tmp_path: Path
) -> None:
    request = pipeline.Request(load=LoadRequest(directory=str(stack(tmp_path))))
    for made in pipeline.stack(request).environments:
        alone = objects(made.translation.application, made.environment)
        assert all(item in list(made.objects) for item in alone)


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        pytest.param(
            Configuration,
            {
                *("secret_name", "setting_keys", "embedded_keys", "documents", "imported"),
                *("config_maps", "secrets"),  # only named by what is looked up
            },
            id="configuration",
        ),
        pytest.param(
            Context,
            {
                *("application", "images", "configuration", "job_names"),
                *("is_strict", "ingress_namespace", "metrics_namespace"),  # of policies alone
            },
            id="context",
        ),
    ],
)
def test_all_that_objects_are_made_from_is_looked_at(
    record: type[msgspec.Struct], fields: set[str]
) -> None:
    """A new field has to be compared in `sameness`, unless no object of a part follows from it."""
    assert set(record.__struct_fields__) == fields
