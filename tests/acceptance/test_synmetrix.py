"""
Synmetrix in Kubernetes: the statements 1-17 of its acceptance list, on its own Compose files.

`statements` says which of these tests, and of those beside, stands for which statement.
"""

import json
import re
import textwrap
from pathlib import Path

import pytest
from tests.acceptance import systems
from tests.acceptance.systems import Made, converted, pod_spec

from mooring.compose.discovery import LoadRequest
from mooring.pipeline import Request
from mooring.report import explanation

pytestmark = pytest.mark.corpus

SERVICES = {
    "synmetrix-dev": 12,
    "synmetrix-stage": 10,
    "synmetrix-test": 11,
    "synmetrix-stack": 4,
}
EVERYWHERE = [(name, environment) for name in SERVICES for environment in systems.ENVIRONMENTS]
EVERY_SPLIT = [one for one in EVERYWHERE if one[0] != "synmetrix-stack"]
"""The split form; the stack is one container with all programs."""

DOMAIN = {"DOMAIN": "example.com", "REGISTRY_HOST": "registry.example.com"}

everywhere = pytest.mark.parametrize(("name", "environment"), EVERYWHERE)
every_split = pytest.mark.parametrize(("name", "environment"), EVERY_SPLIT)


def explained(made: Made) -> explanation.Explanation:
    result = made.result
    return explanation.explain(
        result.project,
        result.translation,
        result.objects,
        environment=result.environment.name,
        namespace=result.namespace,
        findings=result.findings,
    )


# 1. Every service is converted, merged or dropped with a reason.


@everywhere
def test_every_service_is_accounted_for(name: str, environment: str) -> None:
    made = converted(name)[environment]
    assert made.unaccounted() == []
    parts = explained(made).services
    assert len(parts) == SERVICES[name]
    for part in parts:
        if not part.becomes:
            assert part.decisions, f"{part.name} is gone without a word"
            dropped = [fate for fate in part.fates if fate.outcome != "carried"]
            assert all(fate.reason for fate in dropped), part.name


def test_the_proxy_whose_work_the_cluster_does_is_dropped_with_a_reason() -> None:
    made = converted("synmetrix-stage")["production"]
    assert not any("traefik" in one.name for one in made.result.objects.refs)
    (decision,) = made.decisions("kind", "services.traefik")
    assert "left out" in decision.choice
    assert len(decision.evidence) > 1


@pytest.mark.parametrize("environment", systems.STRICT)
def test_the_mail_catcher_is_in_development_only(environment: str) -> None:
    made = converted("synmetrix-dev")
    assert "mailhog" in made["dev"].names("Deployment", "StatefulSet")
    assert not made[environment].names("Deployment", "StatefulSet", "Service") & {"mailhog"}
    assert any("mailhog" in one.subject for one in made[environment].decisions())


# 2. Names.


@everywhere
def test_no_name_has_an_underscore(name: str, environment: str) -> None:
    for item in converted(name)[environment].objects:
        metadata = item["metadata"]
        assert "_" not in metadata["name"]
        assert "_" not in metadata.get("namespace", "")


def test_services_with_underscores_have_their_own_names_with_hyphens() -> None:
    made = converted("synmetrix-dev")["production"]
    assert {"hasura-plus", "cubejs-refresh-worker"} <= made.names("Deployment")
    assert "hasura-plus" in made.names("Service")


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
def test_the_console_of_hasura_becomes_a_job(environment: str) -> None:
    made = converted("synmetrix-dev")[environment]
    assert any(name.startswith("hasura-migrate-") for name in made.names("Job"))
    is_dev = environment == "dev"
    assert ("hasura-cli" in made.names("Deployment")) is is_dev
    if not is_dev:
        assert made.decisions("environments", "services.hasura_cli")


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
def test_the_database_of_tests_stays_in_tests(environment: str) -> None:
    made = converted("synmetrix-test")[environment]
    names = made.names("StatefulSet", "Deployment", "Service")
    assert ("postgres-test" in names) is (environment == "dev")
    assert "postgres" in names
    assert made.decisions("environments", "services.postgres_test")


# 3. References to renamed services.


