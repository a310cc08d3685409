"""
Two processes deploy the same environment: one proceeds, and what they write never mixes.

Both are the real program.  The server knows them apart by their tokens, and what it has seen of
each is the record.
"""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.deploy import forking
from tests.deploy.forking import Forks, Process
from tests.deploy.objects import NAMESPACE, Manifest, config
from tests.deploy.test_deployments import stack
from tests.fake_api import Behaviour, FakeApi, Fault, On, Seen

pytestmark = pytest.mark.long

ONE, OTHER = "one", "other"
NOT_YET = Behaviour(ready_after=1_000_000)


class Bench:
    """A server, the loaded program, and a folder in which it runs."""

    def __init__(self, fake: FakeApi, forks: Forks, folder: Path) -> None:
        self.fake, self._forks, self._folder = fake, forks, folder

    def start(self, user: str, manifests: list[Manifest], *words: str) -> Process:
        """Start to deploy ``manifests`` as ``user``."""
        self.fake.tokens.add(user)
        home = self._folder / user
        (home / "manifests").mkdir(parents=True, exist_ok=True)
        self.fake.kubeconfig(home, token=user)
        text = yaml.safe_dump_all(manifests)
        (home / "manifests" / "shop.yaml").write_text(text, encoding="utf-8")
        where = ["-k", home / "manifests", "-n", NAMESPACE, "-p", "shop", "--yes", "--hold", "0"]
        environment = {"KUBECONFIG": str(home / "kubeconfig"), "HOME": str(home)}
        return self._forks.start(["up", "dev", *where, *words], environment)

    def learn(self) -> None:
        """Load what a deployment needs."""
        self.fake.kubeconfig(self._folder)
        (self._folder / "learn.yaml").write_text(yaml.safe_dump_all(stack()), encoding="utf-8")
        words = ["up", "dev", "-k", self._folder, "-n", NAMESPACE, "--yes", "--hold", "0"]
        environment = {"KUBECONFIG": str(self._folder / "kubeconfig"), "HOME": str(self._folder)}
        begin = self.fake.saved()
        self._forks.learn(words, environment)
        self.fake.restore(begin)

    def beside(self, fake: FakeApi, number: int) -> "Bench":
        """Return another one, at the server ``fake``."""
        folder = self._folder / str(number)
        folder.mkdir()
        return Bench(fake, self._forks, folder)

    def changes(self) -> list[Seen]:
        """
        Return the writes that changed something, in order.

        The namespace is made, by whomever, before there is a lease, which is kept in there.
        """
        return [
            one
            for one in self.fake.requests("write")
            if one.changed and (one.verb, one.kind) != ("create", "Namespace")
        ]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A server in which nothing is, and the program that has loaded all it needs."""
    folder = tmp_path_factory.mktemp("two")
    with FakeApi(tick_seconds=0.005, tls=False) as fake, Forks(folder) as forks:
        made = Bench(fake, forks, folder)
        made.learn()
        yield made


@pytest.fixture
def bench(loaded: Bench) -> Iterator[Bench]:
    begin = loaded.fake.saved()
    yield loaded
    loaded.fake.restore(begin)


def turns(seen: list[Seen]) -> list[str]:
    """Return who wrote, each turn once."""
    return [user for user, _ in groupby(one.user for one in seen)]


@pytest.mark.parametrize("offset", range(20), ids=lambda one: f"{one * 25}-ms-later")
def test_one_proceeds_and_the_other_is_told(bench: Bench, offset: int) -> None:
    fake = bench.fake
    fake.behave("db", NOT_YET)  # so that whoever proceeds is still at it when the other has ended
    processes = {ONE: bench.start(ONE, stack(), "--wait-for-lease", "0")}
    time.sleep(offset * 0.025)
    processes[OTHER] = bench.start(OTHER, stack("shop/web:2"), "--wait-for-lease", "0")
    loser = forking.first_to_end(processes)
    winner = OTHER if loser == ONE else ONE
    assert processes[loser].end() == 3, processes[loser].told
    assert "is deploying here" in processes[loser].told
    fake.behave("db", Behaviour())
    assert processes[winner].end() == 0, processes[winner].told
    assert turns(bench.changes()) == [winner]
    assert fake.runs == {f"{NAMESPACE}/migrate": 1}
    assert hand_overs(fake) == []


@pytest.mark.parametrize("offset", range(0, 20, 4), ids=lambda one: f"{one * 25}-ms-later")
def test_one_waits_for_the_other_and_goes_on_from_there(bench: Bench, offset: int) -> None:
    fake = bench.fake
    first = bench.start(ONE, stack(), "--wait-for-lease", "40")
    time.sleep(offset * 0.025)
    second = bench.start(OTHER, stack("shop/web:2"), "--wait-for-lease", "40")
    assert (first.end(), second.end()) == (0, 0), f"{first.told}\n{second.told}"
    done = turns(bench.changes())
    assert done in ([ONE, OTHER], [OTHER, ONE])
    assert image(fake) == {ONE: "shop/web:1", OTHER: "shop/web:2"}[done[-1]]
    assert hand_overs(fake) == []


POINTS = [
    On(verb="apply", kind="Secret", name="mooring.*"),
    On(verb="create", kind="ConfigMap"),
    On(verb="apply", kind="ConfigMap", name="settings"),
    On(verb="apply", kind="StatefulSet", name="db"),
    On(verb="replace", kind="ConfigMap", name="*.inventory", skip=1),
    On(verb="apply", kind="Job", name="migrate"),
    On(verb="apply", kind="Deployment", name="web"),
    On(verb="apply", kind="ConfigMap", name="map-*", skip=2),
]


def wide(number: int) -> list[Manifest]:
    """Return the stack with so many objects that some wait for their turn to be sent."""
    maps = (config(f"map-{name}", BY=str(number)) for name in range(24))
    return [*stack(f"shop/web:{number}"), *maps]


def test_who_is_stopped_until_somebody_else_has_taken_over_writes_nothing(loaded: Bench) -> None:
    """
    A process is stopped at a write for longer than its lease lasts, and let go on afterwards.

    All of them at once, each at a server of its own: a lease takes as long as it takes.  Half of
    the others have ended when it goes on, and half are still at it.
    """
    with contextlib.ExitStack() as servers:
        benches = [
            loaded.beside(servers.enter_context(FakeApi(tick_seconds=0.05, tls=False)), number)
            for number in range(len(POINTS))
        ]
        stopped = [
            stopped_at(bench, on, after=number % 2 == 0)
            for number, (bench, on) in enumerate(zip(benches, POINTS, strict=True))
        ]
        others = [bench.start(OTHER, wide(2), "--wait-for-lease", "60") for bench in benches]
        for number, (bench, process, other) in enumerate(
            zip(benches, stopped, others, strict=True)
        ):
            fake = bench.fake
            where = f"stopped at {POINTS[number]}"
            if number % 4 < 2:
                assert other.end(90) == 0, f"{where}: {other.told}"
            else:
                fake.behave("*", NOT_YET)
                until(lambda bench=bench: OTHER in turns(bench.changes()), where)
            went_on = len(fake.seen)
            process.signal(signal.SIGCONT)
            assert process.end() == 3, f"{where}: {process.told}"
            # A connection that it was making is given up: the time it was stopped counts, too.
            reasons = ("the lease for this deployment is lost", "no connection within")
            assert any(one in process.told for one in reasons), f"{where}: {process.told}"
            with fake.lock:
                written = [one for one in fake.seen[went_on:] if one.user == ONE and one.changed]
            # A process is at one place when it is stopped, and that may be the very sending of a
            # request; no server refuses that one, and whoever deploys next takes it back.
            assert len(written) < 2, where
            fake.behave("*", Behaviour())
            assert other.end(90) == 0, f"{where}: {other.told}"
            if written:
                bench.start(OTHER, wide(2)).end()
            assert image(fake) == "shop/web:2"
            assert {one["data"]["BY"] for one in fake.all("ConfigMap", NAMESPACE)
                    if "BY" in (one.get("data") or {})} == {"2"}, where  # fmt: skip
            done = [one for one in bench.changes() if one not in written]
            assert turns(done) == [ONE, OTHER], where
            assert len(hand_overs(fake)) == 1
            # What one has begun the other has not done again.
            assert fake.runs[f"{NAMESPACE}/migrate"] <= 2


def stopped_at(bench: Bench, on: On, *, after: bool) -> Process:
    """Return the process that deployed and was stopped at the request ``on``."""
    running: list[Process] = []

    def stop(_: Seen) -> None:
        while not running:
            time.sleep(0.001)
        running[0].stop()

    bench.fake.fail(on, Fault.calling(stop, after_commit=after))
    running.append(bench.start(ONE, wide(1)))
    until(lambda: running[0].is_stopped, f"never came to {on}")
    return running[0]


def until(is_so: Callable[[], bool], what: str) -> None:
    """Return once it is so."""
    latest = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < latest, what
        time.sleep(0.02)


def image(fake: FakeApi) -> str:
    """Return the image of the last workload that is deployed."""
    web: Any = fake.get("Deployment", NAMESPACE, "web")
    return str(web["spec"]["template"]["spec"]["containers"][0]["image"])


def hand_overs(fake: FakeApi) -> list[tuple[str, str]]:
    """Return who took the lease from whom, without its having been given back."""
    with fake.lock:
        held = [
            entry.item["spec"].get("holderIdentity", "")
            for entry in fake.store.history
            if entry.key.plural == "leases"
        ]
    return [(one, other) for one, other in pairwise(held) if one and other and one != other]
