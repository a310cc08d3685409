"""
One command's view of a cluster: what is wanted, what is remembered, what is there, what to do.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from mooring.cli import terminal
from mooring.cli.deploying.inputs import Given
from mooring.deploy import asking, hooks, memory, observing, order, plan, ways_back
from mooring.deploy.desired import Desired, desired
from mooring.deploy.memory import Memory
from mooring.deploy.observed import Observed
from mooring.deploy.order import Graph
from mooring.deploy.plan import Options, Plan
from mooring.errors import ClusterError, InputError, InputErrors
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.kinds import GroupKind

if TYPE_CHECKING:
    from mooring.cli.deploying.parts import Whole
    from mooring.cluster.client import Client

T = TypeVar("T")


class Session(msgspec.Struct, frozen=True):
    """All that a command needs to know of one environment on one cluster."""

    client: Any
    desired: Desired
    graph: Graph
    memory: Memory


class Looked(msgspec.Struct, frozen=True):
    """What is there, and what has to be done."""

    seen: Observed
    plan: Plan


def run(work: Callable[[], Awaitable[T]]) -> T:
    """
    Run ``work`` to its end; Ctrl-C cancels it, and it ends in its own way.

    Raises:
        ClusterError: the cluster refused what was written outside of a deployment.
    """
    from mooring.deploy.writing import Refusal

    async def whole() -> T:
        return await work()

    try:
        return asyncio.run(whole())
    except Refusal as refusal:
        told = "run the same command again once that is mended"
        raise ClusterError(refusal.message, remedy=told) from refusal


@asynccontextmanager
async def connected(context: str | None, *, is_verbose: bool = False) -> "AsyncIterator[Client]":
    """
    Yield a client of the cluster; ``is_verbose`` tells all that the server warns of.

    Raises:
        ClusterError: it cannot be reached, or the kubeconfig is of no use.
    """
    from mooring.cluster import connecting

    def warn(text: str) -> None:
        # What a stricter level of Pod Security would refuse is for `mooring check` to judge.
        if is_verbose or "would violate PodSecurity" not in text:
            terminal.say(f"warning: {text}")

    async with connecting.connected(
        context=context, environment=dict(os.environ), warn=warn
    ) as client:
        yield client


async def session(
    client: "Client",
    given: Given,
    *,
    namespace: str | None,
    manifests: Any = None,
    scopes: "Mapping[GroupKind, bool] | None" = None,
) -> Session:
    """
    Return the session of ``given``; ``manifests`` stand in for its own, as in a rollback.

    ``scopes`` tells of kinds that are yet to be defined whether their objects have a namespace.

    Raises:
        DependencyCycle: objects wait for one another.
        ClusterError: the cluster cannot be reached.
    """
    found = given.manifests if manifests is None else manifests
    wants = partial(
        desired,
        found,
        project=given.project,
        environment=given.environment,
        namespace=namespace or client.namespace,
        is_namespaced={**(scopes or {}), **await _scopes(client, found)},
    )
    wanted = wants()
    known = await memory.read(client, wanted)
    if not known.journal.has_been_up and any(map(hooks.of_upgrades_alone, found)):
        wanted = wants(is_first=True)
    graph = ways_back.first(order.order(wanted.objects), wanted.objects)
    return Session(client, wanted, graph, known)


async def sessions(client: "Client", whole: "Whole") -> dict[str, Session]:
    """
    Return what is known of each part of ``whole``, by its name.

    Raises:
        InputErrors: two of them have the same object, or would be remembered as the same.
    """
    scopes = _defined(one for part in whole.parts for one in part.given.manifests)
    found = {
        part.name: await session(client, part.given, namespace=part.namespace, scopes=scopes)
        for part in whole.parts
    }
    _check_apart(found)
    return found


def _defined(manifests: Iterable[dict[str, Any]]) -> dict[GroupKind, bool]:
    """Return the kinds that ``manifests`` define, and whether their objects have a namespace."""
    return {
        GroupKind(
            fields.text(fields.at(one, "spec", "group")) or "",
            fields.text(fields.at(one, "spec", "names", "kind")) or "",
        ): fields.at(one, "spec", "scope") != "Cluster"
        for one in manifests
        if one.get("kind") == kinds.DEFINITION.kind
    }


def _check_apart(found: Mapping[str, Session]) -> None:
    records: dict[tuple[str, str, str], str] = {}
    owners: dict[ObjectRef, str] = {}
    faults: list[InputError] = []
    for name, one in found.items():
        wanted = one.desired
        other = records.setdefault((wanted.home, wanted.project, wanted.environment), name)
        if other != name:
            faults.append(
                InputError(
                    f"the releases {other} and {name} would be remembered as the same: "
                    f"{wanted.project} in {wanted.environment}, namespace {wanted.home}",
                    remedy="give one of them a path or an environment of its own in mooring.yaml",
                )
            )
        for ref in wanted.refs:
            first = owners.setdefault(ref, name)
            if first != name:
                faults.append(
                    InputError(
                        f"{ref} is part of the releases {first} and {name}",
                        remedy="leave it to one of them",
                    )
                )
    if faults:
        raise InputErrors(faults)


async def _scopes(client: "Client", manifests: list[dict[str, Any]]) -> dict[GroupKind, bool]:
    """Ask where objects of kinds live that Kubernetes itself does not have."""
    from mooring.cluster import errors
    from mooring.cluster.changes import KindName

    found: dict[GroupKind, bool] = {}
    for one in manifests:
        api_version = fields.text(one.get("apiVersion")) or ""
        kind = kinds.group_kind(api_version, fields.text(one.get("kind")) or "")
        if kinds.is_built_in(kind.group) or kind in found:
            continue
        try:
            found[kind] = await client.is_namespaced(KindName(api_version, kind.kind))
        except errors.UnknownKind:
            continue  # Its definition may be among the manifests.
    return found


async def look(
    one: Session, options: Options, *, ask: bool = True, also_new: bool = False
) -> Looked:
    """Look at the cluster and return the plan; ``also_new`` asks the server about new objects."""
    refs = [*one.desired.refs]
    refs += [entry.ref for entry in one.memory.inventory.beyond(refs)]
    if not any(ref.kind == "Namespace" for ref in refs):
        # What is remembered goes there, so it is looked at with the others.
        refs.append(ObjectRef("v1", "Namespace", one.desired.home))
    seen = await observing.observe(one.client, refs)
    made = plan.plan(one.desired, one.graph, seen, one.memory.inventory, options)
    if ask:
        made = await asking.ask(one.client, one.desired, made, seen, also_new=also_new)
    return Looked(seen, made)
