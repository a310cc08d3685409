"""
What a deployment will do, before it does it: one step for each object.

Everything is decided here from what is wanted, what is there and what is remembered: which objects
are made, changed, made anew, left and deleted, why, and how sure that is.  The same input gives the
same bytes, so a plan that was saved can be compared with one that is made again.
"""

from enum import StrEnum
from typing import Any

import msgspec

from mooring.deploy import (
    additions,
    causes,
    comparison,
    field_sets,
    hooks,
    immutable,
    masking,
    observed,
    pruning,
)
from mooring.deploy import desired as desired_objects
from mooring.deploy.comparison import Change, Difference
from mooring.deploy.desired import Desired, LeftOut
from mooring.deploy.immutable import Way
from mooring.deploy.inventory import Entry, Inventory
from mooring.deploy.observed import Observed
from mooring.deploy.order import Graph
from mooring.digests import hexadecimal
from mooring.kube.labels import OWNER, WAY_BACK
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import Item
from mooring.semantics.readiness import conditions


class Action(StrEnum):
    """What is done with an object."""

    CREATE = "create"
    CHANGE = "change"
    RECREATE = "recreate"
    UNCHANGED = "unchanged"
    PRUNE = "prune"
    KEEP = "keep"
    """It is no longer wanted and stays."""


class Certainty(StrEnum):
    """How sure it is what a step does."""

    EXACT = "exact"
    """The server was asked, without writing."""
    SIMULATED = "simulated"
    """It was compared here; the server was not asked, or cannot tell yet."""
    UNKNOWN = "unknown until its kind is defined"


class Danger(msgspec.Struct, frozen=True):
    """
    What a person should know before a step is done.

    ``needs`` is the option without which it is not done; empty: it is done.  ``instead`` is the one
    to give where something else is meant.
    """

    message: str
    needs: str = ""
    instead: str = ""


class Field(msgspec.Struct, frozen=True, omit_defaults=True):
    """A difference as it may be shown and kept: values of secrets are hashes."""

    field: str
    change: Change
    before: Any = None
    after: Any = None
    holder: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    One object: what is done with it, why, and how sure that is.

    ``digest`` is the hash of what is wanted, ``uid`` the object that is there, ``origin`` the line
    it was made from.  ``refused`` is why the server does not accept it.  ``additions`` are what
    people have set beside it; they stay.
    """

    ref: ObjectRef
    action: Action
    cause: str = ""
    origin: str = ""
    certainty: Certainty = Certainty.SIMULATED
    fields: tuple[Field, ...] = ()
    dangers: tuple[Danger, ...] = ()
    digest: str = ""
    uid: str = ""
    way: Way | None = None
    is_drift: bool = False
    refused: str = ""
    additions: tuple[Field, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether the step changes the cluster."""
        return self.action not in (Action.UNCHANGED, Action.KEEP)


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    The steps in the order in which they can go; deletions come last.

    ``blocked`` says why it cannot be carried out as it is, each with the option that allows it;
    ``left_out`` is what was given and is not meant for going up.
    """

    project: str
    environment: str
    home: str
    digest: str
    steps: tuple[Step, ...]
    blocked: tuple[Danger, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything is to be done."""
        return any(step.writes for step in self.steps)

    def count(self, action: Action) -> int:
        """Return how many steps do ``action``."""
        return sum(step.action is action for step in self.steps)

    def encoded(self) -> bytes:
        """Return the plan as it is saved: the same bytes for the same plan."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


ALLOW_DATA_LOSS, TAKE_OVER = "--allow-data-loss", "--take-over"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user allows; ``again`` are the names of Jobs that are to run again."""

    prune: bool = True
    prune_limit: int | None = None
    prune_protected: bool = False
    allow_data_loss: bool = False
    take_over: bool = False
    again: frozenset[str] = frozenset()

    @property
    def allowed(self) -> frozenset[str]:
        """The options of the command line that stand for what is allowed."""
        given = {ALLOW_DATA_LOSS: self.allow_data_loss, TAKE_OVER: self.take_over}
        return frozenset(name for name, is_given in given.items() if is_given)


DEFAULTS = Options()


