"""
Deployments on the real control plane: whole stacks go up in order, change, go back and come down.

What was made when, and what was ready when, is asserted from the API server's own records.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration import stacks
from tests.support.bed import BedClient, Note, Stage, behaving

from mooring.kube import names
from mooring.semantics.readiness import conditions

pytestmark = pytest.mark.real

COFFEE = Path(__file__).parents[2] / "examples" / "coffee"


class Program:
    """The mooring program in a folder, on the bed."""

    def __init__(self, folder: Path, bed: BedClient, *words: str) -> None:
        self._folder, self._words = folder, words
        self._environment = {**os.environ, "KUBECONFIG": str(bed.kubeconfig)}

    def __call__(self, *words: str, status: int | None = 0) -> str:
        """Run it and return what it printed."""
        program = Path(sys.executable).with_name("mooring")
        done = subprocess.run(
            [program, *words, *self._words],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        told = done.stdout + done.stderr
        assert status in (None, done.returncode), told
        return told


def made(bed: BedClient, namespace: str, path: str) -> dict[str, str]:
    """Return when each object below ``path`` was made, by its name."""
    items = bed.api.get(f"{path.replace('NS', f'namespaces/{namespace}')}")["items"]
    return {item["metadata"]["name"]: item["metadata"]["creationTimestamp"] for item in items}


@pytest.fixture(scope="module")
def coffee(bed: BedClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The coffee example, converted for a namespace of its own."""
    folder = tmp_path_factory.mktemp("coffee") / "coffee"
    shutil.copytree(COFFEE, folder)
    namespace = f"coffee-{os.getpid()}"
    (folder / "mooring.yaml").write_text(
        f"project: coffee\nenvironments:\n  dev: {{tier: dev, namespace: {namespace}}}\n",
        encoding="utf-8",
    )
    program = Program(folder, bed)
    program("convert", "-e", "dev")
    yield program
    bed.api.delete(f"/api/v1/namespaces/{namespace}")


def _space() -> str:
    return f"coffee-{os.getpid()}"


def test_coffee_goes_up_in_order(coffee: Program, bed: BedClient) -> None:
    told = coffee("up", "dev", "--yes", "--hold", "2")
    assert "revision 1 is up" in told
    sets = made(bed, _space(), "/apis/apps/v1/NS/statefulsets")
    deployments = made(bed, _space(), "/apis/apps/v1/NS/deployments")
    (job,) = bed.api.get(f"/apis/batch/v1/namespaces/{_space()}/jobs")["items"]
    ready = {
        pod["metadata"]["name"]: conditions.condition(pod, "Ready").get("lastTransitionTime")
        for pod in bed.pods(_space())
    }
    completed = conditions.condition(job, "Complete").get("lastTransitionTime")
    assert sets["postgres"] <= str(ready["postgres-0"]) <= job["metadata"]["creationTimestamp"]
    assert str(completed) <= deployments["api"]
    assert str(completed) <= deployments["order-worker"]
    assert deployments["api"] <= deployments["web"]


def test_nothing_changes_when_nothing_changed(coffee: Program) -> None:
    assert "nothing to do" in coffee("up", "dev", "--yes")
    assert "nothing to change" in coffee("diff", "dev")


def test_it_is_verified_and_its_status_told(coffee: Program) -> None:
    told = coffee("status", "dev")
    assert "revision 1, verified" in told
    assert "all 3" in told
    # kwok's pods have no program that could answer: what is asked over HTTP is said to fail.
    assert "is ready" in coffee("verify", "dev", "-v", "--hold", "1", status=None)


def test_a_change_goes_up_and_back(coffee: Program, bed: BedClient) -> None:
    file = coffee._folder / "deploy/environments/dev/patches/kustomization.yaml"
    kept = file.read_text(encoding="utf-8")
    file.write_text(
        kept
        + "\npatches:\n- target: {kind: Deployment, name: web}\n  patch: |-\n"
        + "    - {op: add, path: /spec/template/metadata/labels/changed, value: 'yes'}\n",
        encoding="utf-8",
    )
    told = coffee("diff", "dev", status=1)
    assert "~ Deployment/web" in told
    assert "1 to change" in told
    assert "revision 2 is up" in coffee("up", "dev", "--yes", "--hold", "1")
    file.write_text(kept, encoding="utf-8")
    assert "revision 3 is up" in coffee("rollback", "dev", "--yes", "--hold", "1")
    web = bed.api.get(f"/apis/apps/v1/namespaces/{_space()}/deployments/web")
    assert "changed" not in web["spec"]["template"]["metadata"]["labels"]
    assert "back to 1" in coffee("history", "dev")


def test_drift_is_seen_and_taken_back(coffee: Program, bed: BedClient) -> None:
    path = f"/api/v1/namespaces/{_space()}/configmaps"
    name = next(name for name in made(bed, _space(), "/api/v1/NS/configmaps") if "web-env" in name)
    before = bed.api.get(f"{path}/{name}")["data"]
    key = sorted(before)[0]
    bed.api.patch(f"{path}/{name}", {"data": {key: "changed-by-hand"}})
    assert "drift" in coffee("status", "dev", status=1)
    coffee("up", "dev", "--yes", "--hold", "1")
    assert bed.api.get(f"{path}/{name}")["data"] == before