@every_split
def test_nothing_dials_the_old_name(name: str, environment: str) -> None:
    made = converted(name)[environment]
    for item in made.objects:
        said = [
            text
            for key, value in item.items()
            if key != "metadata"
            for text in systems.texts(value)
            if "hasura_plus" in text and not text.endswith("-hasura_plus")  # an image
        ]
        assert said == [], item["metadata"]["name"]
    dialling = {
        service
        for services in made.services().values()
        for service in services
        if "HASURA_PLUS_ENDPOINT" in made.environment(service)
    }
    assert dialling
    for service in dialling:
        assert made.environment(service)["HASURA_PLUS_ENDPOINT"] == "http://hasura-plus:3000"


# 4. Ports.

PORTS = {
    "hasura": {8080},
    "hasura-plus": {3000},
    "actions": {3000},
    "cubejs": {4000, 13306, 15432},
    "cubestore": {3030},
    "client": {8888},
    "redis": {6379},
    "postgres": {5432},
    "minio": {9000, 9001},
}


@every_split
def test_services_have_the_ports_that_are_dialled(name: str, environment: str) -> None:
    made = converted(name)[environment]
    for service, ports in PORTS.items():
        if service in made.names("Service") or service != "client":
            assert ports <= set(made.ports(service)), service


@pytest.mark.parametrize("environment", systems.STRICT)
@pytest.mark.parametrize("name", SERVICES)
def test_the_debugger_is_no_port_outside_development(name: str, environment: str) -> None:
    made = converted(name)[environment]
    assert not any(9229 in made.ports(service) for service in made.names("Service"))
    assert not any(
        port["containerPort"] == 9229
        for _, pod in made.pods()
        for container in systems.containers(pod)
        for port in container.get("ports", ())
    )


# 5. The environment of each container is that of Compose, name by name.


@everywhere
def test_every_container_has_the_environment_that_compose_gives_it(
    name: str, environment: str
) -> None:
    made = converted(name)[environment]
    model = json.loads((systems.SYSTEMS[name].path / "ORACLE.json").read_text())
    resolved = model["x-resolved-environment"]
    checked = 0
    for services in made.services().values():
        for service in services:
            ours = made.environment(service)
            theirs = {
                key: "" if value is None else str(value)
                for key, value in resolved.get(service, {}).items()
            }
            assert {key: _renamed(ours[key]) for key in theirs} == {
                key: _renamed(value) for key, value in theirs.items()
            }, service
            checked += len(theirs)
    assert checked > 0


def _renamed(value: str) -> str:
    return value.replace("hasura_plus", "hasura-plus").replace("hasura_cli", "hasura-cli")


@every_split
def test_the_address_of_redis_is_not_lost(name: str, environment: str) -> None:
    made = converted(name)[environment]
    for service in ("cubejs", "actions"):
        assert made.environment(service)["REDIS_ADDR"] == "redis://redis:6379"


# 6. No secret in clear.

SECRETS = {
    "HASURA_GRAPHQL_ADMIN_SECRET",
    "HASURA_GRAPHQL_JWT_SECRET",
    "JWT_KEY",
    "CUBEJS_SECRET",
    "DATABASE_URL",
    "HASURA_GRAPHQL_DATABASE_URL",
    "POSTGRES_PASSWORD",
    "MINIO_ROOT_PASSWORD",
    "AWS_S3_ACCESS_KEY_ID",
    "AWS_S3_SECRET_ACCESS_KEY",
    "SMTP_PASS",
}
PLAIN = {"LETSENCRYPT_EMAIL"}


@everywhere
def test_secrets_stand_in_secrets_alone(name: str, environment: str) -> None:
    variables = dict.fromkeys(
        (
            "SECRETS_HASURA_GRAPHQL_ADMIN_SECRET",
            "SECRETS_PG_PASS",
            "SECRETS_PG_USER",
            "SECRETS_PG_HOST",
            "SECRETS_AWS_S3_ACCESS_KEY_ID",
            "SECRETS_AWS_S3_SECRET_ACCESS_KEY",
            "SECRETS_SMTP_PASS",
        ),
        "Kept-out-of-sight-1",
    )
    made = converted(name, variables=variables)[environment]
    for services in made.services().values():
        for service in services:
            hidden = made.secret_variables(service)
            for variable, value in made.environment(service).items():
                if variable in SECRETS and value:
                    assert variable in hidden, (service, variable)
                assert variable not in PLAIN or variable not in hidden
    secrets = {
        value
        for secret in made.of("Secret").values()
        for value in systems._data(secret).values()
        if len(value) > 12
    }
    clear = "\n".join(made.plain_texts())
    assert [value for value in secrets if value in clear] == []