def plan(
    desired: Desired,
    graph: Graph,
    seen: Observed,
    inventory: Inventory,
    options: Options = DEFAULTS,
) -> Plan:
    """Return what has to be done so that ``desired`` is there."""
    digests: dict[ObjectRef, str] = {}
    steps: list[Step] = []
    for ref in graph.parents:
        item = desired.objects.get(ref)
        assert item is not None
        digests[ref] = fingerprint(item.manifest, ref)
        steps.append(_step(desired, item, seen, inventory, digests[ref], options))
    found = pruning.candidates(
        inventory,
        desired.refs,
        seen,
        owner=desired_objects.owner_name(desired.project, desired.environment),
        with_protected=options.prune_protected,
    )
    steps.extend(
        _pruned(one, prune=options.prune)
        for one in sorted(found, key=lambda one: _rank(one.ref), reverse=True)
        if not one.is_gone
    )
    return Plan(
        project=desired.project,
        environment=desired.environment,
        home=desired.home,
        digest=hexadecimal(msgspec.json.encode(sorted((str(k), v) for k, v in digests.items()))),
        steps=tuple(steps),
        blocked=_blocked(steps, found, inventory, options),
        left_out=desired.left_out,
    )


def fingerprint(manifest: Manifest, ref: ObjectRef) -> str:
    """
    Return a hash of what is wanted; of secret values only their masks are part of it.

    How a Job is undone is no part of what it does.
    """
    if ref.kind == kinds.JOB.kind and fields.at(manifest, "metadata", "annotations", WAY_BACK):
        metadata = dict(fields.mapping(manifest.get("metadata")))
        notes = fields.mapping(metadata.get("annotations"))
        metadata["annotations"] = {key: one for key, one in notes.items() if key != WAY_BACK}
        manifest = {**manifest, "metadata": metadata}
    shown = {key: masking.shown(ref, (key,), value) for key, value in manifest.items()}
    return desired_objects.digest(shown)


def wanted(item: Item, live: Manifest | None, *, is_scaled: bool) -> Manifest:
    """
    Return what is applied: under an autoscaler the number of replicas that it chose.

    That holds also where the number is no longer written and was ours until now: to give it up
    would set it to the default of 1.
    """
    replicas = fields.at(live, "spec", "replicas") if live is not None else None
    if not is_scaled or replicas is None or live is None:
        return item.manifest
    owned = field_sets.owned_by(live, comparison.FIELD_MANAGER) or {}
    is_ours = "f:replicas" in field_sets.below(owned, "spec")
    if "replicas" not in item.spec and not is_ours:
        return item.manifest
    return {**item.manifest, "spec": {**item.spec, "replicas": replicas}}


def _step(
    desired: Desired,
    item: Item,
    seen: Observed,
    inventory: Inventory,
    digest: str,
    options: Options,
) -> Step:
    origin = desired_objects.origin(item.manifest)
    live = seen.get(item.ref)
    common: dict[str, Any] = {"ref": item.ref, "origin": origin, "digest": digest}
    if not seen.is_served(item.ref):
        return Step(**common, action=Action.CREATE, cause="new", certainty=Certainty.UNKNOWN)
    if item.kind == kinds.NAMESPACE and item.kind in seen.forbidden:
        # Who has rights in one namespace only was given it as it is.
        return Step(**common, action=Action.UNCHANGED, cause="we may not look at it")
    made = None if item.ref.name in options.again else _made_once(item, live, inventory)
    if made is not None:
        told = "a hook of the installation: it is made once"
        return Step(
            ref=item.ref, origin=origin, digest=made.digest, action=Action.UNCHANGED, cause=told,
            uid=observed.uid_of(live) if live is not None else "",
        )  # fmt: skip
    if live is None:
        is_again = item.ref.name in options.again
        if item.kind == kinds.JOB and inventory.has_done(item.ref, digest) and not is_again:
            return Step(**common, action=Action.UNCHANGED, cause="it completed before")
        known = inventory.get(item.ref)
        missing = known is not None and known.digest == digest and bool(known.uid)
        told = "it is gone: somebody deleted it" if missing else "new"
        return Step(**common, action=Action.CREATE, cause=told, is_drift=missing)
    sent = wanted(item, live, is_scaled=desired.is_scaled(item.ref))
    return _of_live(item, sent, live, inventory, common, options)


def _made_once(item: Item, live: Manifest | None, inventory: Inventory) -> Entry | None:
    """Return what was made of the hook of an installation; None: it is none, or is yet to do."""
    known = inventory.get(item.ref)
    if known is None or not known.uid or not hooks.is_made_once(item.manifest):
        return None
    if item.kind != kinds.JOB:
        is_there = live is not None and observed.uid_of(live) == known.uid
        return known if is_there else None
    is_complete = live is not None and conditions.is_true(live, "Complete")
    return known if is_complete or inventory.has_done(item.ref, known.digest) else None


