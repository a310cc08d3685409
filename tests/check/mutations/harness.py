"""
Faults, put one at a time into a healthy stack: what is found then is the fault and nothing else.

A mutation is a function that changes the manifests of a stack in place.  It names the rule that
must find it; ``also`` names rules whose defect comes with it, of which no other way is known.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.acceptance import answers
from tests.check import cases
from tests.support.copies import copied

from mooring.check import catalogue, engine
from mooring.check.bundle import Bundle, Going
from mooring.check.selection import Profile, Selection
from mooring.compose.discovery import LoadRequest
from mooring.findings import Finding
from mooring.kube import manifest
from mooring.manifests.entries import Entry

Manifest = dict[str, Any]
TODAY = date(2026, 11, 30)
NO_ROLES: Mapping[str, str] = MappingProxyType({})
by_default = Selection()


class Absent(LookupError):
    """A stack does not have what is to be changed."""


class Stack:
    """
    The manifests of a stack, to be changed in place; names are those of its services.

    ``roles`` says which service of this stack plays the part that the example gives another name,
    such as the database; objects that are named after the part follow.  ``cluster`` is the cluster
    that it goes to, as cases name it; None where nothing is known of it.  ``registries`` are those
    that its images may come from; none: any.  ``was`` is the stack as it was
    before; None: it is new.  ``going`` is what its cluster deletes.
    """

    def __init__(self, manifests: list[Manifest], roles: Mapping[str, str] = NO_ROLES) -> None:
        self.manifests = copied(manifests)
        self.roles = roles
        self.cluster: str | None = None
        self.registries: tuple[str, ...] = ()
        self.was: Stack | None = None
        self.going: list[Manifest] = []

    def as_it_was(self) -> "Stack":
        """Make an update of this, and return what was there before, to be changed as well."""
        self.was = Stack(self.manifests, self.roles)
        return self.was

    def name(self, part: str) -> str:
        """Return what is called ``part`` in the example: a service, or an object of it."""
        for known, name in self.roles.items():
            if part == known or part.startswith(f"{known}-"):
                return name + part[len(known) :]
        return part

    def of(self, kind: str) -> list[Manifest]:
        """Return the objects of ``kind``, in order."""
        return [one for one in self.manifests if one["kind"] == kind]

    def one(self, kind: str, name: str) -> Manifest:
        """Return the object of that kind and name, which must be there."""
        wanted = self.name(name)
        for one in self.of(kind):
            if one["metadata"]["name"] == wanted:
                return one
        raise Absent(f"{kind}/{wanted}")

    def pod(self, name: str) -> Manifest:
        """Return the pod spec of the workload ``name``."""
        return self.template(name)["spec"]

    def template(self, name: str) -> Manifest:
        """Return the pod template of the workload ``name``."""
        wanted = self.name(name)
        for one in self.manifests:
            if one["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
                template: Manifest = one["spec"]["template"]
                if template["metadata"]["labels"].get("app.kubernetes.io/name") == wanted:
                    return template
        raise Absent(wanted)

    def container(self, name: str) -> Manifest:
        """Return the first container of the workload ``name``."""
        container: Manifest = self.pod(name)["containers"][0]
        return container

    def containers(self) -> Iterator[Manifest]:
        """Yield the containers of all pods, those that go on."""
        for one in self.manifests:
            template = one.get("spec", {}).get("template")
            if template is not None:
                yield from template["spec"]["containers"]

    def secret_variable(self) -> Manifest:
        """Return an entry of ``env`` whose value is a key of a Secret."""
        return next(
            entry
            for container in self.containers()
            for entry in container.get("env", ())
            if "secretKeyRef" in entry.get("valueFrom", {})
        )

    def remove(self, kind: str, name: str) -> None:
        """Take an object out."""
        self.manifests.remove(self.one(kind, name))

    def add(self, manifest: Manifest) -> None:
        """Put an object in."""
        self.manifests.append(manifest)


class Outcome(NamedTuple):
    """What became of a fault: whether its rule found it, and what else was found with it."""

    is_found: bool
    others: tuple[str, ...]


class Mutation(NamedTuple):
    """A fault: the rule that must find it, what it is in a sentence, and how it is made."""

    rule: str
    sentence: str
    change: Callable[[Stack], None]
    also: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The rule and the sentence."""
        return f"{self.rule}: {self.sentence}"

    def outcome(self, healthy: "Healthy") -> Outcome | None:
        """Return what is found once the fault is in ``healthy``; None where it cannot be put in."""
        stack = Stack(healthy.manifests, healthy.roles)
        try:
            self.change(stack)
        except (LookupError, AttributeError, TypeError, ValueError, StopIteration):
            return None
        is_same = stack.manifests == healthy.manifests and not stack.going
        if is_same and not (stack.cluster or stack.registries):
            return None
        told = _told_of(stack, healthy, Selection(profile=Profile.STRICT))
        after = list(new(healthy.before, told))
        return Outcome(
            self.rule in {one.rule for one in after}
            or self._is_found_when_asked_for(stack, healthy),
            tuple(
                f"{one.rule}: {one.ref}: {one.message}"
                for one in after
                if by_default.shows(one) and one.rule not in {self.rule, *self.also}
            ),
        )

    def _is_found_when_asked_for(self, stack: Stack, healthy: "Healthy") -> bool:
        """Tell whether the rule finds the fault where it is named: it may be worth knowing only."""
        select = Selection(select=frozenset({self.rule}))
        before = judged(healthy.manifests, healthy.namespace, select)
        after = _told_of(stack, healthy, select)
        return any(one.rule == self.rule for one in new(before, after))


