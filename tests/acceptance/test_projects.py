"""
Stacks that are split into several Compose projects become one application (systems.md §6b.1, §2.2).

CPTM8 has a backend and a frontend in one folder, which meet on a network that one makes and the
other calls external.  Everything has projects in folders of their own, which meet on a network
that none of them makes.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.acceptance import systems
from tests.integration import stacks
from tests.integration.judging import Judges, judge
from tests.support.kubeapi import KubeApi
from tests.support.kubeconform import Nonconformity

from mooring import pipeline
from mooring.compose import loader
from mooring.compose.canonical_print import as_plain
from mooring.compose.discovery import LoadRequest
from mooring.report import explanation
from mooring.semantics.reachability import Network
from mooring.settings.environments import ProjectFiles

pytestmark = pytest.mark.corpus

CPTM8 = {
    "backend": ("cptm8/root__docker-compose-backend", "docker-compose-backend.yml"),
    "frontend": ("cptm8/root__docker-compose-frontend", "docker-compose-frontend.yml"),
}
EVERYTHING = ("observability", "pipelines", "workflows")


def _corpus() -> Path:
    if not stacks.CORPUS.is_dir():
        pytest.skip("the corpus of real stacks is not beside the clone")
    return stacks.CORPUS


@pytest.fixture(scope="session")
def cptm8(tmp_path_factory: pytest.TempPathFactory) -> pipeline.Request:
    """Both projects in one folder, as their repository has them."""
    folder = tmp_path_factory.mktemp("cptm8-compose-stack")
    for where, _ in CPTM8.values():
        shutil.copytree(_corpus() / where, folder, dirs_exist_ok=True)
    return pipeline.Request(
        load=LoadRequest(directory=str(folder)),
        projects=tuple(ProjectFiles(name=name, files=(file,)) for name, (_, file) in CPTM8.items()),
    )


@pytest.fixture(scope="session")
def everything() -> pipeline.Request:
    """Three projects, each in a folder of its own."""
    return pipeline.Request(
        load=LoadRequest(directory=str(_corpus() / "everything")),
        projects=tuple(ProjectFiles(name=name, directory=name) for name in EVERYTHING),
    )


@pytest.fixture(scope="session")
def cptm8_made(cptm8: pipeline.Request) -> dict[str, systems.Made]:
    """CPTM8 by environment."""
    return systems.made(cptm8)


@pytest.fixture(scope="session")
def everything_made(everything: pipeline.Request) -> dict[str, systems.Made]:
    """Everything by environment."""
    return systems.made(everything)


@pytest.fixture(scope="session")
def judges(
    kustomize: Path,
    kubeconform: Callable[[Sequence[Path]], list[Nonconformity]],
    kube_api: KubeApi,
) -> Judges:
    """All judges, started once."""
    return Judges(kustomize, kubeconform, kube_api)


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
def test_cptm8_every_service_of_both_files_runs(
    cptm8_made: dict[str, systems.Made], environment: str
) -> None:
    made = cptm8_made[environment]
    assert len(made.result.project.services) == 18
    assert made.unaccounted() == []
    running = {name for names in made.services().values() for name in names}
    spoken_of = {one.subject.removeprefix("services.") for one in made.decisions()}
    assert set(made.result.project.services) <= running | spoken_of
    assert made.application.name == "cptm8"
    assert made.result.namespace == f"cptm8-{environment}"


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
def test_cptm8_the_frontend_finds_the_backend_by_name(
    cptm8_made: dict[str, systems.Made], environment: str
) -> None:
    made = cptm8_made[environment]
    services = made.names("Service")
    assert {"rabbitmqm8", "postgresqlm8", "socketm8", "dashboardm8"} <= services
    frontend, backend = made.part("socketm8"), made.part("postgresqlm8")
    assert set(frontend.networks) & set(backend.networks)


@pytest.mark.parametrize("environment", systems.STRICT)
def test_cptm8_policies_let_the_frontend_reach_the_backend(
    cptm8_made: dict[str, systems.Made], environment: str
) -> None:
    made = cptm8_made[environment]
    network = Network(made.manifests)
    pods = {one.ref.name: one for one in network.endpoints}
    source = pods[made.part("socketm8").name]
    for service, port in (("postgresqlm8", 5432), ("rabbitmqm8", 15672)):
        verdict = network.verdict(source, pods[made.part(service).name], port, "TCP")
        assert verdict.allowed, service


def test_cptm8_secrets_of_one_file_are_one(cptm8_made: dict[str, systems.Made]) -> None:
    made = cptm8_made["production"]
    names = [one.name for one in made.application.documents]
    assert [name for name in names if "smtp" in name] == ["smtp-username", "smtp-password"]
    assert not any("build-database-urls" in name for name in names)


def test_cptm8_each_service_is_told_its_project(cptm8_made: dict[str, systems.Made]) -> None:
    result = cptm8_made["production"].result
    explained = explanation.explain(
        result.project,
        result.translation,
        result.objects,
        environment="production",
        namespace=result.namespace,
    )
    projects = {part.name: part.project for part in explained.services}
    assert projects["socketm8"] == projects["dashboardm8"] == "frontend"
    assert projects["rabbitmqm8"] == "backend"


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
def test_everything_its_projects_are_one_application(
    everything_made: dict[str, systems.Made], environment: str
) -> None:
    made = everything_made[environment]
    assert made.application.name == "everything"
    assert made.unaccounted() == []
    services = made.result.project.services
    assert {"otel-collector", "kafka", "temporal", "db"} <= set(services)
    assert len(services) == 12
    for service in services:
        made.part(service)
    meeting = [name for name in services if "everything-network" in made.part(name).networks]
    assert meeting == ["otel-collector", "kafka", "temporal"]


def test_everything_development_containers_are_deployed_in_development_alone(
    tmp_path: Path,
) -> None:
    for name in ("customer", "order", "server"):
        shutil.copytree(
            _corpus() / "everything" / f"{name}__.devcontainer", tmp_path, dirs_exist_ok=True
        )
    request = pipeline.Request(
        load=LoadRequest(directory=str(tmp_path)),
        projects=tuple(
            ProjectFiles(name=name, directory=f"{name}/.devcontainer")
            for name in ("customer", "order", "server")
        ),
    )
    for environment, made in systems.made(request).items():
        assert bool(made.names(*systems.CONTROLLERS)) is (environment == "dev")
        assert made.unaccounted() == []
        assert "developed-and-not-run" in made.rules()


@pytest.mark.parametrize(
    ("name", "where", "file"),
    [pytest.param(name, *where, id=name) for name, where in CPTM8.items()],
)
def test_joining_changes_no_project(
    cptm8: pipeline.Request, name: str, where: str, file: str
) -> None:
    alone = loader.load(LoadRequest(directory=cptm8.load.directory, files=(file,)))
    assert as_plain(pipeline.load_each(cptm8)[name].project) == as_plain(alone.project)


@pytest.mark.real
@pytest.mark.parametrize("system", ["cptm8", "everything"])
def test_a_real_cluster_accepts_what_is_joined(
    system: str, request: pytest.FixtureRequest, tmp_path: Path, judges: Judges
) -> None:
    judgement = judge({system: request.getfixturevalue(system)}, tmp_path, judges)
    assert not judgement.refusals, "\n".join(judgement.refusals)
    assert judgement.objects > 0
