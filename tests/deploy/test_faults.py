"""
More than a hundred schedules of faults: a deployment gets there, or stops with the true reason.

The server is the scripted one, over a real connection, and the client is our own.  Each schedule is
made from its number, so one that fails can be looked at again.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.deploying import deploy, remembered, state, up
from tests.deploy.objects import NAMESPACE, Manifest
from tests.deploy.schedules import KINDS, THIEF, schedule
from tests.deploy.test_deployments import stack
from tests.fake_api import Behaviour, FakeApi, Fault, On

from mooring.cluster.connecting import connected
from mooring.deploy.journal import State
from mooring.deploy.reconcile import Limits
from mooring.errors import ClusterError, MooringError

pytestmark = pytest.mark.long

SCHEDULES = 6 * len(KINDS)
LIMITS = Limits(quiet=8, total=25, hold=0)
ANSWER_SECONDS = 0.7
"""For how long an answer may keep silent here; a minute takes longer and shows no more."""

REASONS = (
    "the script says", "does not answer", "the answer to", "the lease for this deployment is lost",
    "is deploying here", "is being terminated",
)  # fmt: skip
"""What may be said where nothing is wrong with what is deployed: what was done to the requests."""


def over_the_wire(fake: FakeApi, folder: Path, manifests: list[Manifest], **more: Any) -> Any:
    """Deploy with the real client, as a process does; an error of the cluster is returned."""

    async def work() -> Any:
        environment = {"KUBECONFIG": str(fake.kubeconfig(folder)), "HOME": str(folder)}
        async with connected(
            environment=environment, warn=lambda _: None, answer_seconds=ANSWER_SECONDS
        ) as client:
            return await deploy(client, manifests, limits=LIMITS, **more)

    try:
        return asyncio.run(asyncio.wait_for(work(), 60))
    except ClusterError as error:
        return error


def said(done: Any, printed: str) -> list[str]:
    """Return why a deployment stopped: the error, or what has failed."""
    if isinstance(done, MooringError):
        return [str(done)]
    events = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return [f"{one['reason']}: {one['message']}" for one in events if one["event"] == "failed"]


def test_schedules_are_enough_and_of_all_kinds() -> None:
    assert SCHEDULES > 100
    with FakeApi(tick_seconds=None) as fake:
        met = {name for number in range(SCHEDULES) for name in schedule(number, fake).kinds}
    assert met == set(KINDS)


@pytest.mark.parametrize("number", range(SCHEDULES))
def test_it_gets_there_or_says_why(number: int, tmp_path: Path, capsys: Any) -> None:
    with FakeApi(tick_seconds=0.005) as fake:
        made = schedule(number, fake)
        objects = made.objects
        done = over_the_wire(fake, tmp_path, objects)
        reasons = said(done, capsys.readouterr().out)
        if made.is_wrong and done == 1:
            assert any("Deployment" in one or "pod" in one.lower() or "image" in one
                       or "it ended" in one for one in reasons), reasons  # fmt: skip
            assert not any("Quiet" in one or "Timeout" in one for one in reasons), reasons
        elif done != 0:
            assert reasons
            assert all(any(words in one for words in REASONS) for one in reasons), reasons
        if made.is_wrong:
            fake.behave("api", Behaviour())
            container = objects[7]["spec"]["template"]["spec"]["containers"][0]
            container["image"] = "shop/web:2"
        lease = fake.get("Lease", NAMESPACE, "mooring.shop.dev")
        if lease is not None and lease["spec"].get("holderIdentity") == THIEF:
            assert "the lease is stolen" in made.kinds, "who has stolen it keeps it"
        # What the faults stopped is finished by the next run, as nothing is in its way any more.
        for _ in range(3):
            if done == 0 and not made.is_wrong:
                break
            assert done in (0, 1) or isinstance(done, MooringError), done
            made = made._replace(is_wrong=False)
            done = over_the_wire(fake, tmp_path, objects, process="2-2")
        assert done == 0
        assert fake.runs == {f"{NAMESPACE}/migrate": 1}
        reached = state(fake)
    other = FakeApi(tick_seconds=None)
    assert up(other, objects) == 0
    assert reached == state(other)
    assert remembered(other).journal.revisions[-1].state is State.VERIFIED


@pytest.mark.parametrize("skip", [0, 1, 2])
@pytest.mark.parametrize("verb", ["create", "replace"])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault.reset(), id="that-was-not-done"),
        pytest.param(Fault.reset(after_commit=True), id="that-was-done"),
        pytest.param(Fault.hang(after_commit=True), id="that-was-done-and-not-answered"),
    ],
)
def test_a_record_is_written_again(fault: Fault, verb: str, skip: int, tmp_path: Path) -> None:
    with FakeApi(tick_seconds=0.005) as fake:
        fake.fail(On(verb=verb, kind="ConfigMap", skip=skip), fault)
        assert over_the_wire(fake, tmp_path, stack()) == 0
        assert fake.runs == {f"{NAMESPACE}/migrate": 1}
        assert over_the_wire(fake, tmp_path, stack()) == 0


def test_it_is_told_what_a_write_waits_for(tmp_path: Path, capsys: Any) -> None:
    with FakeApi(tick_seconds=0.005) as fake:
        again = On(verb="apply", kind="ConfigMap", name="settings", times=4)
        fake.fail(again, Fault.status(409, message="somebody writes it"))
        assert over_the_wire(fake, tmp_path, stack()) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[:1] == "{"]
    told = [one["warning"] for one in lines if one["event"] == "progress" and one["warning"]]
    assert told == ["the cluster refuses: somebody writes it"], "once, and before it has passed"