# 7. One source of the admin secret.


@everywhere
def test_the_admin_secret_has_one_source(name: str, environment: str) -> None:
    variables = {"SECRETS_HASURA_GRAPHQL_ADMIN_SECRET": "one-secret-for-all-of-them"}
    made = converted(name, variables=variables)[environment]
    sources = {
        source
        for services in made.services().values()
        for service in services
        for variable, source in made.secret_variables(service).items()
        if variable == "HASURA_GRAPHQL_ADMIN_SECRET"
    }
    assert len(sources) == 1


# 8. The key of tokens.


@every_split
def test_a_key_too_short_for_its_algorithm_stops_production(name: str, environment: str) -> None:
    made = converted(name, variables={"JWT_KEY": "only-twenty-six-characters"})[environment]
    asked = [one for one in made.questions() if "JWT" in one.subject and "32" in one.question]
    assert asked


@every_split
def test_the_key_that_stands_in_the_repository_is_spoken_of(name: str, environment: str) -> None:
    made = converted(name)[environment]
    assert "JWT_KEY" in made.said()


# 9. What is unset is named.


def test_every_variable_without_a_value_is_named() -> None:
    made = converted("synmetrix-stage")["production"]
    asked = {one.subject.partition(".")[2] for one in made.questions("variables.")}
    assert {"DOMAIN", "REGISTRY_HOST", "SECRETS_PG_PASS", "SECRETS_PG_USER"} <= asked
    assert len({name for name in asked if name.startswith("SECRETS_")}) >= 15


# 10. The migration Job.


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
@pytest.mark.parametrize("name", ["synmetrix-dev", "synmetrix-fork-dev"])
def test_a_job_migrates_before_those_who_ask(name: str, environment: str) -> None:
    made = converted(name)[environment]
    jobs = {job.rpartition("-")[0]: item for job, item in made.of("Job").items()}
    assert ("hasura-seed" in jobs) is (environment == "dev")
    migrate = jobs["hasura-migrate"]
    assert migrate["spec"]["activeDeadlineSeconds"] > 0
    assert migrate["metadata"]["name"] != "hasura-migrate"  # A name of its own for each release.
    (container,) = pod_spec(migrate)["containers"]
    script = container["args"][-1]
    assert script.index("migrate apply") < script.index("metadata apply")
    assert "cli-migrations" in container["image"]
    for service in ("cubejs", "actions", "cubejs_refresh_worker"):
        steps = [one["name"] for one in made.pod(service).get("initContainers", ())]
        assert "wait-for-hasura-migrate" in steps, service


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
@pytest.mark.parametrize("name", ["synmetrix-stage", "synmetrix-test"])
def test_a_hasura_that_nothing_migrates_is_told_of(name: str, environment: str) -> None:
    assert "hasura-without-migrations" in converted(name)[environment].rules()


# 11. Ways in.

CLIENT = {
    "Dockerfile": (
        "FROM nginx:1.25.3\n"
        "COPY nginx/default.conf.template /etc/nginx/templates/default.conf.template\n"
    ),
    "nginx/default.conf.template": """
        server {
          listen 8888;
          resolver 127.0.0.11 valid=10s;
          location / { root /usr/share/nginx/html; try_files $uri /index.html; }
          location /v1 {
            set $engine http://hasura:8080;
            proxy_pass $engine;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
          }
          location /v2 { proxy_pass http://hasura:8080; }
          location /api/v1 { proxy_pass http://cubejs:4000; }
          location /auth { proxy_pass http://hasura_plus:3000; }
        }
    """,
    "compose.yaml": """
        name: synmetrix
        services:
          client:
            build: .
            labels:
              traefik.enable: "true"
              traefik.http.routers.client.rule: Host(`app.shop.mooring.dev`)
              traefik.http.routers.client.tls: "true"
              traefik.http.services.client.loadbalancer.server.port: "8888"
          hasura: {image: "hasura/graphql-engine:v2.40.2"}
          cubejs: {image: "cubejs/cube:v1.2.3"}
          hasura_plus: {image: "nhost/hasura-backend-plus:v2.7.1"}
    """,
}
"""The client with a template as its image has it, which the corpus holds no copy of."""


