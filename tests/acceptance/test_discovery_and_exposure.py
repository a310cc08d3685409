"""
Statements about who finds whom, and how the real systems are reached from outside.

The corpus has no template of the client's nginx, and of its Dockerfiles only what describes the
image; where a statement is about those, files of our own with the same fact stand beside a copy of
the real Compose file.
"""

import shutil
from pathlib import Path

import pytest
from tests.acceptance import systems
from tests.acceptance.systems import ENVIRONMENTS, STRICT, SYSTEMS, Made, converted, made

from mooring import pipeline
from mooring.compose.discovery import LoadRequest

pytestmark = pytest.mark.corpus

every_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)

CLIENT = """
FROM nginx:1.25.3
COPY nginx/default.conf.template /etc/nginx/templates/default.conf.template
EXPOSE 80
CMD ["nginx", "-g", "daemon off;"]
"""
TEMPLATE = """
server {
  listen 8888;
  resolver 127.0.0.11;
  location /auth { set $plus http://hasura_plus:3000; proxy_pass $plus; }
  location /v1 {
    proxy_pass http://hasura:8080;
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
  }
  location /v2 { proxy_pass http://hasura:8080; }
  location /api/v1 { proxy_pass http://cubejs:4000; }
  location / { root /app; try_files $uri /index.html; }
}
"""
ONE_ARCHITECTURE = "\nRUN echo 'deb [arch=amd64] http://packages.example.com stable main' > /list\n"
SETTINGS = (
    "environments: {{dev: {{}}, staging: {{}}, production: {{domain: example.com, {more}}}}}\n"
)


def with_sources(
    name: str, folder: Path, *, template: str = TEMPLATE, more: str = "ingress_class: nginx"
) -> dict[str, Made]:
    """Return the system ``name`` with sources of its client and of its actions."""
    system = SYSTEMS[name]
    if not system.path.is_dir():
        pytest.skip("the corpus is not here")
    copy = folder / "synmetrix"
    shutil.copytree(system.path, copy)
    client = copy / "services" / "client"
    (client / "nginx").mkdir(parents=True)
    (client / "Dockerfile").write_text(CLIENT)
    (client / "nginx" / "default.conf.template").write_text(template)
    actions = copy / "services" / "actions" / "Dockerfile"
    actions.write_text(actions.read_text() + ONE_ARCHITECTURE)
    (copy / "mooring.yaml").write_text(SETTINGS.format(more=more))
    request = LoadRequest(
        directory=str(copy), files=system.files, environment={"DOMAIN": "example.com"}
    )
    return made(pipeline.Request(load=request))


def targets(one: Made) -> dict[tuple[str, str], str]:
    """Return where each host and path leads, as Service and port."""
    return {place: f"{name}:{port}" for place, (name, port) in one.routes().items()}


@pytest.mark.parametrize("name", ["synmetrix-dev", "synmetrix-stage"])
def test_6a_3_the_template_in_the_image_is_found_and_laid_over(name: str, tmp_path: Path) -> None:
    for environment, one in with_sources(name, tmp_path).items():
        decided = one.decisions("file of the image", "services.client")
        assert ["hasura_plus" in str(each.evidence) for each in decided] == [True]
        mounts = one.container("client")["volumeMounts"]
        assert "/etc/nginx/templates/default.conf.template" in {
            mount["mountPath"] for mount in mounts
        }
        texts = [
            text
            for item in one.of("ConfigMap").values()
            for text in systems.texts(item.get("data", {}))
            if "location /auth" in text
        ]
        assert len(texts) == 1
        assert "hasura_plus" not in texts[0]
        assert "127.0.0.11" not in texts[0]
        assert f"-{environment}.svc.cluster.local:3000" in texts[0]


def test_6a_4_the_fork_s_client_listens_on_80_and_is_published_on_8888(tmp_path: Path) -> None:
    template = TEMPLATE.replace("listen 8888", "listen 80")
    for one in with_sources("synmetrix-fork-dev", tmp_path, template=template).values():
        assert "ports-disagree" in one.rules()
        assert set(one.ports("client")) == {80}


