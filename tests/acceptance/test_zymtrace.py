"""zymtrace in Kubernetes: statement A25, on its own Compose file."""

import pytest
from tests.acceptance import systems
from tests.acceptance.systems import converted

pytestmark = pytest.mark.corpus


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
def test_ten_services_are_five_deployments_three_stateful_sets_and_two_jobs(
    environment: str,
) -> None:
    made = converted("zymtrace")[environment]
    assert made.names("Deployment") == {"ingest", "identity", "web", "symdb", "ui"}
    assert made.names("StatefulSet") == {"clickhouse", "psql", "minio"}
    assert {made.controller(name)["kind"] for name in ("migrate", "createbuckets")} == {"Job"}
    assert len(made.names("Job")) == 2
    claims = [
        template
        for item in made.of("StatefulSet").values()
        for template in item["spec"].get("volumeClaimTemplates", ())
    ]
    assert len(claims) + len(made.names("PersistentVolumeClaim")) == 3


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
def test_what_was_published_on_the_machine_alone_stays_inside(environment: str) -> None:
    made = converted("zymtrace")[environment]
    assert made.names("Ingress", "HTTPRoute", "Gateway") == set()
    for name, item in made.of("Service").items():
        assert item["spec"].get("type", "ClusterIP") == "ClusterIP", name


@pytest.mark.parametrize("environment", systems.STRICT)
def test_databases_are_reached_by_those_that_are_given_their_address(environment: str) -> None:
    made = converted("zymtrace")[environment]
    assert made.names("NetworkPolicy")
