"""Whole deployments for tests: from manifests to what is left in the cluster."""

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from tests.deploy.in_process import InProcess, Killed, stepping
from tests.deploy.objects import NAMESPACE, Manifest
from tests.fake_api import FakeApi

from mooring.cli import down as down_command
from mooring.cli.deploying import parts, session
from mooring.cli.deploying.deployment import Deployment
from mooring.cli.deploying.inputs import Given
from mooring.cli.invocation import Invocation
from mooring.cluster.client import Client
from mooring.deploy import rolling_back
from mooring.deploy.lease import Holder
from mooring.deploy.plan import DEFAULTS, Options
from mooring.deploy.reconcile import Limits

QUICK = Limits(quiet=5, total=20, hold=0)
_LATEST = 60.0


def holder(process: str = "1-1") -> Holder:
    """Return a process of the machine on which tests run."""
    return Holder(
        shown=f"tester@here (process {process})", place="boot/ns", process=process, nonce=process
    )


def given(manifests: Sequence[Manifest], environment: str = "dev") -> Given:
    """Return manifests as the command line gives them."""
    return Given(
        [*manifests], project="shop", environment=environment, folder="shop", is_converted=False
    )


async def deploy(
    client: Client,
    manifests: Sequence[Manifest],
    *,
    allowed: Options = DEFAULTS,
    limits: Limits = QUICK,
    process: str = "1-1",
    alive: Callable[[str], bool] = lambda _: False,
    form: str = "json",
    again: tuple[str, ...] = (),
    lease_seconds: float = 5.0,
    environment: str = "dev",
    back_to: int | None = None,
) -> int:
    """Deploy ``manifests``, or go back to a revision, and return the exit status."""
    one = await session.session(client, given(manifests, environment), namespace=NAMESPACE)
    rolls_back_to = 0
    if back_to is not None:
        wanted = rolling_back.target(one.memory.journal, back_to or None)
        assert wanted is not None
        found = await one.memory.objects(wanted)
        one = await session.session(client, given([]), namespace=one.desired.home, manifests=found)
        rolls_back_to = wanted.number
        allowed = Options(prune_limit=1000)
    if again:
        allowed = Options(again=frozenset(again))
    deployment = Deployment(
        Invocation(["up"]),
        one,
        allowed,
        limits,
        restarts=3,
        lease_seconds=lease_seconds,
        form=form,
        is_agreed=True,
        what="a test",
        rolls_back_to=rolls_back_to,
        identity=(holder(process), alive),
    )
    return await deployment.whole()


def run(fake: FakeApi, work: Callable[[], Any]) -> Any:
    """Run ``work`` while the controllers of ``fake`` step; a killed process returns None."""

    async def whole() -> Any:
        async with stepping(fake), asyncio.timeout(_LATEST):
            return await work()

    try:
        return asyncio.run(whole())
    except BaseException as error:
        if _is_killed(error):
            return None
        raise


def _is_killed(error: BaseException) -> bool:
    if isinstance(error, Killed):
        return True
    if isinstance(error, BaseExceptionGroup):
        return any(map(_is_killed, error.exceptions))
    seen = error.__cause__ or error.__context__
    return seen is not None and _is_killed(seen)


def up(fake: FakeApi, manifests: Sequence[Manifest], **more: Any) -> Any:
    """Deploy by a client of its own; the exit status, None where it was killed."""
    client = more.pop("client", None) or InProcess(fake)
    return run(fake, lambda: deploy(client, manifests, **more))


def down(
    fake: FakeApi,
    manifests: Sequence[Manifest],
    *,
    volumes: bool = False,
    seconds: float = 5,
    client: InProcess | None = None,
) -> Any:
    """Take the deployment away; None where it was killed."""
    client = client or InProcess(fake)

    async def work() -> int:
        one = await session.session(client, given(manifests), namespace=NAMESPACE)
        part = parts.Part(given(manifests), namespace=NAMESPACE)
        removing = down_command.Removing(
            one,
            part,
            parts.Whole("shop", "dev", (part,)),
            with_volumes=volumes,
            seconds=seconds,
            lease_seconds=1,
            identity=(holder(), lambda _: False),
        )
        return await down_command.take_down([removing], "dev", is_agreed=True)

    return run(fake, work)


def remembered(fake: FakeApi, environment: str = "dev") -> session.Memory:
    """Return what is remembered of the deployment."""

    async def work() -> session.Memory:
        found = session.Memory(InProcess(fake), NAMESPACE, "shop", environment)
        await found.read()
        return found

    found: session.Memory = run(fake, work)
    return found


def state(fake: FakeApi) -> dict[str, Any]:
    """
    Return the objects that people deployed, without what differs between two clusters.

    What is remembered of deployments, and what controllers make, is left out.
    """
    left: dict[str, Any] = {}
    for key, item in fake.store.everything():
        if key.plural in ("pods", "replicasets", "endpointslices", "events", "leases"):
            continue
        labels = item["metadata"].get("labels") or {}
        if (key.plural, key.name) == ("serviceaccounts", "default"):
            continue
        if "mooring.dev/record" in labels or item["metadata"].get("ownerReferences"):
            continue
        spec = {name: value for name, value in item.items() if name not in ("metadata", "status")}
        text = json.dumps(spec, sort_keys=True)
        for uid in _uids(fake):
            text = text.replace(uid, "uid")
        left[f"{key.plural}/{key.namespace}/{key.name}"] = (
            text.replace(str(spec.get("spec", {}).get("clusterIP")), "address")
            if isinstance(spec.get("spec"), dict)
            else text,
            sorted(labels.items()),
            sorted((item["metadata"].get("annotations") or {}).items()),
        )
    return left


def _uids(fake: FakeApi) -> list[str]:
    return [item["metadata"]["uid"] for _, item in fake.store.everything()]


def told(capsys: Any) -> str:
    """Return everything that was printed, by both streams."""
    found = capsys.readouterr()
    sys.stdout.flush()
    return f"{found.out}\n{found.err}"