def test_6a_11_hosts_come_from_labels_and_paths_from_the_template(tmp_path: Path) -> None:
    one = with_sources("synmetrix-stage", tmp_path)["production"]
    assert targets(one) == {
        ("app.example.com", "/"): "client:8888",
        ("app.example.com", "/auth"): "hasura-plus:3000",
        ("app.example.com", "/v1"): "hasura:8080",
        ("app.example.com", "/v2"): "hasura:8080",
        ("app.example.com", "/api/v1"): "cubejs:4000",
        ("cube.example.com", "/"): "cubejs:4000",
        ("api.example.com", "/"): "hasura:8080",
        ("s3.example.com", "/"): "minio:9000",
    }
    for name, ingress in one.of("Ingress").items():
        annotations = ingress["metadata"]["annotations"]
        assert annotations["nginx.ingress.kubernetes.io/force-ssl-redirect"] == "true", name
        assert not any("snippet" in key for key in annotations)
        assert {rule["host"] for rule in ingress["spec"]["rules"]} <= {
            host for tls in ingress["spec"]["tls"] for host in tls["hosts"]
        }
    lasting = one.of("Ingress")["client"]["metadata"]["annotations"]
    assert lasting["nginx.ingress.kubernetes.io/proxy-read-timeout"] == "3600"


def test_6a_11_a_gateway_gets_the_same_routes(tmp_path: Path) -> None:
    more = "gateway: infra/public, gateway_listeners: {http: web, https: secure}"
    one = with_sources("synmetrix-stage", tmp_path, more=more)["production"]
    assert one.of("Ingress") == {}
    found = {
        (host, match["path"]["value"]): f"{backend['name']}:{backend['port']}"
        for route in one.of("HTTPRoute").values()
        for host in route["spec"]["hostnames"]
        for rule in route["spec"]["rules"]
        for match in rule["matches"]
        for backend in rule.get("backendRefs", ())
    }
    assert found["app.example.com", "/auth"] == "hasura-plus:3000"
    assert found["app.example.com", "/"] == "client:8888"
    assert found["s3.example.com", "/"] == "minio:9000"
    assert len(found) == 8


@every_environment
def test_6a_12_raw_ports_are_a_decision_with_the_line_that_opens_them(environment: str) -> None:
    (decision,) = converted("synmetrix-stage")[environment].decisions("raw TCP")
    assert decision.choice == "15432, 13306: reached inside the cluster only"
    assert decision.overrule == "services: {cubejs: {exposure: {tcp: [15432, 13306]}}}"


@pytest.mark.parametrize("name", ["synmetrix-dev", "synmetrix-stage"])
@every_environment
def test_6a_15_the_configuration_beside_the_data_is_told_of(name: str, environment: str) -> None:
    assert "mounted-file-unread" in converted(name)[environment].rules()


@pytest.mark.parametrize("environment", STRICT)
def test_6a_14_the_command_of_development_is_asked_about(environment: str) -> None:
    asked = converted("synmetrix-dev")[environment].questions("outside of development")
    assert {one.subject for one in asked} == {
        f"services.{name}.command" for name in ("actions", "cubejs", "cubejs_refresh_worker")
    }


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_6a_14_the_command_of_staging_is_not_asked_about(environment: str) -> None:
    assert converted("synmetrix-stage")[environment].questions("outside of development") == []


def test_6a_16_an_image_for_one_architecture_runs_there(tmp_path: Path) -> None:
    for one in with_sources("synmetrix-stage", tmp_path).values():
        assert one.pod("actions")["nodeSelector"] == {"kubernetes.io/arch": "amd64"}


@every_environment
def test_s15_a_mail_catcher_that_is_not_there_is_told_of(environment: str) -> None:
    made = converted("synmetrix-test")[environment]
    asked = {one.subject for one in made.result.translation.questions}
    if environment == "dev":
        assert "host-not-found" in made.rules()
    else:
        assert "hosts.mailhog" in asked


def test_6b_2_published_ports_that_reach_nothing_are_told_of() -> None:
    found = {
        finding.message
        for one in converted("cptm8-backend").values()
        for finding in one.result.findings
        if finding.rule == "ports-disagree"
    }
    assert any("publishes 27018:27017" in message for message in found)
    assert any("publishes 27019:27017" in message for message in found)


@every_environment
def test_a25_ports_of_the_loopback_open_nothing(environment: str) -> None:
    one = converted("zymtrace")[environment]
    assert one.of("Ingress") == {}
    assert {item["spec"].get("type") for item in one.of("Service").values()} <= {None}
    assert set(one.ports("identity")) == {7829}
    assert {9000, 9001} <= set(one.ports("minio"))
