"""The namespace in which a deployment is remembered: made before anything else."""

import asyncio
import contextlib
from typing import Any

from mooring.cli import terminal
from mooring.cli.deploying.session import Session
from mooring.deploy.observed import Observed
from mooring.errors import ClusterError
from mooring.refs import ObjectRef
from mooring.semantics import fields

_PAUSE_SECONDS = 1.0


async def is_missing(one: Session) -> bool:
    """Tell whether the home has to be made although it is none of the objects."""
    from mooring.cluster import errors

    ref = ObjectRef("v1", "Namespace", one.desired.home)
    if one.desired.objects.get(ref) is not None or one.memory.journal.last is not None:
        return False
    try:
        return await one.client.get(ref) is None
    except errors.Forbidden:
        return False


async def make(one: Session, seen: Observed, seconds: float) -> None:
    """
    Make the home of the deployment where it is not there; wait for one that ends to be gone.

    Raises:
        ClusterError: it is not gone in time, or may not be made.
    """
    from mooring.cluster import errors

    ref = ObjectRef("v1", "Namespace", one.desired.home)
    live = seen.get(ref)
    if live is None:
        try:
            # Perhaps there is none, perhaps we may not see it.
            live = await one.client.get(ref)
        except errors.Forbidden:
            return  # Who has rights in one namespace only is given one that is there.
    waited = 0.0
    while live is not None and fields.at(live, "metadata", "deletionTimestamp") is not None:
        if not waited:
            terminal.say(f"waits until the namespace {ref.name}, which ends, is gone")
        if waited > seconds:
            raise ClusterError(
                f"the namespace {ref.name} is ending and was not gone after {waited:.0f} s",
                remedy=f"see what holds it: kubectl get namespace {ref.name} -o yaml",
            )
        await asyncio.sleep(_PAUSE_SECONDS)
        waited += _PAUSE_SECONDS
        live = await one.client.get(ref)
    if live is None:
        # Bare, and only where there is none: nobody holds the lease yet, which is kept in there.
        # What else is wanted of it is applied like all other objects.
        bare: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": ref.name},
        }
        with contextlib.suppress(errors.AlreadyExists, errors.OutcomeUnknown):
            await one.client.create(bare)
