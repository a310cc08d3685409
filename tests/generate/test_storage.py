"""Claims, and the volumes of pods."""

import pytest
from tests.generate.support import application, plain

from mooring.app.storage import Lifetime, NetworkShare, Storage
from mooring.generate.storage import access_mode, claims, path_within, takes_group, volume

KEPT = Lifetime.PERSISTENT
NFS = NetworkShare(server="10.0.0.9", path="/export", options=("ro",))
GIBIBYTE = 1024**3


def storage(lifetime: Lifetime = KEPT, **fields: object) -> Storage:
    return Storage(name="data", lifetime=lifetime, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "spec"),
    [
        pytest.param(
            storage(),
            {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "5Gi"}}},
            id="a-size-where-none-is-given",
        ),
        pytest.param(
            storage(size=20 * GIBIBYTE, storage_class="fast", used_by_many=True),
            {
                "accessModes": ["ReadWriteMany"],
                "storageClassName": "fast",
                "resources": {"requests": {"storage": "20Gi"}},
            },
            id="what-was-settled-and-shared",
        ),
        pytest.param(
            storage(share=NFS),
            {
                "accessModes": ["ReadWriteMany"],
                "storageClassName": "",
                "volumeName": "shop-dev-data",
                "resources": {"requests": {"storage": "5Gi"}},
            },
            id="what-a-server-exports",
        ),
    ],
)
def test_claims(given: Storage, spec: dict[str, object]) -> None:
    made = list(claims(application(storages=(given,)), "shop-dev"))
    assert made[-1].kind == "PersistentVolumeClaim"
    assert made[-1].name == "data"
    assert plain(made[-1])["spec"] == spec


def test_a_share_is_a_volume_of_the_cluster() -> None:
    made, _ = claims(application(storages=(storage(share=NFS),)), "shop-dev")
    assert (made.kind, made.name, made.namespaced) == ("PersistentVolume", "shop-dev-data", False)
    assert plain(made)["spec"] == {
        "capacity": {"storage": "5Gi"},
        "accessModes": ["ReadWriteMany"],
        "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": "",
        "mountOptions": ["ro"],
        "nfs": {"server": "10.0.0.9", "path": "/export"},
    }


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(storage(external_name="old"), id="it-is-there-already"),
        pytest.param(storage(per_replica=True), id="each-replica-claims-its-own"),
        pytest.param(storage(Lifetime.REPLICA), id="it-ends-with-its-pod"),
        pytest.param(storage(Lifetime.MEMORY), id="it-is-memory"),
        pytest.param(storage(Lifetime.NODE, node_path="/x"), id="it-is-the-node-s"),
        pytest.param(storage(Lifetime.IMAGE, image="a:1"), id="it-is-an-image"),
    ],
)
def test_what_is_not_claimed(given: Storage) -> None:
    assert list(claims(application(storages=(given,)), "shop-dev")) == []


def test_labels_and_annotations_of_a_volume() -> None:
    given = storage(labels={"team": "a"}, annotations={"note": "two words"})
    (claim,) = claims(application(storages=(given,)), "shop-dev")
    assert claim.metadata.labels["team"] == "a"
    assert claim.metadata.annotations["note"] == "two words"


@pytest.mark.parametrize(
    ("given", "source"),
    [
        pytest.param(storage(), {"persistentVolumeClaim": {"claimName": "data"}}, id="claim"),
        pytest.param(
            storage(external_name="old"),
            {"persistentVolumeClaim": {"claimName": "old"}},
            id="claim-of-another",
        ),
        pytest.param(storage(Lifetime.REPLICA), {"emptyDir": {}}, id="empty"),
        pytest.param(
            storage(Lifetime.MEMORY, size=GIBIBYTE),
            {"emptyDir": {"medium": "Memory", "sizeLimit": "1Gi"}},
            id="memory",
        ),
        pytest.param(
            storage(Lifetime.NODE, node_path="/proc"), {"hostPath": {"path": "/proc"}}, id="node"
        ),
        pytest.param(
            storage(Lifetime.IMAGE, image="a:1"), {"image": {"reference": "a:1"}}, id="image"
        ),
    ],
)
def test_volumes(given: Storage, source: dict[str, object]) -> None:
    assert plain(volume(given)) == {"name": "data", **source}


@pytest.mark.parametrize(
    ("given", "sub_path", "expected"),
    [
        pytest.param(storage(), None, "data", id="below-the-root-of-a-new-claim"),
        pytest.param(storage(), "log", "data/log", id="a-folder-of-it-too"),
        pytest.param(storage(per_replica=True), None, "data", id="of-each-replica"),
        pytest.param(storage(external_name="old"), None, None, id="what-exists-as-it-is"),
        pytest.param(storage(external_name="old"), "log", "log", id="and-its-folders"),
        pytest.param(storage(share=NFS), None, None, id="what-is-exported-as-it-is"),
        pytest.param(storage(Lifetime.REPLICA), None, None, id="nothing-stands-in-an-emptydir"),
    ],
)
def test_path_within(given: Storage, sub_path: str | None, expected: str | None) -> None:
    assert path_within(given, sub_path) == expected


@pytest.mark.parametrize(
    ("given", "takes"),
    [
        pytest.param(storage(), True, id="a-claim"),
        pytest.param(storage(external_name="old"), True, id="a-claim-of-another"),
        pytest.param(storage(share=NFS), False, id="a-server-keeps-its-owners"),
        pytest.param(storage(Lifetime.REPLICA), False, id="everybody-writes-to-an-emptydir"),
    ],
)
def test_takes_group(given: Storage, takes: bool) -> None:
    assert takes_group(given) is takes


def test_access_mode() -> None:
    assert access_mode(storage()) == "ReadWriteOnce"
    assert access_mode(storage(used_by_many=True)) == "ReadWriteMany"
