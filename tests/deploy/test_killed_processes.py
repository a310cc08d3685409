"""
The program is killed by the system before and after every write; the next process makes the same.

Every write, not a sample, of a first deployment of thirty objects and of one that changes, makes
anew and deletes some of them: those of the lease, the inventory and the journal as well.  The
server kills, so that it is certain what was done: "before" is when it has read the request and done
nothing, "after" when it is done and nothing was answered.
"""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from tests.deploy.deploying import state
from tests.deploy.forking import Forks, Process
from tests.deploy.objects import NAMESPACE, Manifest
from tests.deploy.test_kill_points import first, second
from tests.fake_api import Behaviour, FakeApi, Fault, On, Seen
from tests.fake_api.statuses import Refusal

from mooring.deploy import inventory, journal, records
from mooring.deploy.journal import State

pytestmark = pytest.mark.long

JOBS = ("migrate", "seed")
HOME = ("Namespace", NAMESPACE)


class Point(NamedTuple):
    """A write: the ``nth`` of this kind and name; what is created has no name in its request."""

    verb: str
    kind: str | None
    name: str | None
    nth: int

    def on(self) -> On:
        """Return the one request that it is."""
        return On(verb=self.verb, kind=self.kind, name=self.name, skip=self.nth - 1, dry_run=False)


def points(seen: list[Seen]) -> list[Point]:
    """Return the writes among what was ``seen``."""
    counts: Counter[tuple[str, str, str | None]] = Counter()
    found = []
    for one in seen:
        if not one.is_dry_run:
            which = (one.verb, one.kind, None if one.verb == "create" else one.name)
            counts[which] += 1
            found.append(Point(*which, counts[which]))
    return found


class Bench:
    """A server, the loaded program, and a folder in which it runs."""

    def __init__(self, fake: FakeApi, forks: Forks, folder: Path) -> None:
        self.fake, self._forks, self._folder = fake, forks, folder
        fake.kubeconfig(folder)
        self._environment = {"KUBECONFIG": str(folder / "kubeconfig"), "HOME": str(folder)}

    def start(self, stage: "Stage") -> Process:
        """Start a command over the manifests of ``stage``."""
        return self._forks.start(self._words(stage), self._environment)

    def learn(self, stage: "Stage") -> None:
        """Run a command to its end, and load what it needs for all that come."""
        self._forks.learn(self._words(stage), self._environment)

    def done(self, stage: "Stage") -> str:
        """Run a command to its good end and return what was told."""
        process = self.start(stage)
        assert process.end() == 0, process.told
        return process.told

    def _words(self, stage: "Stage") -> list[object]:
        folder = self._folder / "manifests"
        folder.mkdir(exist_ok=True)
        text = yaml.safe_dump_all(stage.manifests)
        (folder / "shop.yaml").write_text(text, encoding="utf-8")
        where = ["-k", folder, "-n", NAMESPACE, "-p", "shop", "--yes"]
        return [stage.words[0], "dev", *stage.words[1:], *where]


class Stage(NamedTuple):
    """A command, and the manifests that are there when it runs."""

    words: tuple[str, ...]
    manifests: list[Manifest]


