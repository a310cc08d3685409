"""
CPTM8 in Kubernetes: statements of its acceptance list that no file beside stands for.

`statements` says which of these tests, and of those beside, stands for which statement.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance import systems
from tests.acceptance.systems import converted

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.semantics.admission import refusals
from mooring.semantics.objects import ManifestSet
from mooring.semantics.reachability import Network
from mooring.semantics.references import dangling
from mooring.semantics.totals import totals
from mooring.settings import reader

pytestmark = pytest.mark.corpus

BACKEND, FRONTEND = "cptm8-backend", "cptm8-frontend"
APPS = ("orchestratorm8", "asmm8", "naabum8", "katanam8", "num8", "reportingm8")
CHECKED = {"asmm8": 8000, "naabum8": 8001, "katanam8": 8002, "num8": 8003, "reportingm8": 8004}
FRONTEND_SETTINGS = {"DASHBOARDM8_HOSTNAME": "dashboardm8", "DASHBOARDM8_PORT": "3000"}

everywhere = pytest.mark.parametrize("environment", systems.ENVIRONMENTS)
strict = pytest.mark.parametrize("environment", systems.STRICT)
both_files = pytest.mark.parametrize("name", [BACKEND, FRONTEND])


# 5. Ports that Compose does not name.


@everywhere
def test_ports_that_only_peers_know_are_in_services(environment: str) -> None:
    made = converted(BACKEND)[environment]
    assert 5672 in made.ports("rabbitmqm8")
    search = [name for name in made.names("Service") if name.startswith("opensearch-node")]
    assert any(9300 in made.ports(name) for name in search)


# 6. Secrets.


@everywhere
@both_files
def test_files_of_secrets_are_keys_under_their_old_paths(name: str, environment: str) -> None:
    made = converted(name)[environment]
    for services in made.services().values():
        for service in services:
            granted = _granted(name, service)
            mounted = (
                {mount["mountPath"]: mount for mount in made.container(service)["volumeMounts"]}
                if granted
                else {}
            )
            for secret in granted:
                assert f"/run/secrets/{secret}" in mounted, (service, secret)
            for variable, value in made.environment(service).items():
                if variable.endswith("_FILE") and value.startswith("/run/secrets/"):
                    assert value in mounted, (service, variable)


def _granted(name: str, service: str) -> list[str]:
    model = json.loads((systems.SYSTEMS[name].path / "ORACLE.json").read_text())
    return [one["source"] for one in model["services"].get(service, {}).get("secrets", ())]


@everywhere
@both_files
def test_no_secret_ends_in_a_line_break(name: str, environment: str) -> None:
    for secret in converted(name)[environment].of("Secret").values():
        for key, value in secret.get("stringData", {}).items():
            assert value == value.rstrip("\r\n") or "\n" in value.rstrip("\r\n"), key


@everywhere
def test_the_secret_of_a_build_is_not_shipped(environment: str) -> None:
    made = converted(FRONTEND)[environment]
    assert "build_database_urls" not in "\n".join(
        text for item in made.objects for text in systems.texts(item)
    )


# 7. The script of the replica set.


@everywhere
def test_the_script_that_forms_the_replica_set_survives(environment: str, tmp_path: Path) -> None:
    made = converted(BACKEND)[environment]
    container = made.container("mongodb-init")
    words = [*container.get("command", ()), *container.get("args", ())]
    # What the kubelet hands to the process: `$$(...)` stands for `$(...)`.
    variables = made.environment("mongodb-init")
    script = systems.expanded(words[-1], variables)
    model = json.loads((systems.SYSTEMS[BACKEND].path / "ORACLE.json").read_text())
    meant = model["services"]["mongodb-init"]["command"][-1]
    file = tmp_path / "script.sh"
    file.write_text(script)
    if bash := shutil.which("bash"):
        subprocess.run([bash, "-n", str(file)], check=True, capture_output=True)
    assert "$(cat /run/secrets/mongodb_root_password)" in script
    assert _without_members(script) == _without_members(meant)


def _without_members(script: str) -> list[str]:
    """Return the lines that do not name a member of the cluster, whose names change."""
    return [line for line in script.splitlines() if "mongodb-" not in line]


# 8. Health and order.


@everywhere
def test_checks_by_netstat_are_connections(environment: str) -> None:
    made = converted(BACKEND)[environment]
    for service, port in CHECKED.items():
        probe = made.container(service)["readinessProbe"]
        assert probe["tcpSocket"]["port"] in {port, *_names_of(made.container(service), port)}


def _names_of(container: dict[str, Any], port: int) -> set[str]:
    return {one.get("name", "") for one in container["ports"] if one["containerPort"] == port}


@everywhere
def test_checks_by_wget_ask_the_pod(environment: str) -> None:
    made = converted(FRONTEND, variables=FRONTEND_SETTINGS)[environment]
    for service, path in (("socketm8", "/health"), ("dashboardm8", "/api/health")):
        probe = made.container(service)["readinessProbe"]
        assert probe["httpGet"]["path"] == path
        assert "host" not in probe["httpGet"]


@everywhere
def test_a_start_period_is_a_startup_probe(environment: str) -> None:
    made = converted(BACKEND)[environment]
    for service in ("postgresqlm8", "rabbitmqm8", *CHECKED):
        assert "startupProbe" in made.container(service), service


@everywhere
def test_every_wait_has_an_end(environment: str) -> None:
    made = converted(BACKEND)[environment]
    for item, pod in made.pods():
        for container in pod.get("initContainers", ()):
            words = " ".join([*container.get("command", ()), *container.get("args", ())])
            if "wait" in words or "until" in words:
                assert any(sign in words for sign in ("timeout", "exit 1")), (
                    item["metadata"]["name"],
                    words,
                )


# 9. Log folders that one collector reads.


@everywhere
def test_no_two_sources_are_one_volume(environment: str) -> None:
    made = converted(BACKEND)[environment]
    for item, pod in made.pods():
        for container in systems.containers(pod):
            mounts = container.get("volumeMounts", ())
            targets = [(one["mountPath"], one.get("subPath")) for one in mounts]
            assert len(targets) == len(set(targets)), item["metadata"]["name"]
    assert made.decisions("mount", "services.vectorm8")


# 10. Folders that an application writes to.


@everywhere
def test_applications_write_where_they_did(environment: str) -> None:
    made = converted(BACKEND)[environment]
    for service in APPS:
        pod, container = made.pod(service), made.container(service)
        volumes = {volume["name"]: volume for volume in pod.get("volumes", ())}
        mounts = {one["mountPath"]: one for one in container.get("volumeMounts", ())}
        for path in ("/app/log", "/app/tmp", "/app/configs"):
            volume = volumes[mounts[path]["name"]]
            assert {"emptyDir", "persistentVolumeClaim"} & volume.keys(), (service, path)
            assert not mounts[path].get("readOnly"), (service, path)
        if container["securityContext"].get("readOnlyRootFilesystem"):
            assert "/tmp" in mounts, service
        # The word list that the image of asmm8 bakes in stays in sight.
        assert "/app" not in mounts, service


# 11. Rights.


@strict
def test_nobody_gets_all_capabilities(environment: str) -> None:
    made = converted(BACKEND)[environment]
    for item, pod in made.pods():
        for container in systems.containers(pod):
            added = container["securityContext"].get("capabilities", {}).get("add", ())
            assert "ALL" not in added, item["metadata"]["name"]
    assert "all-capabilities" in made.rules()


# 15. References.


@everywhere
@both_files
def test_every_reference_leads_somewhere(name: str, environment: str) -> None:
    assert list(dangling(converted(name)[environment].manifests)) == []


# 17. The level of the namespace admits every pod.


@strict
@both_files
def test_the_namespace_admits_its_pods(name: str, environment: str) -> None:
    made = converted(name)[environment]
    (namespace,) = made.of("Namespace").values()
    level = namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
    assert level in {"baseline", "restricted"}
    assert refusals(made.manifests) == ()


# 22. What is known to whoever reads the project.


def test_secrets_in_the_project_are_spoken_of(tmp_path: Path) -> None:
    """The corpus holds placeholders; this has the keyfile and a passphrase of ours."""
    (tmp_path / "rs_keyfile").write_text("mZ8qV1xN4tB7yC2kQ0wE5rT9uI3oP6aS\n")
    (tmp_path / "compose.yaml").write_text(
        """
        services:
          mongo:
            image: mongo:8.0.10
            command: [--replSet, rs0, --keyFile, /etc/mongodb/pki/keyfile]
            environment: {CONFIG_PASSPHRASE: r4bb1t-w4rr3n-k3y}
            volumes: [./rs_keyfile:/etc/mongodb/pki/keyfile:ro]
        """
    )
    made = systems.made(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    said = [one.message for one in made["production"].result.findings]
    assert any("CONFIG_PASSPHRASE" in one for one in said)
    assert any("rs-keyfile" in one for one in said)


# 24. Twice the same, and the user's edits stay.


@both_files
def test_two_conversions_are_equal_to_the_byte(name: str, tmp_path: Path) -> None:
    system = systems.SYSTEMS[name]
    if not system.path.is_dir():
        pytest.skip("the corpus of real stacks is not beside the clone")
    load = LoadRequest(directory=str(system.path), files=system.files)
    trees = [pipeline.tree(pipeline.stack(pipeline.Request(load=load)), "kustomize") for _ in "ab"]
    assert trees[0] == trees[1]


def test_an_edit_of_the_user_survives_a_conversion(tmp_path: Path) -> None:
    system = systems.SYSTEMS[BACKEND]
    if not system.path.is_dir():
        pytest.skip("the corpus of real stacks is not beside the clone")
    load = LoadRequest(directory=str(system.path), files=system.files)
    made = pipeline.stack(pipeline.Request(load=load))
    output, lock = tmp_path / "deploy", str(tmp_path / "mooring.lock")
    pipeline.write(pipeline.tree(made, "kustomize"), str(output), lock=lock)
    patch = output / "environments" / "production" / "patches" / "replicas.yaml"
    secrets = output / "environments" / "production" / "secrets.env"
    patch.write_text("# ours\n")
    secrets.write_text(secrets.read_text().replace("smtp_password=", "smtp_password=ours", 1))
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    pipeline.write(pipeline.tree(made, "kustomize"), str(output), lock=lock)
    after = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    assert after == before
    assert patch.read_text() == "# ours\n"
    assert "smtp_password=ours" in secrets.read_text()


# 4. Variables without a value.

UNSET_IN_BACKEND = 25
"""Of the 29 names that no env file sets, those that the backend uses; the frontend has the rest."""


@strict
def test_every_variable_without_a_value_is_named_with_its_users(environment: str) -> None:
    asked = converted(BACKEND)[environment].questions("variables.")
    assert len(asked) == UNSET_IN_BACKEND
    said = {one.subject.removeprefix("variables."): one.question for one in asked}
    assert "reportingm8" in said["AWS_BUCKET_NAME"]
    assert "orchestratorm8" in said["POSTGRESQL_DB"]
    frontend = {one.subject for one in converted(FRONTEND)[environment].questions("variables.")}
    both = {f"variables.{name}" for name in said} | frontend
    assert len(both) >= UNSET_IN_BACKEND + 3


@strict
def test_a_variable_that_was_renamed_is_suspected(environment: str) -> None:
    (asked,) = converted(BACKEND)[environment].questions("variables.POSTGRESQL_DB")
    assert "POSTGRESQL_POSTGRES_DB" in f"{asked.question} {asked.item}"


@everywhere
def test_an_empty_alias_is_no_name(environment: str) -> None:
    made = converted(BACKEND)[environment]
    assert all(made.names("Service"))
    assert "it is empty, as a variable without a value leaves it" in made.said()


# 14. Environments of two clouds.

CLOUDS = """
environments:
  dev: {tier: dev, cluster: kind}
  staging-aws:
    {tier: staging, cluster: eks, registry: 1234.dkr.ecr.eu-west-1.amazonaws.com, tag: "1"}
  staging-azure: {tier: staging, cluster: aks, registry: team.azurecr.io, tag: "1"}
  production:
    {tier: production, cluster: eks, registry: 1234.dkr.ecr.eu-west-1.amazonaws.com, tag: "2"}
