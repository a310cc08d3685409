"""kustomize itself reads our trees, and makes of them the objects of the plain manifests."""

import base64
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kube.core_schema import CoreSchemaLoader
from tests.kube.nasty import TEXTS
from tests.render import sample

from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.configuration import ConfigMap
from mooring.kube.objects.containers import Container, ContainerPort, EnvVar
from mooring.kube.objects.identity import ServiceAccount
from mooring.kube.objects.meta import KubeObject, LabelSelector, ObjectMeta
from mooring.kube.objects.network import Service, ServicePort, ServiceSpec
from mooring.kube.objects.pods import HostAlias, PodSpec, PodTemplate
from mooring.kube.objects.volumes import ClaimVolume, EmptyDirVolume, Volume, VolumeMount
from mooring.kube.objects.workloads import Deployment, DeploymentSpec
from mooring.render import kustomize as kustomize_tree
from mooring.render import plain
from mooring.render.environments import EnvironmentObjects
from mooring.render.file_tree import FileTree

pytestmark = pytest.mark.real
Build = Callable[[Sequence[EnvironmentObjects], Path], dict[str, list[dict[str, Any]]]]


@pytest.fixture
def build(kustomize: Path) -> Build:
    """Return what kustomize makes of each environment, by the environment's name."""

    def run(environments: Sequence[EnvironmentObjects], folder: Path) -> dict[str, list[Any]]:
        put(kustomize_tree.render(environments, readme=lambda: ""), folder)
        return {
            environment.name: built(kustomize, folder / "environments" / environment.name)
            for environment in environments
        }

    return run


def put(tree: FileTree, folder: Path) -> None:
    for path, file in tree.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)


