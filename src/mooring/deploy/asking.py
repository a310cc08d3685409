"""Asks the server what it would make of the steps of a plan, without writing anything."""

import asyncio
from typing import TYPE_CHECKING

import msgspec

from mooring.cluster import errors
from mooring.deploy import dry_runs, plan
from mooring.deploy.desired import Desired
from mooring.deploy.dry_runs import Asked
from mooring.deploy.observed import Observed
from mooring.deploy.plan import Action, Plan, Step
from mooring.refs import ObjectRef
from mooring.semantics import kinds

if TYPE_CHECKING:
    from mooring.cluster.client import Client


async def ask(
    client: "Client", desired: Desired, made: Plan, seen: Observed, *, also_new: bool
) -> Plan:
    """
    Return ``made`` as the server sees it: steps that change, and with ``also_new`` new objects.

    What is new cannot be asked about in a namespace that is not there yet, nor before its kind is
    defined: those steps stay simulated.
    """
    namespaces = {
        ref.name for ref in desired.refs if kinds.group_kind(ref.api_version, ref.kind)
        == kinds.NAMESPACE and seen.get(ref) is None
    }  # fmt: skip
    answers: dict[ObjectRef, Asked] = {}

    async def one(step: Step) -> None:
        item = desired.objects.get(step.ref)
        assert item is not None
        live = seen.get(step.ref)
        sent = plan.wanted(item, live, is_scaled=desired.is_scaled(step.ref))
        try:
            after = await client.apply(sent, dry_run=True, force=True)
        except errors.Invalid as error:
            answers[step.ref] = Asked(error.message, is_immutable=error.is_immutable)
        except (errors.NotFound, errors.UnknownKind):
            return  # Its namespace, or its kind, is made by the same deployment.
        except errors.Forbidden as error:
            answers[step.ref] = Asked(error.message)
        except errors.Refused as error:
            if step.action is Action.CREATE:
                return
            answers[step.ref] = Asked(error.message)
        else:
            answers[step.ref] = Asked(is_same=live is not None and dry_runs.is_same(live, after))

    asked = [step for step in made.steps if _is_asked(step, namespaces, also_new=also_new)]
    if asked:
        async with asyncio.TaskGroup() as group:
            for step in asked:
                group.create_task(one(step))
    refined = dry_runs.refined(made, answers)
    unchanged = tuple(
        msgspec.structs.replace(step, certainty=plan.Certainty.EXACT)
        if step.action is Action.UNCHANGED
        else step
        for step in refined.steps
    )
    return msgspec.structs.replace(refined, steps=unchanged)


def _is_asked(step: Step, namespaces: set[str], *, also_new: bool) -> bool:
    if step.action is Action.CHANGE:
        return True
    if step.action is not Action.CREATE or not also_new:
        return False
    is_possible = step.certainty is not plan.Certainty.UNKNOWN
    return is_possible and step.ref.namespace not in namespaces