@pytest.fixture
def client(tmp_path: Path) -> Made:
    for name, content in CLIENT.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(content))
    (tmp_path / "mooring.yaml").write_text(
        "environments: {production: {ingress_class: nginx, issuer: letsencrypt}}\n"
    )
    return systems.made(Request(load=LoadRequest(directory=str(tmp_path))))["production"]


@pytest.mark.parametrize("environment", systems.STRICT)
def test_routers_become_routes_with_certificates(environment: str) -> None:
    settings = f"environments: {{{environment}: {{issuer: letsencrypt, ingress_class: nginx}}}}"
    made = converted("synmetrix-stage", settings=settings, variables=DOMAIN)[environment]
    routes = made.routes()
    services = {"app": "client", "cube": "cubejs", "api": "hasura", "s3": "minio"}
    for host, service in services.items():
        name, port = routes[f"{host}.example.com", "/"]
        assert name == service
        assert port in made.ports(service)
    for item in made.of("Ingress").values():
        annotations = item["metadata"]["annotations"]
        assert item["spec"]["tls"]
        assert annotations["nginx.ingress.kubernetes.io/force-ssl-redirect"] == "true"
        assert not any("snippet" in key for key in annotations)


def test_what_the_client_passes_on_goes_there_directly(client: Made) -> None:
    found = {path: where for (_, path), where in client.routes().items()}
    assert found == {
        "/": ("client", 8888),
        "/v1": ("hasura", 8080),
        "/v2": ("hasura", 8080),
        "/api/v1": ("cubejs", 4000),
        "/auth": ("hasura-plus", 3000),
    }
    for service, port in found.values():
        assert port in client.ports(service)


def test_websockets_have_time(client: Made) -> None:
    timeouts = {
        item["metadata"]["annotations"].get("nginx.ingress.kubernetes.io/proxy-read-timeout")
        for item in client.of("Ingress").values()
        if any(
            path["path"] == "/v1"
            for rule in item["spec"]["rules"]
            for path in rule["http"]["paths"]
        )
    }
    assert timeouts == {"3600"}


def test_the_template_in_the_image_of_the_client_is_found_and_overridden(client: Made) -> None:
    said = client.said()
    assert "default.conf.template" in said
    (text,) = [
        text
        for item in client.of("ConfigMap").values()
        for text in item.get("data", {}).values()
        if "listen 8888" in text
    ]
    assert "127.0.0.11" not in text
    assert "hasura_plus" not in text
    assert "hasura-plus" in text
    assert any(
        mount["mountPath"].startswith("/etc/nginx/templates")
        for mount in client.container("client").get("volumeMounts", ())
    )


# 12. Raw TCP.


def test_ports_that_are_no_http_are_a_decision() -> None:
    made = converted("synmetrix-stage")["production"]
    (decision,) = made.decisions("raw TCP", "services.cubejs")
    assert {"15432", "13306"} <= set(re.findall("[0-9]+", decision.choice))
    opened = converted("synmetrix-stage", settings=decision.overrule)["production"]
    balancers = [
        {port["port"] for port in item["spec"]["ports"]}
        for item in opened.of("Service").values()
        if item["spec"].get("type") == "LoadBalancer"
    ]
    assert balancers == [{15432, 13306}]


# 13. State.


@every_split
def test_data_stores_are_stateful_sets_with_claims(name: str, environment: str) -> None:
    made = converted(name)[environment]
    for service in ("postgres", "redis", "minio", "cubestore"):
        found = made.controller(service)
        assert found["kind"] == "StatefulSet", service
        assert found["spec"].get("volumeClaimTemplates"), service