def built(kustomize: Path, folder: Path) -> list[Any]:
    run = subprocess.run([kustomize, "build", folder], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    # As Kubernetes reads it: go-yaml leaves "<<" plain, which YAML 1.1 takes for a merge.
    return list(yaml.load_all(run.stdout, Loader=CoreSchemaLoader))


def finished(tree: FileTree, environment: str) -> list[Any]:
    return [
        document
        for path in tree
        if path.startswith(f"{environment}/") and path.endswith(".yaml")
        for document in yaml.load_all(tree[path].content, Loader=yaml.CSafeLoader)
    ]


def meaning(documents: Iterable[Any]) -> dict[tuple[str, str], Any]:
    """Return objects by kind and name, without hash suffixes and checksums, secrets decoded."""
    documents = list(documents)
    suffixed = {
        document["metadata"]["name"]: re.sub(r"-[a-z0-9]{10}$", "", document["metadata"]["name"])
        for document in documents
        if document["kind"] in ("ConfigMap", "Secret")
    }
    meant = {}
    for document in documents:
        plain_document = unsuffixed(document, suffixed)
        if document["kind"] == "Secret":
            values = {
                key: base64.b64decode(value)
                for key, value in (plain_document.pop("data", None) or {}).items()
            }
            texts = plain_document.pop("stringData", None) or {}
            values |= {key: text.encode() for key, text in texts.items()}
            plain_document["data"] = values
            plain_document.setdefault("type", "Opaque")
        if document["kind"] == "ConfigMap":
            plain_document["data"] = {
                **{key: text.encode() for key, text in plain_document.pop("data", {}).items()},
                **{
                    key: base64.b64decode(value)
                    for key, value in plain_document.pop("binaryData", {}).items()
                },
            }
        template = plain_document.get("spec", {}).get("template", {}).get("metadata", {})
        if template.get("annotations", {}).pop("checksum/config", None):
            if not template["annotations"]:
                del template["annotations"]
            if not template:
                del plain_document["spec"]["template"]["metadata"]
        meant[document["kind"], plain_document["metadata"]["name"]] = plain_document
    assert len(meant) == len(documents)
    return meant


def unsuffixed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: unsuffixed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [unsuffixed(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def assert_same(environments: Sequence[EnvironmentObjects], build: Build, folder: Path) -> None:
    finished_tree = plain.render(environments, readme=lambda: "")
    for name, documents in build(environments, folder).items():
        assert meaning(documents) == meaning(finished(finished_tree, name))


def test_kustomize_and_plain_mean_the_same(build: Build, tmp_path: Path) -> None:
    assert_same(sample.shop(), build, tmp_path)


def test_nasty_contents_come_through(build: Build, tmp_path: Path) -> None:
    assert_same(sample.nasty(), build, tmp_path)


def test_files_that_kustomize_cannot_generate_come_through(build: Build, tmp_path: Path) -> None:
    texts = {f"file-{name}": TEXTS[name] for name in sample.NOT_GENERABLE}
    environments = []
    for environment in sample.shop():
        odd = ConfigMap(
            metadata=ObjectMeta(name="web-site"), data={**texts, "own": environment.name}
        )
        others = [item for item in environment.objects if item.ref != odd.ref]
        environments.append(msgspec.structs.replace(environment, objects=ObjectSet([*others, odd])))
    assert_same(environments, build, tmp_path)


def test_one_environment_means_the_same(build: Build, tmp_path: Path) -> None:
    assert_same(sample.shop()[2:], build, tmp_path)


def test_references_follow_the_hash_suffix(build: Build, tmp_path: Path) -> None:
    documents = build(sample.shop(), tmp_path)["production"]
    names = {d["metadata"]["name"] for d in documents if d["kind"] in ("ConfigMap", "Secret")}
    assert len(names) == 4
    assert all(re.search(r"-[a-z0-9]{10}$", name) for name in names)
    (deployment,) = (d for d in documents if d["kind"] == "Deployment")
    pod = deployment["spec"]["template"]["spec"]
    used = {
        pod["containers"][0]["envFrom"][0]["configMapRef"]["name"],
        pod["containers"][0]["env"][1]["valueFrom"]["secretKeyRef"]["name"],
        pod["volumes"][1]["configMap"]["name"],
        pod["volumes"][2]["secret"]["secretName"],
    }
    assert used == names


def test_a_name_in_an_annotation_has_no_suffix(build: Build, tmp_path: Path) -> None:
    account = ServiceAccount(
        metadata=ObjectMeta(name="a", annotations={"example.com/auth": "shop-one/settings"})
    )
    environments = [
        sample.environment(
            name,
            [account, ConfigMap(metadata=ObjectMeta(name="settings"), data={"A": "1", **more})],
        )
        for name, more in (("one", {}), ("two", {"B": "2"}))
    ]
    for documents in build(environments, tmp_path).values():
        (found,) = (d for d in documents if d["kind"] == "ConfigMap")
        assert found["metadata"]["name"] == "settings"


def test_an_immutable_config_map_stays_so_where_an_environment_adds(
    build: Build, tmp_path: Path
) -> None:
    environments = [
        sample.environment(
            name,
            [ConfigMap(metadata=ObjectMeta(name="a"), data={"A": "1", **more}, immutable=True)],
        )
        for name, more in (("one", {}), ("two", {"B": "2"}))
    ]
    assert_same(environments, build, tmp_path)


def test_the_users_patch_wins_over_the_differences(kustomize: Path, tmp_path: Path) -> None:
    put(kustomize_tree.render(sample.shop(), readme=lambda: ""), tmp_path)
    patches = tmp_path / "environments" / "production" / "patches"
    (patches / "kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- path: r.yaml\n"
    )
    (patches / "r.yaml").write_text(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 7\n"
    )
    documents = built(kustomize, patches.parent)
    (deployment,) = (d for d in documents if d["kind"] == "Deployment")
    assert deployment["spec"]["replicas"] == 7


@st.composite
def deployments(draw: st.DrawFn) -> Deployment:
    """A Deployment whose parts come from small pools, so that environments differ a little."""

    def some(pool: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(draw(st.lists(st.sampled_from(pool), unique=True, max_size=len(pool))))

    value = st.sampled_from(["1", "yes", "", "$(A)"])
    container = st.builds(
        Container,
        name=st.just("x"),
        image=st.sampled_from(["a:1", "b:2"]),
        args=st.sampled_from([(), ("--a",), ("--a", "8080")]),
        env=st.builds(
            lambda names, value: tuple(EnvVar(name=name, value=value) for name in names),
            st.permutations(["A", "B", "C"]) | st.just(["A", "B", "C", "D", "E", "F"]),
            value,
        ),
        ports=st.sampled_from(
            [
                (),
                (
                    ContainerPort(container_port=53),
                    ContainerPort(container_port=53, protocol="UDP"),
                ),
                (
                    ContainerPort(container_port=53, protocol="TCP"),
                    ContainerPort(container_port=53, protocol="UDP"),
                ),
                (ContainerPort(container_port=80), ContainerPort(container_port=81)),
            ]
        ),
        volume_mounts=st.permutations(
            [VolumeMount(name="v", mount_path=path) for path in ("/a", "/b")]
        ).map(tuple),
    )
    containers = tuple(
        msgspec.structs.replace(draw(container), name=name)
        for name in some(["main", "side", "third"]) or ("main",)
    )
    volumes = [
        Volume(name="v", empty_dir=EmptyDirVolume()),
        Volume(name="w", empty_dir=EmptyDirVolume(medium="Memory")),
    ]
    if draw(st.booleans()):
        volumes[0] = Volume(name="v", persistent_volume_claim=ClaimVolume(claim_name="c"))
    aliases = [
        HostAlias(ip="10.0.0.1", hostnames=("a",)),
        HostAlias(ip="10.0.0.2", hostnames=("b", "c")),
        HostAlias(ip="10.0.0.1", hostnames=("d",)),
    ]
    return Deployment(
        metadata=ObjectMeta(name="d", labels=draw(st.sampled_from([{}, {"a": "1"}, {"b": "y"}]))),
        spec=DeploymentSpec(
            replicas=draw(st.sampled_from([None, 0, 2])),
            selector=LabelSelector(),
            template=PodTemplate(
                spec=PodSpec(
                    containers=containers,
                    volumes=tuple(draw(st.permutations(volumes))),
                    host_aliases=some(aliases),
                    node_selector=draw(st.sampled_from([{}, {"arch": "arm64"}])),
                )
            ),
        ),
    )


SERVICES = st.builds(
    lambda ports, headless: Service(
        metadata=ObjectMeta(name="s"),
        spec=ServiceSpec(cluster_ip="None" if headless else None, ports=ports),
    ),
    st.sampled_from(
        [
            (),
            (ServicePort(name="a", port=53), ServicePort(name="b", port=53, protocol="UDP")),
            (ServicePort(name="b", port=53, protocol="UDP"), ServicePort(name="a", port=53)),
            (ServicePort(name="a", port=80, target_port="http"),),
        ]
    ),
    st.booleans(),
)
CONFIG_MAPS = st.builds(
    lambda data, immutable, labels: ConfigMap(
        metadata=ObjectMeta(name="c", labels=labels), data=data, immutable=immutable
    ),
    st.dictionaries(st.sampled_from(["A", "B", "c.d"]), st.sampled_from(["1", "", "x\n"])),
    st.sampled_from([None, True]),
    st.sampled_from([{}, {"a": "1"}, {"b": "2"}]),
)


@st.composite
def three_environments(draw: st.DrawFn) -> list[EnvironmentObjects]:
    pool = [draw(deployments()) for _ in range(2)]
    environments = []
    for name in ("one", "two", "three"):
        made: list[KubeObject | None] = [
            draw(st.sampled_from(pool) | st.none() | deployments()),
            draw(SERVICES | st.none()),
            draw(CONFIG_MAPS | st.none()),
        ]
        account = ServiceAccount(metadata=ObjectMeta(name="a"))
        objects = ObjectSet([account, *filter(None, made)])
        environments.append(EnvironmentObjects(name=name, namespace=f"n-{name}", objects=objects))
    return environments


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(environments=three_environments())
def test_whatever_differs_is_factored_without_loss(
    environments: list[EnvironmentObjects], build: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_same(environments, build, tmp_path_factory.mktemp("tree"))