def test_coffee_comes_down(coffee: Program, bed: BedClient) -> None:
    told = coffee("down", "dev", "--yes")
    assert "dev is down" in told
    bed.wait_for(lambda: not bed.pods(_space()))
    claims = made(bed, _space(), "/api/v1/NS/persistentvolumeclaims")
    assert any("postgres" in name for name in claims), "the data stays"
    coffee("down", "dev", "--yes", "--volumes")


def workload(name: str, pod: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """Return a Deployment of one pod."""
    template = {**pod, "metadata": {**pod["metadata"], "labels": {
        **pod["metadata"]["labels"], "app": name}}}  # fmt: skip
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "annotations": {"mooring.dev/origin": "compose.yaml:7"}},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": template, **spec},
    }


MESSAGE = Note.MESSAGE
DELAY = {Note.DELAY: "100ms"}
FAILURES: dict[str, tuple[dict[str, Any], str]] = {
    "an-image-that-is-not-there": (
        behaving(Stage.IMAGE_PULL, notes={MESSAGE: "registry.example/web:1: not found"}),
        "there is no image",
    ),
    "a-registry-that-refuses": (
        behaving(Stage.IMAGE_PULL, notes={MESSAGE: "401 Unauthorized"}),
        "does not give out",
    ),
    "an-image-for-another-machine": (
        behaving(Stage.IMAGE_PULL, notes={MESSAGE: "no match for platform in manifest"}),
        "not made for the node's machine",
    ),
    "a-malformed-image": (behaving(Stage.INVALID_IMAGE_NAME), "parse image name"),
    "a-missing-secret": (
        behaving(Stage.CONFIG_ERROR, notes={MESSAGE: 'secret "db" not found'}),
        'secret "db" not found',
    ),
    "a-program-that-is-not-there": (
        behaving(
            Stage.START_ERROR,
            notes={MESSAGE: 'exec: "srv": executable file not found in $PATH'},
        ),
        "executable file not found",
    ),
    "a-program-of-another-machine": (
        behaving(Stage.START_ERROR, notes={MESSAGE: "exec /srv: exec format error"}),
        "exec format error",
    ),
    "a-crash-loop": (behaving(Stage.CRASH, notes=DELAY), "it ended with status"),
    "out-of-memory": (behaving(Stage.OOM, notes=DELAY), "more memory than its limit"),
    "an-init-container-that-crashes": (
        behaving(
            Stage.INIT_CRASH,
            notes=DELAY,
            initContainers=[{"name": "first", "image": "registry.example/init:1"}],
        ),
        "first: it ended with status",
    ),
    "a-program-that-ends": (behaving(Stage.COMPLETE, notes=DELAY), "ended with status 0"),
    "no-node-that-fits": (
        behaving(Stage.READY, nodeSelector={"disk": "none-has-it"}),
        "nodes are available",
    ),
    "a-volume-that-is-not-mounted": (
        behaving(
            Stage.NO_VOLUME,
            notes={MESSAGE: "attached to another node"},
        ),
        "attached to another node",
    ),
    "a-config-map-that-is-not-there": (
        behaving(
            Stage.NO_VOLUME,
            notes={MESSAGE: 'MountVolume.SetUp failed: configmap "menu" not found'},
        ),
        'configmap "menu" not found',
    ),
    "a-probe-that-fails": (
        behaving(
            Stage.NEVER_READY,
            containers=[
                {
                    "name": "web",
                    "image": "registry.example/web:1",
                    "readinessProbe": {"tcpSocket": {"port": 80}},
                }
            ],
        ),
        "0 of 1 replicas",
    ),
}


@pytest.mark.parametrize(("pod", "words"), FAILURES.values(), ids=FAILURES)
def test_the_cause_is_named(
    bed: BedClient, tmp_path: Path, pod: dict[str, Any], words: str
) -> None:
    with bed.namespace("fails") as namespace:
        (tmp_path / "web.json").write_text(json.dumps(workload("web", pod)), encoding="utf-8")
        program = Program(tmp_path, bed, "-k", str(tmp_path), "-n", namespace)
        told = program("up", "test", "--yes", "--quiet-timeout", "6", "--format", "json", status=1)
    assert named_in_time(told, "web", words)["origin"] == "compose.yaml:7"


def named_in_time(told: str, name: str, words: str) -> dict[str, Any]:
    """Return how ``name`` failed, as JSON has ``told``; the cause was named within 5 s."""
    events = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    failures = [one for one in events if one["event"] == "failed"]
    assert [one["ref"]["name"] for one in failures] == [name], failures
    assert words in failures[0]["message"]
    begun = next(
        one["at"] for one in events if one["event"] == "writing" and one["ref"]["name"] == name
    )
    assert _first_told(events, words) - begun < 5
    return failures[0]