"""


def test_clouds_differ_where_they_must_and_nowhere_else() -> None:
    made = converted(BACKEND, settings=CLOUDS)
    aws, azure = made["staging-aws"], made["staging-azure"]
    for one in made.values():
        assert len(one.of("Namespace")) == 1
    assert "dkr.ecr" not in "\n".join(azure.plain_texts())
    assert "azurecr" not in "\n".join(aws.plain_texts())
    kinds = ("Deployment", "StatefulSet", "Service", "ConfigMap", "NetworkPolicy")
    for kind in kinds:
        assert aws.names(kind) == azure.names(kind)
    for name, item in aws.of("StatefulSet").items():
        other = azure.of("StatefulSet")[name]
        assert _without_cloud(item["spec"]["template"]) == _without_cloud(other["spec"]["template"])


def _without_cloud(template: dict[str, Any]) -> str:
    said = json.dumps(template, sort_keys=True)
    for registry in ("1234.dkr.ecr.eu-west-1.amazonaws.com", "team.azurecr.io"):
        said = said.replace(registry, "registry")
    return said


def test_the_tree_of_two_clouds_keeps_what_they_share_in_its_base(tmp_path: Path) -> None:
    system = systems.SYSTEMS[BACKEND]
    if not system.path.is_dir():
        pytest.skip("the corpus of real stacks is not beside the clone")
    settled = reader.read(CLOUDS.encode(), "mooring.yaml", directory=str(system.path))
    load = LoadRequest(directory=str(system.path), files=system.files)
    tree = pipeline.tree(pipeline.stack(pipeline.Request(load=load, settings=settled)), "kustomize")
    base = [path for path in tree if path.startswith("base/")]
    patches = [path for path in tree if "/staging-azure/differences/" in path]
    assert len(base) > 4 * len(patches)


# 19. Policies.

HOSTS = {
    "RABBITMQ_HOSTNAME": "rabbitmqm8",
    "POSTGRESQL_HOSTNAME": "postgresqlm8",
    "ASMM8_HOSTNAME": "asmm8",
    "NAABUM8_HOSTNAME": "naabum8",
    "KATANAM8_HOSTNAME": "katanam8",
    "NUM8_HOSTNAME": "num8",
}


@strict
def test_policies_let_pass_what_the_environment_names(environment: str) -> None:
    made = converted(BACKEND, variables=HOSTS)[environment]
    network = Network(made.manifests)
    pods = {endpoint.ref.name: endpoint for endpoint in network.endpoints}
    for service in APPS:
        for peer, port in (("rabbitmqm8", 5672), ("postgresqlm8", 5432)):
            assert network.verdict(pods[service], pods[peer], port, "TCP").allowed, service
    denied = [
        name
        for name, policy in made.of("NetworkPolicy").items()
        if policy["spec"]["podSelector"] == {}
        and {"Ingress", "Egress"} <= set(policy["spec"]["policyTypes"])
    ]
    assert denied == ["default-deny"]
    rules = made.of("NetworkPolicy")["allow-dns"]["spec"]["egress"]
    ports = {(one["port"], one["protocol"]) for rule in rules for one in rule["ports"]}
    assert {(53, "UDP"), (53, "TCP")} <= ports


@strict
def test_pods_that_ask_the_api_may(environment: str) -> None:
    made = converted(BACKEND)[environment]
    asking = {
        item["metadata"]["name"]
        for item, pod in made.pods()
        if any("kubectl" in one["image"] for one in pod.get("initContainers", ()))
    }
    if asking:
        texts = json.dumps([one["spec"] for one in made.of("NetworkPolicy").values()])
        assert '"port": 6443' in texts or '"port": 443' in texts


# 18. Quotas and totals.


@strict
@pytest.mark.parametrize(
    ("memory", "is_admitted"),
    [pytest.param("1Ti", True, id="room-for-all"), pytest.param("1Gi", False, id="too-small")],
)
def test_a_quota_is_held_against_all_pods(memory: str, is_admitted: bool, environment: str) -> None:
    made = converted(BACKEND)[environment]
    namespace = next(iter(made.of("Namespace")))
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "team", "namespace": namespace},
        "spec": {"hard": {"requests.memory": memory}},
    }
    objects = ManifestSet([*made.objects, quota], namespace=namespace)
    assert (refusals(objects) == ()) is is_admitted


@strict
def test_what_an_environment_asks_for_is_added_up(environment: str) -> None:
    made = converted(BACKEND)[environment]
    found = totals(made.manifests)
    assert "cpu" in str(found).lower()
    assert "memory" in str(found).lower()
