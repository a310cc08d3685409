"""`mooring check` of a live cluster and of what kubectl wrote of one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli import called
from tests.cli.called import Called
from tests.cluster.conformance import config_map
from tests.fake_api import FakeApi, Fault, On

DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "default"},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "web", "image": "nginx"}]},
        },
    },
}
SELECT = ("--select", "image-without-version")


@pytest.fixture
def fake() -> Iterator[FakeApi]:
    """A server with a workload and all that it makes."""
    with FakeApi(tick_seconds=None) as server:
        server.put(DEPLOYMENT)
        server.tick(5)
        yield server


def check(*arguments: str, at: Path, fake: FakeApi | None = None) -> Called:
    """Call `mooring check`."""
    environment = {"XDG_CACHE_HOME": str(at / "cache")}
    if fake is not None:
        environment["KUBECONFIG"] = str(fake.kubeconfig(at))
    return called.mooring("check", *arguments, at=at, environment=environment)


def test_a_cluster_is_judged_by_what_was_declared(fake: FakeApi, tmp_path: Path) -> None:
    done = check("--from-cluster", "--format", "json", *SELECT, at=tmp_path, fake=fake)
    assert done.returncode == 1, done.stderr
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["subject"]["kind"], found["subject"]["name"]) == ("Deployment", "web")
    assert "left out: 2 objects that controllers made, 0 that are being deleted" in done.stderr


def test_what_may_not_be_seen_is_said_and_is_status_4(fake: FakeApi, tmp_path: Path) -> None:
    fake.fail(On(verb="list", kind="Secret", times=None), Fault.status(403))
    fake.drop("Deployment", "default", "web")
    fake.tick(3)
    done = check("--from-cluster", *SELECT, at=tmp_path, fake=fake)
    assert "not looked at: Secret: not allowed" in done.stderr
    assert "nothing found (" in done.stdout
    assert "; not all could be looked at" in done.stdout
    assert done.returncode == 4, done.stdout
    told = check("--from-cluster", "--format", "json", *SELECT, at=tmp_path, fake=fake)
    assert json.loads(told.stdout)["notLookedAt"] == ["Secret: not allowed"]


def test_findings_count_more_than_what_may_not_be_seen(fake: FakeApi, tmp_path: Path) -> None:
    fake.fail(On(verb="list", kind="Secret", times=None), Fault.status(403))
    assert check("--from-cluster", *SELECT, at=tmp_path, fake=fake).returncode == 1


def test_only_one_namespace_is_judged_where_one_is_named(fake: FakeApi, tmp_path: Path) -> None:
    fake.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    done = check("--from-cluster", "-n", "shop", *SELECT, at=tmp_path, fake=fake)
    assert (done.returncode, "nothing found" in done.stdout) == (0, True)


def test_of_the_system_nothing_is_told_unless_it_is_asked_for(
    fake: FakeApi, tmp_path: Path
) -> None:
    fake.drop("Deployment", "default", "web")
    fake.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system"}})
    system = {**DEPLOYMENT, "metadata": {"name": "dns", "namespace": "kube-system"}}
    fake.put(system)
    fake.tick(3)
    assert check("--from-cluster", *SELECT, at=tmp_path, fake=fake).returncode == 0
    done = check("--from-cluster", "-n", "kube-system", *SELECT, at=tmp_path, fake=fake)
    assert done.returncode == 1


def test_a_cluster_that_does_not_answer_is_status_3(tmp_path: Path) -> None:
    with FakeApi() as fake:
        pass
    done = check("--from-cluster", at=tmp_path, fake=fake)
    assert done.returncode == 3
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("--context", "x"), "are for a live cluster", id="a-context-alone"),
        pytest.param(("--from-cluster", "x.yaml"), "and no files", id="files-beside-it"),
        pytest.param(("--from-cluster", "--fix"), "is not mended", id="mending-there"),
        pytest.param(
            ("--from-cluster", "--context", "x"), "has no context x", id="no-such-context"
        ),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    with FakeApi() as fake:
        done = check(*arguments, at=tmp_path, fake=fake)
    assert done.returncode in (2, 3)
    assert message in done.stderr


def test_what_kubectl_wrote_is_judged_by_what_was_declared(fake: FakeApi, tmp_path: Path) -> None:
    every = [*fake.all("Deployment"), *fake.all("ReplicaSet"), *fake.all("Pod")]
    listed = {"apiVersion": "v1", "kind": "List", "items": every, "metadata": {}}
    (tmp_path / "snapshot.json").write_text(json.dumps(listed, indent=1))
    done = check("snapshot.json", "--format", "json", *SELECT, at=tmp_path)
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["subject"]["kind"], found["position"]["file"]) == ("Deployment", "snapshot.json")
    line = (tmp_path / "snapshot.json").read_text().splitlines()[found["position"]["line"] - 1]
    assert '"image": "nginx"' in line


def test_one_page_of_a_list_is_not_the_whole(tmp_path: Path) -> None:
    item = {**config_map("default"), "metadata": {"name": "a", "namespace": "default", "uid": "u"}}
    listed = {"apiVersion": "v1", "kind": "List", "items": [item], "metadata": {"continue": "x"}}
    (tmp_path / "page.json").write_text(json.dumps(listed))
    done = check("page.json", *SELECT, at=tmp_path)
    assert done.returncode == 4
    assert "page.json is one page of a list" in done.stderr


def test_manifests_are_compared_with_what_the_cluster_has(fake: FakeApi, tmp_path: Path) -> None:
    changed = json.loads(json.dumps(DEPLOYMENT))
    changed["spec"]["selector"]["matchLabels"]["tier"] = "front"
    changed["spec"]["template"]["metadata"]["labels"]["tier"] = "front"
    del changed["metadata"]["namespace"]
    (tmp_path / "web.json").write_text(json.dumps(changed))
    wanted = ("--baseline", "cluster", "--format", "json", "--select")
    for rule in ("immutable-field-changed", "image-without-version"):
        done = check("web.json", *wanted, rule, at=tmp_path, fake=fake)
        found = [one["rule"] for one in json.loads(done.stdout)["findings"]]
        # The image was without a version before, too.
        assert found == (["immutable-field-changed"] if rule.startswith("imm") else []), done.stderr


def test_what_is_being_deleted_and_does_not_go_is_told(fake: FakeApi, tmp_path: Path) -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {
            "name": "uploads",
            "namespace": "default",
            "finalizers": ["kubernetes.io/pvc-protection"],
            "deletionTimestamp": "2026-01-01T08:00:00Z",
        },
        "spec": {"resources": {"requests": {"storage": "1Gi"}}},
    }
    fake.put(claim)
    wanted = ("--select", "deletion-held-up", "--format", "json")
    done = check("--from-cluster", *wanted, at=tmp_path, fake=fake)
    (found,) = json.loads(done.stdout)["findings"]
    assert found["subject"]["name"] == "uploads"
    assert found["confidence"] == "high"
    assert "waits for kubernetes.io/pvc-protection" in found["message"]
