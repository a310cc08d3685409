"""
Faults, put one at a time into a healthy stack: what is found then is the fault and nothing else.

A mutation is a function that changes the manifests of a stack in place.  It names the rule that
must find it; ``also`` names rules whose defect comes with it, of which no other way is known.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple

from tests.check import cases

from mooring.check import catalogue, engine
from mooring.check.bundle import Bundle
from mooring.check.selection import Profile, Selection
from mooring.findings import Finding
from mooring.manifests.entries import Entry

Manifest = dict[str, Any]
TODAY = date(2026, 11, 30)


class Stack:
    """
    The manifests of a stack, to be changed in place; names are those of its services.

    ``cluster`` is the cluster that it goes to, as cases name it; None where nothing is known of it.
    """

    def __init__(self, manifests: list[Manifest]) -> None:
        self.manifests = deepcopy(manifests)
        self.cluster: str | None = None

    def of(self, kind: str) -> list[Manifest]:
        """Return the objects of ``kind``, in order."""
        return [one for one in self.manifests if one["kind"] == kind]

    def one(self, kind: str, name: str) -> Manifest:
        """Return the object of that kind and name, which must be there."""
        return next(one for one in self.of(kind) if one["metadata"]["name"] == name)

    def pod(self, name: str) -> Manifest:
        """Return the pod spec of the workload ``name``."""
        return self.template(name)["spec"]

    def template(self, name: str) -> Manifest:
        """Return the pod template of the workload ``name``."""
        kinds = ("Deployment", "StatefulSet", "DaemonSet", "Job")
        found = next(
            one
            for one in self.manifests
            if one["kind"] in kinds
            and one["spec"]["template"]["metadata"]["labels"].get("app.kubernetes.io/name") == name
        )
        template: Manifest = found["spec"]["template"]
        return template

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
    manifests: list[Manifest],
    namespace: str,
    profile: Profile = Profile.DEFAULT,
    cluster: str | None = None,
) -> list[Finding]:
    """Return what all rules show of ``manifests`` by default, or with ``profile``."""
    bundle = Bundle(
        map(Entry, manifests),
        namespace=namespace,
        is_closed=True,
        cluster=cases.cluster(cluster) if cluster else None,
        today=TODAY,
    )
    judged = engine.judge(bundle, catalogue.checks(), Selection(profile=profile))
    assert not judged.broken
    return list(judged.findings)


def new(before: list[Finding], after: list[Finding]) -> Iterator[Finding]:
    """Yield the findings that are in ``after`` and were not there before."""
    known = {(one.rule, one.ref, one.field, one.message) for one in before}
    for one in after:
        if (one.rule, one.ref, one.field, one.message) not in known:
            yield one
