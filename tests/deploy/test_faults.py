"""
A hundred schedules of faults: a deployment gets there, or stops with the true reason.

The server is the scripted one, over a real connection, and the client is our own.  Each schedule is
made from its number, so one that fails can be looked at again.
"""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.deploying import deploy, remembered, state, up
from tests.deploy.objects import NAMESPACE, Manifest
from tests.deploy.test_deployments import stack
from tests.fake_api import Behaviour, FakeApi, Fault, On, Outcome

from mooring.cluster.connecting import connected
from mooring.deploy.journal import State
from mooring.deploy.reconcile import Limits
from mooring.errors import ClusterError, MooringError

SCHEDULES = 100
LIMITS = Limits(quiet=8, total=25, hold=0)


def over_the_wire(fake: FakeApi, folder: Path, manifests: list[Manifest], **more: Any) -> Any:
    """Deploy with the real client, as a process does; an error of the cluster is returned."""

    async def work() -> Any:
        environment = {"KUBECONFIG": str(fake.kubeconfig(folder)), "HOME": str(folder)}
        async with connected(environment=environment, warn=lambda _: None) as client:
            return await deploy(client, manifests, limits=LIMITS, **more)

    try:
        return asyncio.run(asyncio.wait_for(work(), 60))
    except ClusterError as error:
        return error


def _a_fault(dice: random.Random, fake: FakeApi) -> tuple[On, Fault]:
    """Return one fault; all of them pass by themselves."""
    kinds = ["Deployment", "StatefulSet", "Job", "ConfigMap", "Service", "Secret", None]
    write = On(verb="apply", kind=dice.choice(kinds), skip=dice.randrange(3))
    anything = On(verb=dice.choice(["list", "get", "apply"]), skip=dice.randrange(4))
    record = On(
        verb=dice.choice(["create", "replace"]), kind=dice.choice(["Lease", "ConfigMap"]),
        skip=dice.randrange(2),
    )  # fmt: skip
    watch = On(verb="watch", kind=dice.choice(kinds[:3]))
    return dice.choice(
        [
            (write, Fault.status(500)),
            (write, Fault.status(503)),
            (write, Fault.status(429, retry_after=0)),
            (write, Fault.status(409, reason="Conflict")),
            (write, Fault.reset()),
            (write, Fault.reset(after_commit=True)),
            (anything, Fault.status(500)),
            (anything, Fault.status(429, retry_after=0)),
            (anything, Fault.reset()),
            (record, Fault.reset(after_commit=True)),
            (record, Fault.reset()),
            (watch, Fault.reset()),
            (watch, Fault.status(410, reason="Expired")),
            (On(verb="list", kind=dice.choice(kinds)), Fault.stale(dice.randrange(1, 20))),
            (write, Fault.slow(0.2)),
            (write, Fault.calling(lambda _: fake.forget_history())),
            (watch, Fault.calling(lambda _: _anew(fake, dice.choice(["db", "api", "web"])))),
        ]
    )


def _anew(fake: FakeApi, name: str) -> None:
    """Delete a workload and make it again behind our back, where it is."""
    kind = "StatefulSet" if name == "db" else "Deployment"
    if fake.get(kind, NAMESPACE, name) is not None:
        fake.recreate(kind, NAMESPACE, name)


@pytest.mark.parametrize("schedule", range(SCHEDULES))
def test_it_gets_there_or_says_why(schedule: int, tmp_path: Path, capsys: Any) -> None:
    dice = random.Random(schedule)
    objects = stack()
    wrong = dice.random() < 0.2
    with FakeApi(tick_seconds=0.005) as fake:
        if wrong:
            fake.behave("api", Behaviour(outcome=dice.choice([Outcome.NO_IMAGE, Outcome.CRASHES])))
        for _ in range(dice.randrange(1, 6)):
            fake.fail(*_a_fault(dice, fake))
        done = over_the_wire(fake, tmp_path, objects)
        told = capsys.readouterr()
        if wrong and done == 1:
            assert "Deployment" in told.out
            assert '"name":"api"' in told.out
            fake.behave("api", Behaviour())
            objects[7] = {**objects[7], "metadata": {**objects[7]["metadata"],
                          "labels": {"mended": "yes"}}}  # fmt: skip
            objects[7]["spec"]["template"]["spec"]["containers"][0]["image"] = "shop/web:2"
        # What the faults stopped is finished by the next run, as nothing is in its way any more.
        for _ in range(3):
            if done == 0:
                break
            assert done == 1 or isinstance(done, MooringError), done
            done = over_the_wire(fake, tmp_path, objects, process="2-2")
        assert done == 0
        assert fake.runs == {f"{NAMESPACE}/migrate": 1}
        reached = state(fake)
    other = FakeApi(tick_seconds=None)
    assert up(other, objects) == 0
    assert reached == state(other)
    assert remembered(other).journal.revisions[-1].state is State.VERIFIED
