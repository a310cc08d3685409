"""
The real program, killed by the system before and after every write to a real control plane.

Every write of a first deployment of thirty objects, and of one that changes, makes anew and deletes
some of them, each in a namespace of its own; a proxy before the API server ends the process when it
has the request and has handed on nothing, or has the answer and has handed back nothing.  Several
at once, as most of the time is spent waiting for pods.
"""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from tests.deploy.forking import Forks, Process
from tests.deploy.objects import (
    RBAC,
    Manifest,
    config,
    namespace,
    published,
    selecting_otherwise,
    service,
    surroundings,
    workload,
)
from tests.integration.killing import Point, Way, Ways
from tests.support.bed import BedClient

from mooring.deploy import inventory, journal, records
from mooring.deploy.journal import State

pytestmark = pytest.mark.real

AT_ONCE = 6
PATHS = (
    "api/v1/{}/configmaps", "api/v1/{}/secrets", "api/v1/{}/services",
    "api/v1/{}/serviceaccounts", "apis/apps/v1/{}/deployments", "apis/apps/v1/{}/statefulsets",
    "apis/batch/v1/{}/jobs", f"apis/{RBAC}/{{}}/roles", f"apis/{RBAC}/{{}}/rolebindings",
    "apis/networking.k8s.io/v1/{}/networkpolicies", "apis/networking.k8s.io/v1/{}/ingresses",
    "apis/policy/v1/{}/poddisruptionbudgets",
)  # fmt: skip


def first(space: str) -> list[Manifest]:
    """Return thirty objects: a database, a migration, a server, and what stands around them."""
    found = [
        namespace(space),
        *surroundings("abcdefghijklmnopq", space),
        service("db"),
        service("api"),
        workload("db", "StatefulSet"),
        workload("migrate", "Job", depends_on="db=healthy"),
        workload("api", depends_on="migrate=completed"),
        *published("api"),
    ]
    assert len(found) == 30
    return found


def second(space: str) -> list[Manifest]:
    """Return them with one changed, one made anew, one new and three no longer wanted."""
    gone = ("settings-o", "settings-p", "settings-q")
    found = [one for one in first(space) if one["metadata"]["name"] not in gone]
    at = {(one["kind"], one["metadata"]["name"]): number for number, one in enumerate(found)}
    found[at["ConfigMap", "settings-a"]] = config("settings-a", LEVEL="debug")
    other = workload("api", depends_on="migrate=completed", image="shop/web:2")
    found[at["Deployment", "api"]] = selecting_otherwise(other)
    return [*found, config("settings-new")]


STAGES = {"a-first-deployment": (first,), "a-deployment-that-changes-and-deletes": (first, second)}


class Kept(NamedTuple):
    """What is there at the end: the objects, what is remembered of them, and who was made."""

    objects: dict[str, Any]
    uids: dict[tuple[str, str], str]
    remembered: dict[tuple[str, str], str]
    states: list[State]
    job_pods: int


class Bench:
    """The bed, ways to it, the loaded program."""

    def __init__(self, bed: BedClient, ways: Ways, forks: Forks, folder: Path) -> None:
        self.bed, self.ways, self._forks, self._folder = bed, ways, forks, folder
        self.is_loaded = False

    def start(self, way: Way, space: str, manifests: list[Manifest]) -> Process:
        """Start to deploy ``manifests`` into ``space`` over ``way``."""
        folder = self._folder / space
        (folder / "manifests").mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump_all(manifests)
        (folder / "manifests" / "shop.yaml").write_text(text, encoding="utf-8")
        environment = {"KUBECONFIG": str(way.kubeconfig(folder)), "HOME": str(folder)}
        words = ["up", "dev", "--yes", "--hold", "0", "-k", folder / "manifests", "-n", space,
                 "-p", "shop"]  # fmt: skip
        if not self.is_loaded:
            self.is_loaded = True
            return self._forks.learn(words, environment)
        return self._forks.start(words, environment)

    def done(self, way: Way, space: str, manifests: list[Manifest]) -> None:
        """Deploy ``manifests`` to the good end."""
        process = self.start(way, space, manifests)
        assert process.end(240) == 0, process.told

    def kept(self, space: str) -> Kept:
        """Return what is in ``space``."""
        found: dict[str, Any] = {}
        uids: dict[tuple[str, str], str] = {}
        contents: dict[str, bytes] = {}
        for path in PATHS:
            answer = self.bed.api.get(f"/{path.format(f'namespaces/{space}')}")
            kind = answer["kind"].removesuffix("List")
            for item in answer["items"]:
                name = item["metadata"]["name"]
                managers = {one["manager"] for one in item["metadata"].get("managedFields") or ()}
                if name.startswith("mooring."):
                    contents[name] = records.content_of(item)
                elif "mooring" in managers:
                    uids[kind, name] = item["metadata"]["uid"]
                    found[f"{kind}/{name}"] = _plain(item, space)
        known = inventory.decoded(records.joined([contents["mooring.shop.dev.inventory"]]))
        written = journal.decoded(records.joined([contents["mooring.shop.dev"]]))
        return Kept(
            found,
            uids,
            {(one.ref.kind, one.ref.name): one.uid for one in known.entries.values()
             if one.ref.kind != "Namespace"},
            [one.state for one in written.revisions],
            len(self.bed.pods(space, "batch.kubernetes.io/job-name=migrate")),
        )  # fmt: skip