UP = ("up", "--hold", "0")
FIRST = Stage(UP, first())
SECOND = Stage(UP, second())
BACK = Stage(("rollback", "--to", "1", "--hold", "0"), second())
DOWN = Stage(("down",), first())


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A server in which nothing is, and the program that has loaded all it needs."""
    folder = tmp_path_factory.mktemp("killed")
    with FakeApi(tick_seconds=0.005, tls=False) as fake, Forks(folder) as forks:
        made = Bench(fake, forks, folder)
        begin = fake.saved()
        for stage in (FIRST, SECOND, BACK, DOWN):
            made.learn(stage)
        fake.restore(begin)
        yield made


@pytest.fixture(autouse=True)
def _nothing_is_there(bench: Bench) -> Iterator[None]:
    begin = bench.fake.saved()
    yield
    bench.fake.restore(begin)


class Kept(NamedTuple):
    """What the cluster remembers of a deployment."""

    entries: dict[tuple[str, str], str]
    """The uids in the inventory, empty where they are not known."""
    states: list[State]


def kept(fake: FakeApi) -> Kept:
    """Return what ``fake`` remembers, nothing where nothing is remembered."""
    found = _content(fake, "mooring.shop.dev.inventory")
    written = _content(fake, "mooring.shop.dev")
    known = inventory.decoded(found).entries.values() if found else ()
    return Kept(
        {(one.ref.kind, one.ref.name): one.uid for one in known},
        [one.state for one in journal.decoded(written).revisions] if written else [],
    )


def _content(fake: FakeApi, name: str) -> bytes:
    live = fake.get("ConfigMap", NAMESPACE, name)
    return records.joined([records.content_of(live)]) if live is not None else b""


def ours(fake: FakeApi) -> dict[tuple[str, str], str]:
    """Return the uids of what was applied and is there, records aside."""
    with fake.lock:
        return {
            (item["kind"], key.name): item["metadata"]["uid"]
            for key, item in fake.store.everything()
            if "mooring" in {one["manager"] for one in item["metadata"].get("managedFields") or ()}
            and not key.name.startswith("mooring.")
        }


def jobs_made(fake: FakeApi) -> Counter[str]:
    """Return how often each Job was made."""
    with fake.lock:
        return Counter(
            entry.key.name
            for entry in fake.store.history
            if (entry.change, entry.key.plural) == ("ADDED", "jobs")
        )


@pytest.mark.parametrize("after", [False, True], ids=["before-it-is-done", "after-it-is-done"])
@pytest.mark.parametrize(
    "stages",
    [
        pytest.param((FIRST,), id="a-first-deployment"),
        pytest.param((FIRST, SECOND), id="a-deployment-that-changes-and-deletes"),
        pytest.param((FIRST, SECOND, BACK), id="a-way-back"),
        pytest.param((FIRST, DOWN), id="a-removal"),
    ],
)
def test_a_process_killed_at_any_write_is_taken_up(
    bench: Bench, stages: tuple[Stage, ...], after: bool
) -> None:
    fake, last = bench.fake, stages[-1]
    for stage in stages[:-1]:
        bench.done(stage)
    begin = fake.saved()
    fake.restore(begin)
    bench.done(last)
    wanted, remembered = state(fake), kept(fake)
    found = points(fake.requests("write"))
    assert len(found) > (len(last.manifests) if len(stages) == 1 else 10)
    for point in found:
        fake.restore(begin)
        where = f"{'after' if after else 'before'} {point}"
        process = killed_at(bench, point, last, after=after)
        assert process.end() == -signal.SIGKILL, f"{where}: {process.told}"
        assert set(ours(fake)) <= {*kept(fake).entries, HOME}, f"lost from the inventory {where}"
        told = bench.done(last)
        with fake.lock:
            assert state(fake) == wanted, where
        assert fake.runs == {f"{NAMESPACE}/{job}": 1 for job in JOBS}, where
        assert jobs_made(fake) == dict.fromkeys(JOBS, 1), where
        now = kept(fake)
        assert set(now.entries) == set(remembered.entries), where
        assert now.entries == {key: uid for key, uid in ours(fake).items() if key in now.entries}
        assert set(ours(fake)) <= {*now.entries, HOME}, f"nobody knows of it {where}"
        assert now.states == remembered.states, where
        assert "waits" not in told, f"the lease of a dead process is not waited for {where}"


def killed_at(bench: Bench, point: Point, stage: Stage, *, after: bool) -> Process:
    """Return the process that ran ``stage`` and was killed at ``point``."""
    running: list[Process] = []

    def kill(_: Seen) -> None:
        while not running:
            time.sleep(0.001)
        running[0].kill()
        if not after:
            raise Refusal(503, "ServiceUnavailable", "nobody is there to be answered")

    bench.fake.fail(point.on(), Fault.calling(kill, after_commit=after))
    running.append(bench.start(stage))
    return running[0]


@pytest.mark.parametrize("writes", [6, 7, 11])
def test_a_process_killed_again_and_again_gets_there(bench: Bench, writes: int) -> None:
    fake = bench.fake
    for stage in (FIRST, SECOND):
        begin = fake.saved()
        bench.done(stage)
        wanted, remembered = state(fake), kept(fake)
        fake.restore(begin)
        for number in range(40):
            any_write = Point("write", None, None, writes)
            process = killed_at(bench, any_write, stage, after=number % 2 == 0)
            status = process.end()
            fake.script.clear()
            if status == 0:
                break
            assert status == -signal.SIGKILL, process.told
        assert number, "it was killed at least once"
        with fake.lock:
            assert state(fake) == wanted
        assert jobs_made(fake) == dict.fromkeys(JOBS, 1)
        assert kept(fake).states[-1] is State.VERIFIED
        assert set(kept(fake).entries) == set(remembered.entries)


@pytest.mark.parametrize("after", [False, True], ids=["before-it-is-done", "after-it-is-done"])
def test_a_process_killed_while_it_renews_its_lease_is_taken_up(bench: Bench, after: bool) -> None:
    fake = bench.fake
    fake.behave("api", Behaviour(ready_after=2500))
    process = killed_at(bench, Point("replace", "Lease", None, 1), FIRST, after=after)
    assert process.end() == -signal.SIGKILL, process.told
    assert fake.get("Lease", NAMESPACE, "mooring.shop.dev")["spec"]["holderIdentity"]
    fake.behave("api", Behaviour())
    assert "waits" not in bench.done(FIRST)
    assert jobs_made(fake) == dict.fromkeys(JOBS, 1)
    assert kept(fake).entries == ours(fake)


def brief() -> list[Manifest]:
    """Return the thirty objects, with Jobs that remove themselves as soon as they are done."""
    found = first()
    for one in found:
        if one["kind"] == "Job":
            one["spec"]["ttlSecondsAfterFinished"] = 0
    return found


def test_a_job_that_removes_itself_while_nobody_is_there_is_not_run_again(bench: Bench) -> None:
    fake, stage = bench.fake, Stage(UP, brief())
    begin = fake.saved()
    bench.done(stage)
    found = [
        one
        for one in points(fake.requests("write"))
        if one.kind == "Job" or one.name == "mooring.shop.dev.inventory"
    ]
    assert {one.name for one in found} > set(JOBS)
    for point in found:
        fake.restore(begin)
        where = f"after {point}"
        process = killed_at(bench, point, stage, after=True)
        assert process.end() == -signal.SIGKILL, f"{where}: {process.told}"
        # What it has made is done, and what removes itself is gone, before anybody comes back.
        with fake.lock:
            fake.tick(20)
        bench.done(stage)
        assert fake.runs == {f"{NAMESPACE}/{job}": 1 for job in JOBS}, where
        assert jobs_made(fake) == dict.fromkeys(JOBS, 1), where
        with fake.lock:
            fake.tick(20)
        assert not fake.all("Job", NAMESPACE), where
        assert "nothing to do" in bench.done(stage), where