def _of_live(
    item: Item,
    sent: Manifest,
    live: Manifest,
    inventory: Inventory,
    common: dict[str, Any],
    options: Options,
) -> Step:
    ref = item.ref
    common["uid"] = observed.uid_of(live)
    if fields.at(live, "metadata", "deletionTimestamp") is not None:
        told = "it is being deleted, and made anew once it is gone"
        return Step(**common, action=Action.RECREATE, cause=told, way=Way.DELETE)
    common["dangers"] = _foreign(item, live)
    found = comparison.differences(sent, live)
    shown = tuple(_shown(ref, one) for one in found)
    is_failed = conditions.is_true(live, "Failed")
    if item.kind == kinds.JOB and (is_failed or ref.name in options.again):
        told = "it failed before and runs again" if is_failed else "it is asked to run again"
        return Step(**common, action=Action.RECREATE, cause=told, fields=shown, way=Way.DELETE)
    is_ours = comparison.is_ours(live)
    added = additions.by_hand(live)
    common["additions"] = tuple(_shown(ref, one) for one in added)
    if not found and is_ours:
        return Step(**common, action=Action.UNCHANGED, cause=causes.of_additions(added))
    if not found:
        told = "it is there as it should be, and is taken over"
        return Step(**common, action=Action.CHANGE, cause=told)
    known = inventory.get(ref)
    is_drift = is_ours and known is not None and known.digest == common["digest"]
    told = causes.of_change(
        common["origin"], found, is_drift=is_drift, is_ours=is_ours, kind=item.kind.kind
    )
    again = immutable.recreation(item.kind, live, found)
    if again is None:
        return Step(**common, action=Action.CHANGE, cause=told, fields=shown, is_drift=is_drift)
    fields_named = ", ".join(again.fields[:3])
    costs = f": {again.costs}" if again.costs else ""
    danger = Danger(
        f"{fields_named} cannot be changed, so it is made anew{costs}",
        needs=ALLOW_DATA_LOSS if again.loses_data else "",
    )
    common["dangers"] += (danger,)
    return Step(
        **common,
        action=Action.RECREATE,
        cause=told,
        fields=shown,
        is_drift=is_drift,
        way=again.way,
    )


def _foreign(item: Item, live: Manifest) -> tuple[Danger, ...]:
    """Return that ``live`` belongs to another deployment, where it does."""
    theirs = fields.labels(fields.at(live, "metadata", "annotations")).get(OWNER)
    if theirs in (None, item.annotations.get(OWNER)):
        return ()
    project, _, environment = theirs.rpartition(".")
    is_namesake = (item.annotations.get(OWNER) or "").endswith(f".{environment}")
    instead = f"-p {project}" if is_namesake else ""
    return (Danger(f"it belongs to the deployment {theirs}", TAKE_OVER, instead),)


def _shown(ref: ObjectRef, one: Difference) -> Field:
    return Field(
        field=one.field,
        change=one.change,
        before=masking.shown(ref, one.path, one.before),
        after=masking.shown(ref, one.path, one.after),
        holder=one.holder,
    )


def _pruned(one: pruning.Candidate, *, prune: bool) -> Step:
    if one.kept or not prune:
        kept = one.kept or "nothing is deleted with --no-prune"
        return Step(ref=one.ref, action=Action.KEEP, cause=kept, uid=one.uid)
    cause = (
        "another version takes its place" if one.is_replaced else f"no longer wanted ({one.proof})"
    )
    return Step(ref=one.ref, action=Action.PRUNE, cause=cause, uid=one.uid)


_RANKS = [
    "Namespace",
    "CustomResourceDefinition",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Secret",
    "ConfigMap",
    "ServiceAccount",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "Service",
    "StatefulSet",
    "Deployment",
    "DaemonSet",
    "Job",
    "CronJob",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
    "HTTPRoute",
    "Ingress",
]


def _rank(ref: ObjectRef) -> tuple[int, ObjectRef]:
    """Return where an object stands of which nothing is wanted: what leads to it goes first."""
    place = _RANKS.index(ref.kind) if ref.kind in _RANKS else len(_RANKS)
    return place, ref


def _blocked(
    steps: list[Step],
    found: tuple[pruning.Candidate, ...],
    inventory: Inventory,
    options: Options,
) -> tuple[Danger, ...]:
    blocked = [
        Danger(f"{step.ref}: {danger.message}", danger.needs, danger.instead)
        for step in steps
        for danger in step.dangers
        if danger.needs and danger.needs not in options.allowed
    ]
    if options.prune:
        told = pruning.excess(found, len(inventory.entries), options.prune_limit)
        if told:
            blocked.append(Danger(told, "--prune-limit N"))
    return tuple(blocked)