def _plain(item: Any, space: str) -> str:
    """Return an object without what differs between two namespaces, and what controllers say."""
    metadata = {key: item["metadata"].get(key) for key in ("labels", "annotations")}
    (metadata["annotations"] or {}).pop("deployment.kubernetes.io/revision", None)
    spec = {key: value for key, value in item.items() if key not in ("metadata", "status")}
    text = json.dumps([metadata, spec], sort_keys=True)
    for changing in (item["metadata"]["uid"], (item.get("spec") or {}).get("clusterIP")):
        if changing:
            text = text.replace(changing, "~")
    return text.replace(space, "~")


@pytest.fixture(scope="module")
def bench(bed: BedClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("killed")
    with Ways(bed.endpoint) as ways, Forks(folder) as forks:
        yield Bench(bed, ways, forks, folder)


@pytest.mark.parametrize("after", [False, True], ids=["before-it-is-done", "after-it-is-done"])
@pytest.mark.parametrize("name", STAGES)
def test_a_process_killed_at_any_write_is_taken_up(bench: Bench, name: str, after: bool) -> None:
    stages = STAGES[name]
    space = f"undisturbed-{name[2:7]}-{after}-{os.getpid()}".lower()
    try:
        for stage in stages:
            with bench.ways.way() as way:
                bench.done(way, space, stage(space))
        wanted = bench.kept(space)
        points = [one.point._replace(name=one.point.name.replace(space, "~")) for one in way.done]
    finally:
        bench.bed.api.delete(f"/api/v1/namespaces/{space}")
    assert len(points) > (30 if len(stages) == 1 else 10)
    assert wanted.remembered == wanted.uids
    began = time.monotonic()

    def one(number: int) -> None:
        _killed(bench, points[number], f"kill-{number}-{name[2:7]}-{after}-{os.getpid()}".lower(),
                wanted, name, after=after)  # fmt: skip

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(one, range(len(points))):
            pass
    print(f"{len(points)} points in {time.monotonic() - began:.0f} s")


def _killed(
    bench: Bench, point: Point, space: str, wanted: Kept, name: str, *, after: bool
) -> None:
    """Kill a deployment into ``space`` at ``point``, finish it, and compare."""
    stages = STAGES[name]
    point = point._replace(name=point.name.replace("~", space))
    where = f"{'after' if after else 'before'} {point}"
    try:
        with bench.ways.way() as way:
            for stage in stages[:-1]:
                bench.done(way, space, stage(space))
        made_jobs = _jobs_made(way)
        with bench.ways.way() as way:
            running: list[Process] = []

            def kill() -> None:
                while not running:
                    time.sleep(0.001)
                running[0].kill()

            way.end_at(point, kill, after=after)
            running.append(bench.start(way, space, stages[-1](space)))
            assert running[0].end(240) == -signal.SIGKILL, f"{where}: {running[0].told}"
        made_jobs += _jobs_made(way)
        with bench.ways.way() as way:
            bench.done(way, space, stages[-1](space))
        made_jobs += _jobs_made(way)
        found = bench.kept(space)
        assert found.objects == wanted.objects, where
        assert found.remembered == found.uids, where
        assert found.states == wanted.states, where
        assert made_jobs == Counter(migrate=1), where
        assert found.job_pods == 1, where
    finally:
        bench.bed.api.delete(f"/api/v1/namespaces/{space}")


def _jobs_made(way: Way) -> Counter[str]:
    """Return which Jobs the server has made over ``way``."""
    return Counter(one.point.name for one in way.done
                   if one.point.plural == "jobs" and one.status == 201)  # fmt: skip
