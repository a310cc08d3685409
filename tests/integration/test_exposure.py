"""How whole stacks are reached from outside, from their Compose files to their Ingresses."""

from pathlib import Path

import pytest
from tests.integration.stacks import CORPUS, EXAMPLES

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.kube.objects.network import Ingress, Service
from mooring.settings.choices import Choices, ExposureChoice, ServiceChoices
from mooring.settings.environments import Environment, Tier
from mooring.settings.settled import Settings

STAGE = CORPUS / "synmetrix" / "root__docker-compose.stage"


def _made(
    folder: Path, *files: str, choices: Choices | None = None, **settled: str
) -> pipeline.EnvironmentResult:
    environment = Environment(name="live", tier=Tier.PRODUCTION, files=files, **settled)
    load = LoadRequest(directory=str(folder), environment={"HOME": str(folder)})
    settings = Settings(environments=(environment,), choices=choices or Choices())
    (made,) = pipeline.stack(pipeline.Request(load=load, settings=settings)).environments
    return made


def _routes(made: pipeline.EnvironmentResult) -> dict[str, str]:
    """Return Service and port by host and path; each must be there."""
    ports = {
        (item.name, port.port)
        for item in made.objects
        if isinstance(item, Service)
        for port in item.spec.ports
    }
    found: dict[str, str] = {}
    for item in made.objects:
        for rule in item.spec.rules if isinstance(item, Ingress) else ():
            for path in rule.http.paths if rule.http is not None else ():
                backend = path.backend.service
                assert (backend.name, backend.port.number) in ports
                found[f"{rule.host}{path.path}"] = f"{backend.name}:{backend.port.number}"
    return found


def _asked(made: pipeline.EnvironmentResult) -> set[str]:
    return {one.subject for one in made.translation.questions if "environments." in one.subject}


def test_the_coffee_shop_shares_one_host() -> None:
    files = ("compose.yaml", "compose.production.yaml")
    made = _made(EXAMPLES / "coffee", *files, domain="example.com", issuer="le")
    assert _routes(made) == {
        "coffee.example.com/api": "api:8000",
        "coffee.example.com/": "web:8080",
    }
    assert _asked(made) == set()


corpus_only = pytest.mark.skipif(
    not STAGE.is_dir(), reason="the corpus of real stacks is not beside the clone"
)


@pytest.mark.corpus
@corpus_only
def test_the_hosts_of_synmetrix_lead_to_its_services() -> None:
    made = _made(
        STAGE,
        "docker-compose.stage.yml",
        domain="example.com",
        ingress_class="nginx",
        issuer="letsencrypt",
        choices=Choices(
            services={"cubejs": ServiceChoices(exposure=ExposureChoice(tcp=("15432",)))}
        ),
    )
    assert _routes(made) == {
        "app.example.com/": "client:8888",
        "cube.example.com/": "cubejs:4000",
        "api.example.com/": "hasura:8080",
        "s3.example.com/": "minio:9000",
    }
    assert _asked(made) == set()
    annotations = {
        item.name: item.metadata.annotations for item in made.objects if isinstance(item, Ingress)
    }
    for each in annotations.values():
        assert each["cert-manager.io/cluster-issuer"] == "letsencrypt"
        assert each["nginx.ingress.kubernetes.io/force-ssl-redirect"] == "true"
        assert not [name for name in each if name.endswith("-snippet")]
    assert annotations["hasura"]["nginx.ingress.kubernetes.io/proxy-read-timeout"] == "3600"
    assert "traefik" not in {item.name for item in made.objects}
    opened = [
        port.port
        for item in made.objects
        if isinstance(item, Service) and item.spec.type == "LoadBalancer"
        for port in item.spec.ports
    ]
    assert opened == [15432]
    (left,) = (one for one in made.translation.decisions if one.topic == "raw TCP")
    assert left.overrule == "services: {cubejs: {exposure: {tcp: [15432, 13306]}}}"


@pytest.mark.corpus
@corpus_only
def test_without_a_domain_synmetrix_is_asked_for_one() -> None:
    made = _made(STAGE, "docker-compose.stage.yml")
    assert set(_routes(made)) == {
        "app.domain.invalid/",
        "cube.domain.invalid/",
        "api.domain.invalid/",
        "s3.domain.invalid/",
    }
    assert _asked(made) == {"environments.live.domain", "environments.live.issuer"}