def _first_told(events: list[dict[str, Any]], words: str) -> float:
    """Return after how many seconds an event first names the cause."""
    return float(
        min(
            one["at"]
            for one in events
            if any(words in str(one.get(field, "")) for field in ("message", "warning", "reason"))
        )
    )


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        pytest.param(
            {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"},
             "spec": {"hard": {"pods": "0"}}},
            "exceeded quota", id="a-quota",
        ),
        pytest.param(
            {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "l"},
             "spec": {"limits": [{"type": "Container", "max": {"memory": "1Mi"},
                                  "default": {"memory": "1Mi"}}]}},
            "maximum memory usage", id="a-limit-range",
        ),
    ],
)  # fmt: skip
def test_a_refusal_of_pods_is_named(
    bed: BedClient, tmp_path: Path, refused: dict[str, Any], words: str
) -> None:
    pod = behaving(
        Stage.READY,
        containers=[
            {
                "name": "web",
                "image": "registry.example/web:1",
                "resources": {"limits": {"memory": "64Mi"}},
            }
        ],
    )
    with bed.namespace("refused") as namespace:
        objects = [refused, workload("web", pod)]
        for number, one in enumerate(objects):
            (tmp_path / f"{number}.json").write_text(json.dumps(one), encoding="utf-8")
        program = Program(tmp_path, bed, "-k", str(tmp_path), "-n", namespace)
        told = program("up", "test", "--yes", "--quiet-timeout", "10", "--format", "json", status=1)
    named_in_time(told, "web", words)


STACKS = [stack for stack in stacks.corpus() if stack.name.endswith((".dev", ".stage", "-backend"))
          and stack.name.startswith(("synmetrix-root", "cptm8-root"))]  # fmt: skip


@pytest.mark.corpus
@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.name)
def test_a_real_stack_goes_up_in_order_changes_and_comes_down(
    bed: BedClient, tmp_path: Path, stack: stacks.Stack
) -> None:
    folder = Path(stack.copied(tmp_path).directory)
    space = names.label(f"{stack.name}-{os.getpid()}")
    named = [word for file in stack.files for word in ("-f", file)]
    (folder / "mooring.yaml").write_text(
        f"project: it\nenvironments:\n  try: {{tier: dev, namespace: {space}}}\n", encoding="utf-8"
    )
    Program(folder, bed)("convert", *named, "-e", "try")
    program = Program(folder, bed)
    # A pod that is made anew at a change needs the large node as much as the first one.
    with bed.node(f"large-{os.getpid()}", cpu="64", memory="256Gi"):
        try:
            told = program("up", "try", "--yes", "--hold", "1", "--timeout", "200")
            assert "revision 1 is up" in told
            _in_order(bed, space)
            assert "nothing to do" in program("up", "try", "--yes")
            assert "all " in program("status", "try")
            file = folder / "deploy/environments/try/patches/kustomization.yaml"
            patch = "{op: add, path: /metadata/labels/changed, value: 'yes'}"
            file.write_text(
                f"{file.read_text(encoding='utf-8')}\npatches:\n- target: {{kind: Service}}\n"
                f"  patch: |-\n    - {patch}\n",
                encoding="utf-8",
            )
            assert "revision 2 is up" in program("up", "try", "--yes", "--hold", "0")
            assert "revision 3 is up" in program("rollback", "try", "--yes", "--hold", "0")
            services = bed.api.get(f"/api/v1/namespaces/{space}/services")["items"]
            assert all("changed" not in one["metadata"]["labels"] for one in services)
            assert "is ready" in program("verify", "try", "-v", "--hold", "0", status=None)
            told = program("down", "try", "--yes", "--volumes")
            assert "try is down" in told
        finally:
            bed.api.delete(f"/api/v1/namespaces/{space}")


def _in_order(bed: BedClient, space: str) -> None:
    """Assert from the server's records that each workload was made once what it needs was ready."""
    found: dict[str, dict[str, Any]] = {}
    for path in ("/apis/apps/v1/NS/deployments", "/apis/apps/v1/NS/statefulsets",
                 "/apis/batch/v1/NS/jobs"):  # fmt: skip
        items = bed.api.get(path.replace("NS", f"namespaces/{space}"))["items"]
        for item in items:
            labels = item["metadata"].get("labels") or {}
            found[labels.get("app.kubernetes.io/name") or item["metadata"]["name"]] = item
    ready: dict[str, str] = {}
    for pod in bed.pods(space):
        name = pod["metadata"]["labels"].get("app.kubernetes.io/name", "")
        at = str(conditions.condition(pod, "Ready").get("lastTransitionTime") or "")
        ready[name] = max(at, ready.get(name, ""))
    for name, item in found.items():
        if item["metadata"].get("creationTimestamp") and "batch" in item.get("apiVersion", ""):
            ready[name] = str(conditions.condition(item, "Complete").get("lastTransitionTime"))
    checked = 0
    for name, item in found.items():
        said = (item["metadata"].get("annotations") or {}).get("mooring.dev/depends-on", "")
        for entry in filter(None, said.split(",")):
            other, _, condition = entry.partition("=")
            if condition in ("healthy", "completed") and other in ready:
                assert ready[other] <= item["metadata"]["creationTimestamp"], (name, other)
                checked += 1
    assert checked or not any("depends-on" in str(item["metadata"]) for item in found.values())
