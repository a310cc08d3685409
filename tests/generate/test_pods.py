"""Pods: what containers share, what they mount, where they may run."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generate.support import around, container, plain, task, workload

from mooring.app.configuration import Document, DocumentMount
from mooring.app.endpoints import Endpoint, HostEntry, NameResolution, NetworkAccess
from mooring.app.placement import Comparison, Placement, Requirement
from mooring.app.security import ContainerSecurity, WorkloadSecurity
from mooring.app.storage import Lifetime, NetworkShare, Storage, StorageMount
from mooring.app.workloads import InitialStep
from mooring.generate.pods import pod_template, storage_users

CLAIM = Storage(name="data", lifetime=Lifetime.PERSISTENT)
SCRATCH = Storage(name="scratch", lifetime=Lifetime.REPLICA)
SHARE = Storage(
    name="share", lifetime=Lifetime.PERSISTENT, share=NetworkShare(server="a", path="/")
)
CONF = Document(name="conf", files={"a.conf": b"x", "sub/b.conf": b"y"})
USER = ContainerSecurity(user=1000, storage_group=2000)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, {"enableServiceLinks": False}, id="no-variables-of-services"),
        pytest.param({}, {"automountServiceAccountToken": False}, id="no-token"),
        pytest.param({}, {"restartPolicy": None}, id="restarted-always"),
        pytest.param(
            {"hostname": "box", "domain": "shop"},
            {"hostname": "box", "subdomain": "shop"},
            id="name-and-domain",
        ),
        pytest.param(
            {"network": NetworkAccess.MACHINE},
            {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"},
            id="the-network-of-the-node-with-the-names-of-the-cluster",
        ),
        pytest.param(
            {"host_entries": (HostEntry(name="a", address="10.0.0.1"),
                              HostEntry(name="b", address="::1"),
                              HostEntry(name="c", address="10.0.0.1"))},
            {"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["a", "c"]},
                             {"ip": "::1", "hostnames": ["b"]}]},
            id="one-entry-for-each-address",
        ),
        pytest.param(
            {"name_resolution": NameResolution(servers=("1.1.1.1",), searches=("a",),
                                               options=("ndots:2", "rotate", "x:"))},
            {"dnsPolicy": None,
             "dnsConfig": {"nameservers": ["1.1.1.1"], "searches": ["a"],
                           "options": [{"name": "ndots", "value": "2"}, {"name": "rotate"},
                                       {"name": "x", "value": ""}]}},
            id="more-name-servers-beside-the-cluster-s",
        ),
        pytest.param(
            {"security": WorkloadSecurity(shares_machine_processes=True, shares_machine_ipc=True,
                                          shares_processes=True, own_user_namespace=False)},
            {"hostPID": True, "hostIPC": True, "shareProcessNamespace": True, "hostUsers": True},
            id="namespaces",
        ),
        pytest.param(
            {"security": WorkloadSecurity(extra_groups=(7,), kernel_settings={"b": "2", "a": "1"})},
            {"securityContext": {"supplementalGroups": [7],
                                 "sysctls": [{"name": "a", "value": "1"},
                                             {"name": "b", "value": "2"}]}},
            id="groups-and-kernel-parameters",
        ),
        pytest.param(
            {"placement": Placement(operating_system="linux", architecture="arm64",
                                    runtime="gvisor")},
            {"os": {"name": "linux"}, "runtimeClassName": "gvisor",
             "nodeSelector": {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"}},
            id="platform-and-runtime",
        ),
        pytest.param({"stop_seconds": 0.4}, {"terminationGracePeriodSeconds": 0}, id="at-once"),
    ],
)  # fmt: skip
def test_pod(fields: dict[str, object], expected: dict[str, object]) -> None:
    part = workload(**fields)
    spec = plain(pod_template(part, around(part)))["spec"]
    assert {key: spec.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("security", "port", "fields", "lowest"),
    [
        pytest.param(ContainerSecurity(user=5), 80, {}, "0", id="a-user-on-a-low-port"),
        pytest.param(ContainerSecurity(native_user=5), 80, {}, "0", id="the-image-s-own-user"),
        pytest.param(ContainerSecurity(user=5), 8080, {}, None, id="a-high-port"),
        pytest.param(ContainerSecurity(user=0), 80, {}, None, id="root"),
        pytest.param(ContainerSecurity(), 80, {}, None, id="nobody-knows-who"),
        pytest.param(
            ContainerSecurity(user=5),
            80,
            {"network": NetworkAccess.MACHINE},
            None,
            id="the-network-of-the-node-keeps-its-own",
        ),
        pytest.param(
            ContainerSecurity(user=5),
            80,
            {"security": WorkloadSecurity(
                kernel_settings={"net.ipv4.ip_unprivileged_port_start": "80"})},
            "80",
            id="as-the-file-says",
        ),
    ],
)  # fmt: skip
def test_low_ports_are_open_to_every_user_as_in_docker(
    security: ContainerSecurity, port: int, fields: dict[str, Any], lowest: str | None
) -> None:
    one = container("web", security=security, endpoints=(Endpoint(port=port),))
    part = workload("web", one, **fields)
    context = plain(pod_template(part, around(part)))["spec"].get("securityContext", {})
    settings = {one["name"]: one["value"] for one in context.get("sysctls", [])}
    assert settings.get("net.ipv4.ip_unprivileged_port_start") == lowest


def test_placement() -> None:
    part = workload(
        placement=Placement(
            requirements=(
                Requirement(label="disk", comparison=Comparison.IS, value="ssd"),
                Requirement(label="zone", comparison=Comparison.IS_NOT, value="a"),
            ),
            spread_over=("zone",),
            most_per_machine=1,
        )
    )
    spec = plain(pod_template(part, around(part)))["spec"]
    own = {"matchLabels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}}
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    assert spec["affinity"]["nodeAffinity"][required]["nodeSelectorTerms"] == [
        {
            "matchExpressions": [
                {"key": "disk", "operator": "In", "values": ["ssd"]},
                {"key": "zone", "operator": "NotIn", "values": ["a"]},
            ]
        }
    ]
    assert spec["affinity"]["podAntiAffinity"][required] == [
        {"labelSelector": own, "topologyKey": "kubernetes.io/hostname"}
    ]
    assert spec["topologySpreadConstraints"] == [
        {
            "maxSkew": 1,
            "topologyKey": "zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": own,
        }
    ]


@pytest.mark.parametrize(
    ("storage", "group"),
    [
        pytest.param(CLAIM, 2000, id="a-claim-belongs-to-who-writes-to-it"),
        pytest.param(SCRATCH, None, id="everybody-writes-to-an-emptydir"),
        pytest.param(SHARE, None, id="a-server-keeps-its-owners"),
    ],
)
def test_the_group_of_claims(storage: Storage, group: int | None) -> None:
    mount = StorageMount(storage=storage.name, path="/x")
    part = workload("web", container(security=USER, storage=(mount,)))
    spec = plain(pod_template(part, around(part, storages=(storage,))))["spec"]
    assert spec.get("securityContext", {}).get("fsGroup") == group


def test_root_needs_no_group() -> None:
    mount = StorageMount(storage="data", path="/x")
    part = workload("web", container(security=ContainerSecurity(user=0), storage=(mount,)))
    spec = plain(pod_template(part, around(part, storages=(CLAIM,))))["spec"]
    assert "securityContext" not in spec


def test_mounts_in_order_and_volumes_once() -> None:
    web = container(
        storage=(
            StorageMount(storage="data", path="/data/db"),
            StorageMount(storage="data", path="/data", read_only=True, sub_path="all"),
        ),
        documents=(
            DocumentMount(document="conf", path="/data/db/a.conf", file="a.conf", mode=0o400),
        ),
    )
    side = container(
        "side", storage=(StorageMount(storage="data", path="/x", propagation="rslave"),)
    )
    part = workload("web", web, side)
    spec = plain(pod_template(part, around(part, storages=(CLAIM,), documents=(CONF,))))["spec"]
    assert spec["containers"][0]["volumeMounts"] == [
        {"name": "data", "mountPath": "/data", "subPath": "data/all", "readOnly": True},
        {"name": "data", "mountPath": "/data/db", "subPath": "data"},
        {"name": "conf", "mountPath": "/data/db/a.conf", "subPath": "a.conf", "readOnly": True},
    ]
    assert spec["containers"][1]["volumeMounts"] == [
        {
            "name": "data",
            "mountPath": "/x",
            "subPath": "data",
            "mountPropagation": "HostToContainer",
        }
    ]
    assert spec["volumes"] == [
        {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
        {
            "name": "conf",
            "configMap": {
                "name": "conf",
                "items": [{"key": "a.conf", "path": "a.conf"}],
                "defaultMode": 0o400,
            },
        },
    ]


def test_a_folder_of_files() -> None:
    web = container(documents=(DocumentMount(document="conf", path="/etc/x"),))
    part = workload("web", web)
    spec = plain(pod_template(part, around(part, documents=(CONF,))))["spec"]
    assert spec["volumes"] == [
        {
            "name": "conf",
            "configMap": {
                "name": "conf",
                "items": [
                    {"key": "a.conf", "path": "a.conf"},
                    {"key": "sub__b.conf", "path": "sub/b.conf"},
                ],
            },
        }
    ]
    assert spec["containers"][0]["volumeMounts"] == [
        {"name": "conf", "mountPath": "/etc/x", "readOnly": True}
    ]


def test_shared_memory() -> None:
    both = tuple(container(name, shared_memory=64 * 1024**2) for name in ("web", "side"))
    part = workload("web", *both)
    spec = plain(pod_template(part, around(part)))["spec"]
    assert [one["emptyDir"] for one in spec["volumes"]] == [
        {"medium": "Memory", "sizeLimit": "64Mi"}
    ] * 2
    assert [one["volumeMounts"][0]["mountPath"] for one in spec["containers"]] == ["/dev/shm"] * 2


def test_a_mount_at_the_place_of_shared_memory_wins() -> None:
    mount = StorageMount(storage="scratch", path="/dev/shm")
    part = workload("web", container(shared_memory=1024, storage=(mount,)))
    spec = plain(pod_template(part, around(part, storages=(SCRATCH,))))["spec"]
    assert spec["containers"][0]["volumeMounts"] == [{"name": "scratch", "mountPath": "/dev/shm"}]


def test_steps_run_after_the_waits() -> None:
    step = InitialStep(
        container=container("web-step-1", storage=(StorageMount(storage="data", path="/x"),))
    )
    part = workload("web", initial_steps=(step,))
    spec = plain(pod_template(part, around(part, storages=(CLAIM,))))["spec"]
    assert [one["name"] for one in spec["initContainers"]] == ["web-step-1"]
    assert [one["name"] for one in spec["volumes"]] == ["data"]
    assert storage_users(part) == {"data"}


def test_labels_of_the_part_cannot_be_taken_over() -> None:
    part = workload(labels={"app.kubernetes.io/name": "other", "team": "a"}, annotations={"n": "x"})
    metadata = plain(pod_template(part, around(part)))["metadata"]
    assert metadata["labels"]["app.kubernetes.io/name"] == "web"
    assert metadata["labels"]["team"] == "a"
    assert metadata["annotations"]["n"] == "x"


def test_a_task_never_restarts_always() -> None:
    part = task()
    template = pod_template(part, around(part), restart_policy="Never")
    assert plain(template)["spec"]["restartPolicy"] == "Never"


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["/x", "/x/y", "/z"])), max_size=5),
    st.lists(
        st.tuples(
            st.sampled_from("abcd"), st.sampled_from([None, 0o400, 0o755]), st.sampled_from("pqr")
        ),
        max_size=5,
    ),
    st.booleans(),
)
def test_volumes_have_names_of_their_own(
    storages: list[tuple[str, str]],
    documents: list[tuple[str, int | None, str]],
    has_memory: bool,
) -> None:
    web = container(
        storage=tuple(StorageMount(storage=name, path=path) for name, path in storages),
        documents=tuple(
            DocumentMount(document=name, path=f"/docs/{file}", file="f", mode=mode)
            for name, mode, file in documents
        ),
        shared_memory=1024 if has_memory else None,
    )
    part = workload("web", web)
    context = around(
        part,
        storages=tuple(Storage(name=name, lifetime=Lifetime.PERSISTENT) for name in "abc"),
        documents=tuple(Document(name=name, files={"f": b"1"}) for name in "abcd"),
    )
    spec = plain(pod_template(part, context))["spec"]
    volumes = spec.get("volumes", [])
    names = [volume["name"] for volume in volumes]
    assert len(set(names)) == len(names)
    mounts = spec["containers"][0].get("volumeMounts", [])
    assert {mount["name"] for mount in mounts} == set(names)
    assert [mount["mountPath"] for mount in mounts] == sorted(one["mountPath"] for one in mounts)
    assert len(mounts) == len(storages) + len(documents) + has_memory
