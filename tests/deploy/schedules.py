"""
Schedules of faults, each made from its number: what goes wrong with which request.

Each fault passes by itself or is told; `KINDS` are all there are, by what one would call them.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

from tests.deploy.objects import NAMESPACE, Manifest, made
from tests.deploy.test_deployments import stack
from tests.fake_api import Behaviour, FakeApi, Fault, On, Outcome
from tests.fake_api.store import Key

THIEF = "somebody@elsewhere (process 7)"
FINALIZER = "tests.mooring.dev/held"

_WORKLOADS = ["Deployment", "StatefulSet", "Job"]
_WRITTEN = [*_WORKLOADS, "ConfigMap", "Service", "Secret", None]
_WATCHED = [*_WORKLOADS, "Pod", "EndpointSlice", "Service"]


class Schedule(NamedTuple):
    """What is deployed, and what goes wrong; ``is_wrong`` where a pod never comes up."""

    number: int
    kinds: tuple[str, ...]
    objects: list[Manifest]
    is_wrong: bool


def _write(dice: random.Random) -> On:
    return On(verb="apply", kind=dice.choice(_WRITTEN), skip=dice.randrange(3))


def _anything(dice: random.Random) -> On:
    return On(verb=dice.choice(["list", "get", "apply"]), skip=dice.randrange(4))


def _record(dice: random.Random) -> On:
    kind = dice.choice(["Lease", "ConfigMap"])
    return On(verb=dice.choice(["create", "replace"]), kind=kind, skip=dice.randrange(2))


def _watch(dice: random.Random) -> On:
    return On(verb="watch", kind=dice.choice(_WATCHED))


def _list(dice: random.Random) -> On:
    return On(verb="list", kind=dice.choice([*_WORKLOADS, None]))


def _answers(
    on: Callable[[random.Random], On], *faults: Fault
) -> Callable[[random.Random, FakeApi], None]:
    """Return what lets one of ``faults`` happen to the requests ``on``."""

    def happen(dice: random.Random, fake: FakeApi) -> None:
        fake.fail(on(dice), dice.choice(faults))

    return happen


def _stale(dice: random.Random, fake: FakeApi) -> None:
    fake.fail(_list(dice), Fault.stale(dice.randrange(1, 20)))


def _forgets(dice: random.Random, fake: FakeApi) -> None:
    fake.fail(_write(dice), Fault.calling(lambda _: fake.forget_history()))


def _made_anew(dice: random.Random, fake: FakeApi) -> None:
    """Somebody deletes a workload and makes it again."""
    name = dice.choice(["db", "api", "web"])
    kind = "StatefulSet" if name == "db" else "Deployment"

    def happen(_: object) -> None:
        if fake.get(kind, NAMESPACE, name) is not None:
            fake.recreate(kind, NAMESPACE, name)

    fake.fail(_watch(dice), Fault.calling(happen))


def _silent(dice: random.Random, fake: FakeApi) -> None:
    """Watches of a kind, or of some, are accepted and say nothing, bookmarks neither."""
    for _ in range(dice.randrange(1, 4)):
        fake.fail(_watch(dice), Fault.silent())


def _stolen(dice: random.Random, fake: FakeApi) -> None:
    """Somebody takes the lease although it is held, writes what is remembered, and ends."""

    def take(lease: Manifest) -> None:
        lease["spec"] |= {"holderIdentity": THIEF, "leaseDurationSeconds": 1}
        lease["metadata"]["annotations"] = {}

    def happen(_: object) -> None:
        if fake.get("Lease", NAMESPACE, "mooring.shop.dev") is None:
            return
        fake.edit("Lease", NAMESPACE, "mooring.shop.dev", take)
        for name in ("mooring.shop.dev.inventory", "mooring.shop.dev"):
            if fake.get("ConfigMap", NAMESPACE, name) is not None:
                fake.edit("ConfigMap", NAMESPACE, name, _touch)

    fake.fail(_write(dice), Fault.calling(happen, after_commit=dice.random() < 0.5))


def _touch(item: Manifest) -> None:
    item["metadata"]["annotations"] = {"touched": "yes"}


def _late_kinds(dice: random.Random, fake: FakeApi) -> None:
    """What a definition defines is seen only some looks at discovery after it is established."""
    fake.store.discovery_lag = dice.randrange(1, 5)


def _ending(dice: random.Random, fake: FakeApi) -> None:
    """The namespace is being deleted, and gone after a while."""
    space = fake.put(
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": NAMESPACE, "finalizers": [FINALIZER]},
        }
    )
    key = Key("", "namespaces", "", space["metadata"]["name"])
    kind = next(one for one in fake.store.kinds() if one.kind == "Namespace")
    with fake.lock:
        fake.store.delete(kind, key, {})

    def happen(_: object) -> None:
        with fake.lock:
            fake.store.finish(key, FINALIZER)

    looks = On(verb="get", kind="Namespace", skip=dice.randrange(1, 3), times=None)
    fake.fail(looks, Fault.calling(happen))


KINDS: dict[str, Callable[[random.Random, FakeApi], None]] = {
    "a write is answered with 500 or 503": _answers(_write, Fault.status(500), Fault.status(503)),
    "a write is one too many": _answers(_write, Fault.status(429, retry_after=0)),
    "a write meets another one": _answers(_write, Fault.status(409, reason="Conflict")),
    "a write is cut off": _answers(_write, Fault.reset(), Fault.reset(after_commit=True)),
    "a write hangs": _answers(_write, Fault.hang(), Fault.hang(after_commit=True)),
    "a write is slow": _answers(_write, Fault.slow(0.2)),
    "a request is answered with 500": _answers(_anything, Fault.status(500)),
    "a request is one too many": _answers(_anything, Fault.status(429, retry_after=0)),
    "a request is cut off": _answers(_anything, Fault.reset()),
    "a request hangs": _answers(_anything, Fault.hang()),
    "a record is cut off": _answers(_record, Fault.reset(), Fault.reset(after_commit=True)),
    "a record hangs": _answers(_record, Fault.hang(), Fault.hang(after_commit=True)),
    "a watch is cut off": _answers(_watch, Fault.reset()),
    "a watch is too old": _answers(_watch, Fault.status(410, reason="Expired")),
    "a watch hangs": _answers(_watch, Fault.hang()),
    "watches are silent": _silent,
    "a list is stale": _stale,
    "the server forgets its history": _forgets,
    "a workload is made anew": _made_anew,
    "the lease is stolen": _stolen,
    "discovery lags": _late_kinds,
    "the namespace is ending": _ending,
}


def schedule(number: int, fake: FakeApi) -> Schedule:
    """Let happen to ``fake`` what ``number`` stands for: one kind in turn, and up to four more."""
    dice = random.Random(number)
    names = [*KINDS]
    chosen = [names[number % len(names)]]
    chosen += dice.sample([name for name in names if name not in chosen], dice.randrange(5))
    is_wrong = dice.random() < 0.2
    if is_wrong:
        fake.behave("api", Behaviour(outcome=dice.choice([Outcome.NO_IMAGE, Outcome.CRASHES])))
    for name in chosen:
        KINDS[name](dice, fake)
    return Schedule(number, tuple(chosen), [*stack(), *_widgets()], is_wrong)


def _widgets() -> list[Manifest]:
    """Return a definition, and an object of the kind that it defines."""
    definition = made(
        "CustomResourceDefinition",
        "widgets.x.io",
        "apiextensions.k8s.io/v1",
        spec={
            "group": "x.io",
            "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets"},
            "versions": [{"name": "v1", "served": True, "storage": True}],
        },
    )
    return [definition, made("Widget", "one", "x.io/v1", spec={"size": 1})]
