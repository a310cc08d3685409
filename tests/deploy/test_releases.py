"""Several releases as one deployment: in order, side by side, shared, back and down again."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from tests.deploy.objects import Manifest, config, namespace, service, workload
from tests.fake_api import Behaviour, FakeApi, Outcome

from mooring.cli import main

SETTINGS = """\
environments: {staging: , production: }
releases:
  infrastructure: {path: infra, environment: shared, namespace: infra}
  monitoring: {path: monitoring, namespace: watch, environments: [staging]}
  application: {needs: [infrastructure]}
"""

Program: TypeAlias = Callable[..., tuple[int, str]]


def write(file: Path, *objects: Manifest) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump_all(objects), encoding="utf-8")


def application(folder: Path, environment: str, *more: Manifest) -> None:
    """Write the tree of an environment as `convert` would."""
    objects = [
        namespace(f"shop-{environment}"),
        config("settings"),
        workload("db", "StatefulSet"),
        workload("api", depends_on="db=healthy"),
        *more,
    ]
    for one in objects:
        one["metadata"].setdefault("labels", {})["app.kubernetes.io/instance"] = "shop"
        if one["kind"] != "Namespace":
            one["metadata"]["namespace"] = f"shop-{environment}"
    write(folder / f"deploy/environments/{environment}/all.yaml", *objects)


@pytest.fixture
def fake() -> Iterator[FakeApi]:
    with FakeApi(tick_seconds=0.01) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, fake: FakeApi, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stack with infrastructure that its environments share, and monitoring beside it."""
    (tmp_path / "mooring.yaml").write_text(SETTINGS, encoding="utf-8")
    write(tmp_path / "infra/all.yaml", workload("broker", "StatefulSet"), service("broker"))
    write(tmp_path / "monitoring/all.yaml", workload("prometheus"))
    for environment in ("staging", "production"):
        application(tmp_path, environment)
    fake.kubeconfig(tmp_path)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("MOORING_ENVIRONMENT", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mooring(folder: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program in the folder; it returns its status and all that it printed."""

    def call(*words: str) -> tuple[int, str]:
        status = main.run([*words])
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


def up(mooring: Program, environment: str = "staging", *more: str) -> tuple[int, str]:
    return mooring("up", environment, "--yes", "--hold", "0", *more)


def made(fake: FakeApi) -> list[str]:
    """Return the workloads in the order in which they were made."""
    kinds = ("statefulsets", "deployments")
    return [
        f"{entry.key.namespace}/{entry.key.name}"
        for entry in fake.store.history
        if entry.change == "ADDED" and entry.key.plural in kinds
    ]


def test_what_is_needed_is_up_first(mooring: Program, fake: FakeApi) -> None:
    status, told = up(mooring)
    assert status == 0, told
    order = made(fake)
    assert order.index("infra/broker") < order.index("shop-staging/db")
    assert "staging is up" in told
    for name in ("infrastructure", "monitoring", "application"):
        assert f"release {name}: revision 1 is up" in told


def test_namespaces_are_there_before_anything_else(mooring: Program, fake: FakeApi) -> None:
    up(mooring)
    first = {entry.key.name for entry in fake.store.history if entry.key.plural == "namespaces"}
    assert {"infra", "watch", "shop-staging"} <= first
    spaces = ("infra", "watch", "shop-staging")
    added = [
        (entry.key.plural, entry.key.name)
        for entry in fake.store.history
        if entry.change == "ADDED"
        and (entry.key.name in spaces or entry.key.plural in ("statefulsets", "deployments"))
        and (entry.key.plural in ("namespaces", "statefulsets", "deployments"))
    ]
    assert [plural for plural, _ in added[:3]] == ["namespaces"] * 3


def test_nothing_is_done_twice(mooring: Program, fake: FakeApi) -> None:
    up(mooring)
    writes = len(fake.requests("write"))
    assert up(mooring) == (0, "nothing to do: all 3 releases are as they should be, and ready\n")
    assert len(fake.requests("write")) == writes


def test_what_is_shared_is_deployed_once(mooring: Program, fake: FakeApi) -> None:
    up(mooring)
    status, told = up(mooring, "production")
    assert status == 0, told
    assert made(fake).count("infra/broker") == 1
    assert "as they should be: infrastructure" in told
    assert "monitoring" not in told, "it is part of staging alone"


def test_no_environment_prunes_what_another_needs(
    mooring: Program, folder: Path, fake: FakeApi
) -> None:
    application(folder, "staging", config("more"))
    up(mooring)
    application(folder, "staging")
    up(mooring, "production")
    assert fake.get("ConfigMap", "shop-staging", "more") is not None
    assert fake.get("StatefulSet", "infra", "broker") is not None
    up(mooring)
    assert fake.get("ConfigMap", "shop-staging", "more") is None


def test_a_failure_holds_back_what_needs_it_and_nothing_else(
    mooring: Program, fake: FakeApi
) -> None:
    fake.behave("broker", Behaviour(outcome=Outcome.NO_IMAGE))
    status, told = up(mooring)
    assert status == 1
    assert "release infrastructure: revision 1 failed" in told
    assert "release application was not begun: it needs infrastructure" in told
    assert "release monitoring: revision 1 is up" in told
    assert fake.get("Deployment", "shop-staging", "api") is None
    fake.behave("broker", Behaviour())
    fake.recreate("StatefulSet", "infra", "broker")
    assert up(mooring)[0] == 0


def test_diff_and_status_tell_of_every_release(mooring: Program, fake: FakeApi) -> None:
    status, told = mooring("diff", "staging")
    assert status == 1
    assert [line for line in told.splitlines() if line.startswith("release ")] == [
        "release infrastructure", "release monitoring", "release application",
    ]  # fmt: skip
    up(mooring)
    assert mooring("diff", "staging")[0] == 0
    status, told = mooring("status", "staging", "--format", "json")
    assert status == 0
    assert set(json.loads(told)["releases"]) == {"infrastructure", "monitoring", "application"}
    fake.forwards[80] = int(fake.url.rpartition(":")[2])
    status, told = mooring("verify", "staging", "--hold", "0", "--format", "json")
    assert status == 0, told
    assert set(json.loads(told)["releases"]) == {"infrastructure", "monitoring", "application"}
    assert mooring("wait", "staging")[0] == 0
    assert "up from infra" in mooring("history", "staging")[1]


def test_a_saved_plan_holds_all_releases(mooring: Program, folder: Path) -> None:
    assert mooring("diff", "staging", "--save", "plan.json")[0] == 1
    assert set(json.loads((folder / "plan.json").read_text())["releases"]) == {
        "infrastructure", "monitoring", "application",
    }  # fmt: skip
    status, told = mooring("up", "staging", "--plan", "plan.json", "--hold", "0")
    assert status == 0, told
    status, told = mooring("up", "staging", "--plan", "plan.json", "--hold", "0")
    assert status == 1
    assert "is not what would be done now" in told


def test_one_release_may_go_alone(mooring: Program, fake: FakeApi) -> None:
    assert up(mooring, "staging", "--release", "monitoring")[0] == 0
    assert made(fake) == ["watch/prometheus"]
    status, told = up(mooring, "staging", "--release", "monitorin")
    assert status == 2
    assert 'did you mean "monitoring"?' in told


def test_a_job_of_one_release_runs_again(mooring: Program, folder: Path, fake: FakeApi) -> None:
    application(folder, "staging", workload("migrate", "Job", depends_on="db=healthy"))
    up(mooring)
    assert up(mooring, "staging", "--again", "migrate")[0] == 0
    assert fake.runs["shop-staging/migrate"] == 2
    status, told = up(mooring, "staging", "--again", "migrat")
    assert status == 2
    assert "there is no Job migrat" in told


def test_machines_are_told_whose_each_event_is(mooring: Program) -> None:
    status, told = up(mooring, "staging", "--format", "json")
    assert status == 0
    events = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    assert {one["release"] for one in events} == {"infrastructure", "monitoring", "application"}
    refs = [one["ref"] for one in events if "ref" in one]
    assert refs, "an object is called as Kubernetes calls it"
    assert all({"apiVersion", "kind", "name"} <= set(one) for one in refs)


def test_what_the_last_deployment_changed_goes_back_together(
    mooring: Program, folder: Path, fake: FakeApi
) -> None:
    up(mooring)
    write(folder / "infra/all.yaml", workload("broker", "StatefulSet", image="shop/broker:2"))
    write(folder / "monitoring/all.yaml", workload("prometheus", image="shop/prometheus:2"))
    application(folder, "staging", config("more"))
    up(mooring)
    status, told = mooring("rollback", "staging", "--yes", "--hold", "0")
    assert status == 0, told
    assert "back to revision 1" in told
    assert "note:" not in told
    assert fake.get("ConfigMap", "shop-staging", "more") is None
    assert _image(fake, "Deployment", "watch", "prometheus") == "shop/web:1"
    assert _image(fake, "StatefulSet", "infra", "broker") == "shop/broker:2", "it is shared"
    status, told = mooring(
        "rollback", "staging", "--yes", "--hold", "0", "--release", "infrastructure"
    )
    assert status == 0, told
    assert _image(fake, "StatefulSet", "infra", "broker") == "shop/web:1"


def _image(fake: FakeApi, kind: str, space: str, name: str) -> Any:
    live = fake.get(kind, space, name)
    assert live is not None
    return live["spec"]["template"]["spec"]["containers"][0]["image"]


def test_down_goes_backwards_and_leaves_what_others_use(mooring: Program, fake: FakeApi) -> None:
    up(mooring)
    up(mooring, "production")
    status, told = mooring("down", "staging", "--yes")
    assert status == 0, told
    assert "shop.production uses it" in told
    assert fake.get("StatefulSet", "infra", "broker") is not None
    assert fake.get("Deployment", "shop-staging", "api") is None
    status, told = mooring("down", "production", "--yes")
    assert status == 0, told
    gone = [
        entry.key.name
        for entry in fake.store.history
        if entry.change == "DELETED" and entry.key.plural in ("deployments", "statefulsets")
    ]
    assert gone[-2:] == ["db", "broker"]


def test_what_others_use_is_taken_down_when_that_is_asked_for(
    mooring: Program, fake: FakeApi
) -> None:
    up(mooring)
    up(mooring, "production")
    status, told = mooring("down", "staging", "--yes", "--shared")
    assert status == 0, told
    assert fake.get("StatefulSet", "infra", "broker") is None


def test_what_the_same_environment_needs_is_not_taken_from_under_it(
    mooring: Program, fake: FakeApi
) -> None:
    up(mooring)
    status, told = mooring("down", "staging", "--yes", "--release", "infrastructure")
    assert status == 1
    assert "the release application uses it" in told
    assert "shop.staging" not in told
    assert fake.get("StatefulSet", "infra", "broker") is not None


def test_who_uses_what_is_shared_is_told(mooring: Program) -> None:
    up(mooring)
    up(mooring, "production")
    _, told = mooring("status", "staging")
    assert "used by   shop.production, shop.staging" in told


def test_a_release_that_is_no_longer_listed_is_told_and_stays(
    mooring: Program, folder: Path, fake: FakeApi
) -> None:
    up(mooring)
    kept = [line for line in SETTINGS.splitlines() if "monitoring" not in line]
    (folder / "mooring.yaml").write_text("\n".join(kept))
    status, told = up(mooring)
    assert status == 0
    assert "note: monitoring.staging in the namespace watch was a release of staging" in told
    assert fake.get("Deployment", "watch", "prometheus") is not None
    assert "note" not in up(mooring, "staging", "--release", "infrastructure")[1]


def test_what_is_taken_down_by_somebody_else_meanwhile_is_seen(
    mooring: Program, fake: FakeApi
) -> None:
    up(mooring)
    mooring("down", "staging", "--yes", "--release", "application")

    def somebody(item: dict[str, Any]) -> None:
        item["data"]["state"] = "being taken down"

    name = "mooring.infrastructure.shared.used-by.shop.staging"
    fake.drop("ConfigMap", "infra", name)
    seen = fake.get("ConfigMap", "infra", "mooring.infrastructure.shared")
    assert seen is not None
    before = fake.store.listeners[:]

    def once(entry: Any) -> None:
        if entry.key.name == name and entry.change == "ADDED":
            fake.edit("ConfigMap", "infra", "mooring.infrastructure.shared", somebody)

    fake.store.listeners.append(once)
    status, told = up(mooring)
    fake.store.listeners[:] = before
    assert status == 3, told
    assert "release infrastructure has changed meanwhile" in told
    assert fake.get("Deployment", "shop-staging", "api") is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param(
            "environments: {staging: }\nreleases: {a: {path: nowhere}}\n",
            "release a: there is no folder nowhere",
            id="no-folder",
        ),
        pytest.param(
            "releases: {a: {path: infra}}\n",
            "there is no environment staging in mooring.yaml",
            id="an-environment-that-nothing-names",
        ),
        pytest.param(
            "environments: {staging: }\nreleases: {a: {path: infra, environments: [production]}}\n",
            "no release is part of staging",
            id="no-release-for-it",
        ),
        pytest.param(
            "releases: {a: {path: infra, namespace: infra}, b: {path: infra, namespace: infra},"
            " c: }\n",
            "is part of the releases a and b",
            id="one-object-in-two-releases",
        ),
        pytest.param(
            "releases: {a: {path: ., environment: test}, b: {needs: [a]}}\n",
            "say which with environment: in mooring.yaml; there is: production, staging",
            id="a-tree-without-the-environment",
        ),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_written(
    mooring: Program, folder: Path, fake: FakeApi, settings: str, words: str
) -> None:
    (folder / "mooring.yaml").write_text(settings, encoding="utf-8")
    status, told = up(mooring)
    assert status == 2, told
    assert words in told
    assert fake.requests("write") == []


def test_a_project_beside_its_tree_is_a_release_too(
    mooring: Program, folder: Path, fake: FakeApi
) -> None:
    platform = folder / "platform"
    settings = (folder / "mooring.yaml").read_text().replace("path: infra", "path: platform")
    (folder / "mooring.yaml").write_text(settings)
    write(platform / "deploy/environments/shared/all.yaml", workload("broker", "StatefulSet"))
    (platform / "compose.yaml").write_text("services: {broker: {image: broker}}\n")
    (platform / "mooring.yaml").write_text("environments: {shared: {tier: staging}}\n")
    status, told = up(mooring)
    assert status == 1
    assert "which version of broker does it run?" in told, "its own questions are asked as well"
    status, told = up(mooring, "staging", "--accept-open-questions")
    assert status == 0, told
    assert "infra/broker" in made(fake)
    shutil.rmtree(platform / "deploy")
    status, told = up(mooring)
    assert status == 2
    assert "platform is not converted yet" in told
