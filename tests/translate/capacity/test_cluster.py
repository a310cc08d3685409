"""The cluster decides where volumes lie, and what has no effect there is told."""

from pathlib import Path
from typing import Any

import pytest
from tests.translate.whole import decided, rules, translation

from mooring.settings.choices import AutoscaleChoices, Choices, ServiceChoices, VolumeChoices
from mooring.settings.cluster_profiles import PROFILES
from mooring.settings.clusters import Cluster, Node, StorageClass
from mooring.settings.environments import Environment, Tier
from mooring.translate.in_environment import in_environment
from mooring.translate.project import Translation

SHARED = """
services:
  a: {image: example.com/a, volumes: ['data:/data']}
  b: {image: example.com/b, volumes: ['data:/data', 'own:/own']}
volumes: {data: {}, own: {}}
"""
RWO = StorageClass(name="disk", modes=("ReadWriteOnce",))
RWX = StorageClass(name="files", modes=("ReadWriteOnce", "ReadWriteMany"))
LOCAL = StorageClass(name="local-path", modes=("ReadWriteOnce",), of_one_node=True)
PI = Node(count=1, cpu="4", memory="4Gi", arch="arm64")


def own(*classes: StorageClass, default: str | None = "disk", **fields: Any) -> Cluster:
    return Cluster(name="own", storage=classes, default_storage=default, **fields)


def made(
    folder: Path,
    compose: str,
    cluster: Cluster,
    *,
    tier: Tier = Tier.PRODUCTION,
    choices: Choices | None = None,
) -> Translation:
    settled = choices or Choices()
    environment = Environment(name=tier.value, tier=tier, cluster=cluster)
    return in_environment(translation(folder, compose, choices=settled), environment, settled)


@pytest.mark.parametrize(
    ("cluster", "storage_class", "on_one_machine", "choice"),
    [
        pytest.param(
            own(RWO, RWX),
            "files",
            False,
            "data is mounted by a, b, so it lies in files, which several nodes can mount",
            id="a-class-for-many-nodes",
        ),
        pytest.param(
            own(RWX, default="files"),
            None,
            False,
            "data is mounted by several pods at once (ReadWriteMany), which may run on any "
            "node: its storage class has to be one for many",
            id="the-default-class-is-for-many-nodes",
        ),
        pytest.param(
            own(LOCAL, default="local-path"),
            None,
            True,
            "data is mounted by a, b, which all run on one node (ReadWriteOnce)",
            id="volumes-of-one-node-draw-their-pods-there",
        ),
        pytest.param(
            own(RWO, nodes=(PI,)),
            None,
            True,
            "data is mounted by a, b, which all run on one node (ReadWriteOnce)",
            id="there-is-one-node",
        ),
        pytest.param(
            PROFILES["generic"],
            None,
            False,
            "data is mounted by several pods at once (ReadWriteMany), which may run on any "
            "node: its storage class has to be one for many",
            id="nothing-is-known",
        ),
        pytest.param(
            PROFILES["aks"],
            "azurefile-csi",
            False,
            "data is mounted by a, b, so it lies in azurefile-csi, which several nodes can mount",
            id="a-profile-knows-its-classes",
        ),
    ],
)
def test_a_volume_of_several_pods(
    tmp_path: Path, cluster: Cluster, storage_class: str | None, on_one_machine: bool, choice: str
) -> None:
    found = made(tmp_path, SHARED, cluster)
    data, single = found.application.storages
    assert (data.storage_class, data.on_one_machine) == (storage_class, on_one_machine)
    assert (single.storage_class, single.on_one_machine) == (None, False)
    assert decided(found, "access") == {"volumes.data": choice}


def test_where_no_class_fits_it_is_asked(tmp_path: Path) -> None:
    found = made(tmp_path, SHARED, own(RWO))
    (question,) = (one for one in found.questions if one.subject == "volumes.data")
    assert question.question == (
        "data is mounted by a, b; which storage of the cluster own can be mounted by several "
        "nodes at once?"
    )
    assert question.answer == (
        "clusters: {own: {profile: generic, storage: {disk: [ReadWriteOnce], "
        "<class>: [ReadWriteMany]}}}"
    )