@everywhere
def test_no_deployment_surges_over_a_volume_of_one_node(name: str, environment: str) -> None:
    made = converted(name)[environment]
    claims = made.of("PersistentVolumeClaim")
    for item in made.of("Deployment").values():
        owned = [
            claims[volume["persistentVolumeClaim"]["claimName"]]
            for volume in pod_spec(item).get("volumes", ())
            if "persistentVolumeClaim" in volume
        ]
        if any("ReadWriteOnce" in claim["spec"]["accessModes"] for claim in owned):
            assert item["spec"]["strategy"]["type"] == "Recreate", item["metadata"]["name"]


# 14. Nothing of the author's machine.


@everywhere
def test_no_path_of_a_node_is_mounted(name: str, environment: str) -> None:
    for item, pod in converted(name)[environment].pods():
        for volume in pod.get("volumes", ()):
            assert "hostPath" not in volume, item["metadata"]["name"]


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
def test_sources_are_not_mounted_over_the_image(environment: str) -> None:
    made = converted("synmetrix-dev")[environment]
    for service in ("actions", "cubejs", "cubejs_refresh_worker"):
        paths = {one["mountPath"] for one in made.container(service).get("volumeMounts", ())}
        assert not paths & {"/app/src", "/app/index.js"}, service


@pytest.mark.parametrize("environment", systems.STRICT)
def test_the_command_of_development_is_asked_about_outside_it(environment: str) -> None:
    """The dev file has no other: carried, and asked about; the stage file has production's."""
    asked = {one.subject for one in converted("synmetrix-dev")[environment].questions()}
    for service in ("actions", "cubejs", "cubejs_refresh_worker"):
        assert f"services.{service}.command" in asked
    staged = converted("synmetrix-stage")[environment]
    assert not [one for one in staged.questions() if one.subject.endswith(".command")]
    assert staged.container("cubejs")["args"] == ["yarn", "start"]


# 15. A file that nothing reads.


@every_split
def test_a_configuration_file_beside_the_data_is_reported(name: str, environment: str) -> None:
    made = converted(name)[environment]
    if "postgres.conf" in str(made.result.project.root):
        assert any(
            "PGDATA" in line and "postgresql.conf" in line for line in made.said().split("\n")
        )


# 16. Architectures.


@pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
def test_an_image_for_amd64_alone_runs_there(environment: str) -> None:
    made = converted("synmetrix-stack")[environment]
    assert made.pod("stack")["nodeSelector"]["kubernetes.io/arch"] == "amd64"
    assert made.decisions("architecture", "services.stack")


# 17. What every Deployment has.


@everywhere
def test_every_deployment_says_what_it_needs_and_who_it_is(name: str, environment: str) -> None:
    made = converted(name)[environment]
    for item in made.of("Deployment").values():
        pod = pod_spec(item)
        for container in systems.containers(pod):
            asked = container.get("resources", {}).get("requests", {})
            assert {"cpu", "memory"} <= set(asked), (item["metadata"]["name"], container["name"])
        for container in pod["containers"]:
            if container.get("ports"):
                assert "readinessProbe" in container, item["metadata"]["name"]


@everywhere
def test_whoever_runs_as_root_has_a_recorded_reason(name: str, environment: str) -> None:
    made = converted(name)[environment]
    for services in made.services().values():
        for service in services:
            pod, container = made.pod(service), made.container(service)
            rights = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
            if rights.get("runAsNonRoot") is not True:
                assert made.decisions("user", f"services.{service}"), service


def test_images_of_a_private_registry_are_pulled_with_a_secret() -> None:
    settings = (
        "environments: {production: {registry: registry.example.com/team, tag: '1',"
        " pull_secret: registry}}"
    )
    made = converted("synmetrix-stage", settings=settings, variables=DOMAIN)["production"]
    for item in made.of("Deployment").values():
        pod = pod_spec(item)
        if any(one["image"].startswith("registry.example.com") for one in pod["containers"]):
            assert pod["imagePullSecrets"] == [{"name": "registry"}], item["metadata"]["name"]
