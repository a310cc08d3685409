"""Which pods start anew when a ConfigMap or Secret of a kustomization changes."""

from typing import Any

import pytest

from mooring.deploy import restarts
from mooring.kube.labels import CONFIG_CHECKSUM
from mooring.refs import ObjectRef

SETTINGS = ObjectRef("v1", "ConfigMap", "settings", "shop")
SECRETS = ObjectRef("v1", "Secret", "secrets", "shop")


def config(level: str = "info", *, name: str = "settings") -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"LEVEL": level}}


def secret(value: str = "a2V5", **others: str) -> dict[str, Any]:
    metadata = {"name": "secrets", "namespace": "shop"}
    data = {"KEY": value, **others}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data}


def workload(
    kind: str = "Deployment", *, volume: dict[str, Any] | None = None, **container: Any
) -> dict[str, Any]:
    return {
        "apiVersion": "batch/v1" if kind == "Job" else "apps/v1",
        "kind": kind,
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {
                    "containers": [{"name": "web", "image": "web:1", **container}],
                    "volumes": [{"name": "files", **(volume or {"emptyDir": {}})}],
                },
            }
        },
    }


READS_CONFIG = {"envFrom": [{"configMapRef": {"name": "settings"}}]}
READS_SECRET = {
    "env": [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "secrets", "key": "KEY"}}}]
}

MOUNTS_A_KEY = {"secret": {"secretName": "secrets", "items": [{"key": "KEY", "path": "key"}]}}


def checksum(*manifests: dict[str, Any]) -> str | None:
    """Return the checksum on the pods of the last of ``manifests``."""
    made = restarts.with_checksums(manifests, {SETTINGS, SECRETS})
    assert [one["kind"] for one in made] == [one["kind"] for one in manifests], "none is lost"
    metadata = made[-1]["spec"]["template"]["metadata"]
    assert metadata["labels"] == {"app": "web"}, "what stood there stays"
    found = metadata.get("annotations", {}).get(CONFIG_CHECKSUM)
    assert found is None or isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("before", "after", "is_replaced"),
    [
        pytest.param(
            [config("info"), workload(**READS_CONFIG)],
            [config("debug"), workload(**READS_CONFIG)],
            True,
            id="what-they-read-has-another-content",
        ),
        pytest.param(
            [secret("a2V5"), workload(**READS_SECRET)],
            [secret("bmV3"), workload(**READS_SECRET)],
            True,
            id="a-secret-that-they-read-has-another-value",
        ),
        pytest.param(
            [config("info"), workload("StatefulSet", **READS_CONFIG)],
            [config("debug"), workload("StatefulSet", **READS_CONFIG)],
            True,
            id="those-of-a-stateful-set-too",
        ),
        pytest.param(
            [secret(OTHER="a2V5"), workload(**READS_SECRET)],
            [secret(OTHER="bmV3"), workload(**READS_SECRET)],
            False,
            id="only-a-key-that-they-do-not-read-has-changed",
        ),
        pytest.param(
            [secret(OTHER="a2V5"), workload(volume=MOUNTS_A_KEY)],
            [secret(OTHER="bmV3"), workload(volume=MOUNTS_A_KEY)],
            False,
            id="only-a-key-that-they-do-not-mount-has-changed",
        ),
        pytest.param(
            [secret("a2V5"), workload(volume=MOUNTS_A_KEY)],
            [secret("bmV3"), workload(volume=MOUNTS_A_KEY)],
            True,
            id="a-key-that-they-mount-has-changed",
        ),
        pytest.param(
            [secret(OTHER="a2V5"), workload(volume={"secret": {"secretName": "secrets"}})],
            [secret(OTHER="bmV3"), workload(volume={"secret": {"secretName": "secrets"}})],
            True,
            id="they-mount-all-of-it",
        ),
        pytest.param(
            [config("info"), secret(), workload(**READS_SECRET)],
            [config("debug"), secret(), workload(**READS_SECRET)],
            False,
            id="only-what-they-do-not-read-has-changed",
        ),
        pytest.param(
            [config("info"), workload(**READS_CONFIG)],
            [config("info"), secret("bmV3"), workload(**READS_CONFIG)],
            False,
            id="something-was-added-that-they-do-not-read",
        ),
    ],
)
def test_pods_are_replaced_when_what_they_read_has_changed(
    before: list[dict[str, Any]], after: list[dict[str, Any]], is_replaced: bool
) -> None:
    assert checksum(*before) is not None
    assert (checksum(*before) != checksum(*after)) is is_replaced


@pytest.mark.parametrize(
    "manifests",
    [
        pytest.param([config(), workload("Job", **READS_CONFIG)], id="a-job-cannot-change"),
        pytest.param([config(), workload()], id="they-read-nothing-of-it"),
        pytest.param(
            [
                config(name="kept"),
                workload(envFrom=[{"configMapRef": {"name": "kept"}}]),
            ],
            id="its-name-does-not-change-with-its-content-in-kustomize-either",
        ),
    ],
)
def test_other_pods_are_left_as_they_are(manifests: list[dict[str, Any]]) -> None:
    assert checksum(*manifests) is None


def test_no_value_of_a_secret_can_be_tried_against_the_checksum() -> None:
    made = restarts.with_checksums(
        [secret("c3VwZXJzZWNyZXQ="), workload(**READS_SECRET)], {SECRETS}
    )
    assert "c3VwZXJzZWNyZXQ=" not in str(made[-1])
