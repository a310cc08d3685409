"""Finds out how an environment stands."""

from mooring.cli.deploying.session import Session
from mooring.deploy import desired as desired_objects
from mooring.deploy import health, lease, observing, order, plan, records
from mooring.deploy.desired import Desired, desired
from mooring.deploy.health import Health
from mooring.deploy.journal import Revision, State
from mooring.deploy.observed import Observed
from mooring.deploy.plan import Action
from mooring.deploy.situation import Named, Situation
from mooring.errors import ClusterError, IncompleteKnowledge, MooringError
from mooring.semantics.readiness.verdicts import Status


class NothingDeployed(MooringError):
    """Nothing of what is asked about is in the cluster."""

    exit_status = 1


def refuse_nothing(one: Session, found: Health | None = None) -> None:
    """
    Return where something may be deployed, and, of what was ``found``, something is.

    Raises:
        NothingDeployed: it was taken down, or none of its objects is there.
    """
    wanted = one.desired
    last = one.memory.journal.last
    if last is not None and last.state is State.TAKEN_DOWN:
        told = f"{wanted.project} in {wanted.environment} was taken down"
    elif found is not None and all(
        verdict.status is Status.NOT_FOUND for verdict in found.verdicts.values()
    ):
        told = f"nothing of {wanted.project} in {wanted.environment} is in the cluster"
    else:
        return
    raise NothingDeployed(told, remedy="mooring up deploys it")


async def deployed(one: Session) -> tuple[Revision | None, Desired]:
    """
    Return the revision that is up, and its objects; where there is none, what is wanted.

    That is the newest one that was verified, or else the newest that was begun, and the one that
    is being taken down as long as it is.
    """
    memory = one.memory
    last = memory.journal.last
    is_going = last is not None and last.state is State.TAKING_DOWN
    found = last if is_going else memory.journal.verified or last
    if found is None or not found.pieces:
        return None, one.desired
    try:
        manifests = await memory.objects(found)
    except IncompleteKnowledge:
        return found, one.desired
    wanted = one.desired
    return found, desired(
        manifests,
        project=wanted.project,
        environment=wanted.environment,
        namespace=wanted.home,
    )


async def looked(one: Session, up: Desired, *, now: float) -> tuple[Observed, Health]:
    """Return what is there of ``up``, and its health."""
    seen = await observing.observe(one.client, up.refs)
    done = [each.ref for each in one.memory.inventory.done]
    return seen, await health.health(one.client, up.refs, seen, now=now, done=done)


async def situation(one: Session, *, now: float, is_shared: bool = False) -> Situation:
    """Return how the environment of ``one`` stands; with ``is_shared`` also who uses it."""
    memory = one.memory
    last = memory.journal.last
    wanted = one.desired
    common = {
        "project": wanted.project,
        "environment": wanted.environment,
        "home": wanted.home,
        "revision": last,
        "verified": memory.journal.verified,
        "holder": await _holder(one),
        "users": await _users(one) if is_shared else (),
    }
    if last is None or last.state is State.TAKEN_DOWN:
        return Situation(objects=0, pending=len(wanted.refs), **common)  # type: ignore[arg-type]
    _, up = await deployed(one)
    seen, found = await looked(one, up, now=now)
    compared = plan.plan(up, order.order(up.objects), seen, memory.inventory)
    origins = {item.ref: desired_objects.origin(item.manifest) for item in up.objects}
    drifted = tuple(
        Named(step.ref, step.cause, step.origin)
        for step in compared.steps
        # What a deployment that failed has not made yet is no drift.
        if step.action in (Action.CHANGE, Action.RECREATE)
        or (step.action is Action.CREATE and step.is_drift)
        or step.additions
    )
    ours = await observing.observe(one.client, wanted.refs)
    local = plan.plan(wanted, one.graph, ours, memory.inventory)
    return Situation(
        objects=len(up.refs),
        drifted=drifted,
        unready=tuple(
            Named(ref, verdict.warning or verdict.message or verdict.reason, origins.get(ref, ""))
            for ref, verdict in found.unready.items()
        ),
        warnings=tuple(
            Named(ref, verdict.warning)
            for ref, verdict in found.verdicts.items()
            if verdict.warning and verdict.is_current
        ),
        pending=sum(step.writes for step in local.steps),
        unseen=found.unseen,
        **common,  # type: ignore[arg-type]
    )


async def _users(one: Session) -> tuple[str, ...]:
    from mooring.deploy import users

    try:
        return await users.users(one.client, one.desired)
    except ClusterError:
        return ()


async def _holder(one: Session) -> str:
    wanted = one.desired
    ref = records.lease_ref(wanted.home, wanted.project, wanted.environment)
    try:
        live = await one.client.get(ref)
    except ClusterError:
        return ""
    held = lease.read(live) if live is not None else None
    return held.shown if held is not None and not held.is_free else ""