@pytest.mark.parametrize(
    ("chosen", "rule"),
    [
        pytest.param("disk", "storage-class-of-one-node", id="a-class-for-one-node"),
        pytest.param("gold", "storage-class-unknown", id="a-class-that-is-not-there"),
    ],
)
def test_a_class_that_was_chosen_stays_and_what_it_breaks_is_told(
    tmp_path: Path, chosen: str, rule: str
) -> None:
    choices = Choices(volumes={"data": VolumeChoices(storage_class=chosen)})
    found = made(tmp_path, SHARED, own(RWO, RWX), choices=choices)
    assert found.application.storages[0].storage_class == chosen
    assert rules(found) == [rule]


def test_without_a_default_class_one_is_named(tmp_path: Path) -> None:
    compose = "services: {db: {image: 'postgres:17', volumes: ['data:/var/lib/postgresql/data']}}\n"
    found = made(tmp_path, f"{compose}volumes: {{data: {{}}}}\n", PROFILES["eks"])
    kept = {storage.source_name: storage.storage_class for storage in found.application.storages}
    assert kept["data"] == "gp2"
    assert decided(found, "storage class") == {"volumes.data": "data lies in gp2"}


WEB = "services: {{web: {{build: ., expose: ['80']{more}}}}}\n"
TCP = Choices(services={"web": ServiceChoices(replicas={"*": 1})})


@pytest.mark.parametrize(
    ("cluster", "tier", "more", "choices", "found"),
    [
        pytest.param("kind", Tier.PRODUCTION, "", {}, [], id="kind-enforces-policies"),
        pytest.param(
            "eks", Tier.PRODUCTION, "", {}, ["policies-not-enforced"], id="eks-has-to-be-told-to"
        ),
        pytest.param("eks", Tier.DEV, "", {}, [], id="development-has-no-policies"),
        pytest.param("gke", Tier.PRODUCTION, "", {}, [], id="what-is-not-known-is-not-told"),
        pytest.param(
            "kind",
            Tier.STAGING,
            "",
            {"autoscale": {"*": AutoscaleChoices()}},
            ["metrics-missing"],
            id="an-autoscaler-without-measures",
        ),
        pytest.param(
            "k3s",
            Tier.STAGING,
            "",
            {"autoscale": {"*": AutoscaleChoices()}},
            [],
            id="an-autoscaler-with-measures",
        ),
        pytest.param("pi", Tier.DEV, "", {}, ["image-built-for-other-nodes"], id="build-for-arm"),
        pytest.param(
            "pi",
            Tier.DEV,
            ", platform: linux/amd64",
            {},
            ["architecture-missing"],
            id="no-node-of-its-architecture",
        ),
        pytest.param("pi", Tier.DEV, ", platform: linux/arm64", {}, [], id="nodes-that-fit"),
    ],
)
def test_what_has_no_effect_there(
    tmp_path: Path,
    cluster: str,
    tier: Tier,
    more: str,
    choices: dict[str, Any],
    found: list[str],
) -> None:
    known = {**PROFILES, "pi": Cluster(name="pi", nodes=(PI,))}
    settled = Choices(services={"web": ServiceChoices(**choices)})
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "Dockerfile").write_text("FROM python:3.13\nCMD [python, a.py]\n")
    result = made(tmp_path, WEB.format(more=more), known[cluster], tier=tier, choices=settled)
    assert rules(result) == found


def test_a_port_that_no_load_balancer_opens(tmp_path: Path) -> None:
    from mooring.settings.choices import ExposureChoice

    settled = Choices(services={"db": ServiceChoices(exposure=ExposureChoice(tcp=("5432",)))})
    compose = "services: {db: {image: 'postgres:17', ports: ['5432:5432']}}\n"
    found = made(tmp_path, compose, PROFILES["kind"], choices=settled)
    (finding,) = (one for one in found.findings if one.rule == "load-balancer-missing")
    assert finding.message == (
        "port 5432 of db is opened by a load balancer, and those of the cluster kind get no "
        "address (https://kind.sigs.k8s.io/docs/user/loadbalancer/)"
    )