class Healthy(NamedTuple):
    """A stack in which nothing is wrong, with what is found in it at the level of all warnings."""

    manifests: list[Manifest]
    namespace: str
    before: list[Finding]
    roles: Mapping[str, str] = NO_ROLES


def healthy(folder: Path, target: Path, roles: Mapping[str, str] = NO_ROLES) -> Healthy:
    """
    Return what production becomes of the stack in ``folder``, of which every question is answered.

    Answers are written into a copy of it, ``target``.
    """
    shutil.copytree(folder, target)
    return answered(answers.answered(LoadRequest(directory=str(target))), roles)


def answered(
    stack: answers.Answered, roles: Mapping[str, str] = NO_ROLES, environment: int = -1
) -> Healthy:
    """Return an environment, by default production, of a stack whose questions are answered."""
    done = stack.stack.environments[environment]
    manifests = [dict(manifest.revealed(one)) for one in done.objects]
    return Healthy(manifests, done.namespace, found(manifests, done.namespace), roles)


MUTATIONS: list[Mutation] = []


def mutation(
    rule: str, sentence: str, *also: str
) -> Callable[[Callable[[Stack], None]], Callable[[Stack], None]]:
    """Register the function below as a fault that ``rule`` must find."""

    def register(change: Callable[[Stack], None]) -> Callable[[Stack], None]:
        MUTATIONS.append(Mutation(rule, sentence, change, frozenset(also)))
        return change

    return register


def found(
    manifests: list[Manifest], namespace: str, profile: Profile = Profile.STRICT
) -> list[Finding]:
    """Return what all rules show of ``manifests`` with ``profile``: by default all warnings."""
    return judged(manifests, namespace, Selection(profile=profile))


def judged(manifests: list[Manifest], namespace: str, selection: Selection) -> list[Finding]:
    """Return what is shown of ``manifests`` to whom chose ``selection``."""
    return _told_of(Stack(manifests), Healthy(manifests, namespace, []), selection)


def _told_of(stack: Stack, healthy: "Healthy", selection: Selection) -> list[Finding]:
    bundle = Bundle(
        map(Entry, stack.manifests),
        namespace=healthy.namespace,
        is_closed=True,
        cluster=cases.cluster(stack.cluster) if stack.cluster else None,
        today=TODAY,
        registries=stack.registries,
    )
    bundle.going = tuple(Going(one, 60) for one in stack.going)
    if stack.was is not None:
        bundle.before = Bundle(map(Entry, stack.was.manifests), namespace=healthy.namespace)
    done = engine.judge(bundle, catalogue.checks(), selection)
    assert not done.broken
    return list(done.findings)


def new(before: list[Finding], after: list[Finding]) -> Iterator[Finding]:
    """Yield the findings that are in ``after`` and were not there before."""
    known = {(one.rule, one.ref, one.field, one.message) for one in before}
    for one in after:
        if (one.rule, one.ref, one.field, one.message) not in known:
            yield one
