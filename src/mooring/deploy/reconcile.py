"""
What comes next in a deployment, from the plan and what was seen so far.  No clock, no network.

An object is written once its own parents have passed their gates, and is done once it is ready.
The first that fails stops all that has not started; what is under way is not taken back, so that
the next run goes on from there.  A status counts only for the very object that was written, and for
what was written last.
"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from mooring.deploy.order import Gate, Graph
from mooring.deploy.plan import Action, Step
from mooring.refs import ObjectRef
from mooring.semantics.readiness.verdicts import PAUSED, Status, Verdict

MOST_TRIES = 3
"""How often an object is written that somebody takes away meanwhile."""


class Phase(StrEnum):
    """How far an object has come."""

    WAITING = "waiting"
    """For its parents."""
    WRITING = "writing"
    OBSERVED = "observed"
    """It is written, or needs not be, and is not ready."""
    READY = "ready"
    PAUSED = "paused"
    """It is not ready and will not become so; that is as somebody wants it."""
    FAILED = "failed"
    HELD = "held"
    """It was not started because something failed."""


class Limits(msgspec.Struct, frozen=True):
    """
    How long is waited, in seconds.

    ``quiet`` for an object at which nothing moves, ``total`` for everything, ``hold`` for how long
    everything has to stay ready at the end.
    """

    quiet: float = 300.0
    total: float = 1800.0
    hold: float = 5.0


class Failure(msgspec.Struct, frozen=True):
    """Why a deployment fails: the object, in one word, in a sentence."""

    ref: ObjectRef
    reason: str
    message: str


class Node(msgspec.Struct):
    """
    One object on its way.

    ``uid`` and ``generation`` are those of what was written.  ``begun``, ``moved`` and ``ended``
    are seconds of the caller's clock; ``losses`` is how often it was ready and did not stay so;
    ``shape`` is what is compared to tell whether anything moved.
    """

    step: Step
    phase: Phase = Phase.WAITING
    uid: str = ""
    generation: int = 0
    is_started: bool = False
    verdict: Verdict = Verdict(Status.UNKNOWN)
    tries: int = 0
    begun: float | None = None
    moved: float = 0.0
    ended: float | None = None
    losses: int = 0
    shape: object = None

    @property
    def is_ready(self) -> bool:
        """Whether it is as it should be, or as somebody wants it to stay."""
        return self.phase in (Phase.READY, Phase.PAUSED)


class Run:
    """The state of one deployment; all that changes in it is here."""

    def __init__(self, steps: Iterable[Step], graph: Graph, limits: Limits, *, now: float) -> None:
        self.graph = graph
        self.limits = limits
        self.nodes = {step.ref: Node(step) for step in steps if step.ref in graph.parents}
        self._counts = Counter({Phase.WAITING: len(self.nodes)})
        self.started_at = now
        self.failures: list[Failure] = []
        self._children = graph.children()
        self._open = {
            ref: sum(parent in self.nodes for parent in parents)
            for ref, parents in graph.parents.items()
        }
        self._passed: dict[ObjectRef, set[ObjectRef]] = {ref: set() for ref in self.nodes}
        self._released: dict[ObjectRef, tuple[ObjectRef, float]] = {}
        self._startable = [ref for ref in self.nodes if not self._open[ref]]

    @property
    def is_stopping(self) -> bool:
        """Whether nothing new is started."""
        return bool(self.failures)

    def startable(self) -> tuple[ObjectRef, ...]:
        """Return the objects whose turn it is, each once; the caller writes or looks at them."""
        if self.is_stopping:
            return ()
        found, self._startable = tuple(self._startable), []
        for ref in found:
            self._move(self.nodes[ref], Phase.WRITING)
        return found

    def begin(self, ref: ObjectRef, now: float) -> None:
        """Note that ``ref`` is being written."""
        node = self.nodes[ref]
        node.begun = now if node.begun is None else node.begun
        node.moved = now
        node.tries += 1

    def written(self, ref: ObjectRef, *, uid: str, generation: int, now: float) -> None:
        """Note that ``ref`` is as it should be, and which object it is."""
        node = self.nodes[ref]
        node.uid, node.generation = uid, generation
        self._move(node, Phase.OBSERVED)
        node.moved = now
        self._pass(ref, Gate.EXISTS, now)

    def completed_before(self, ref: ObjectRef, verdict: Verdict, now: float) -> None:
        """Note that ``ref`` has nothing left to do although it does not exist."""
        node = self.nodes[ref]
        node.begun = node.begun if node.begun is not None else now
        self._ready(ref, node, verdict, now)

    def counts(self, ref: ObjectRef, *, uid: str, generation: int) -> bool:
        """Tell whether what is seen is the object that was written, in that state or later."""
        node = self.nodes[ref]
        return bool(node.uid) and uid == node.uid and generation >= node.generation

    def judged(
        self, ref: ObjectRef, verdict: Verdict, *, is_started: bool, shape: object, now: float
    ) -> bool:
        """
        Note what was seen of ``ref`` and return whether anything is new.

        ``shape`` is anything that differs when something moved: counts, restarts, events.
        """
        node = self.nodes[ref]
        if node.phase not in (Phase.OBSERVED, Phase.READY, Phase.PAUSED):
            return False
        is_new = verdict != node.verdict
        node.verdict = verdict
        if shape != node.shape:
            node.shape = shape
            node.moved = now
        if is_started and not node.is_started:
            node.is_started = True
            self._pass(ref, Gate.STARTED, now)
        match verdict.status:
            case Status.CURRENT:
                if node.phase is not Phase.READY:
                    self._ready(ref, node, verdict, now)
            case Status.FAILED:
                # Also of what was ready: it may fail in the hold period, or while others come up.
                self.failed(ref, verdict.reason, verdict.message, now)
            case _:
                if verdict.reason == PAUSED:
                    self._move(node, Phase.PAUSED)
                elif node.phase is Phase.READY:
                    self._move(node, Phase.OBSERVED)
                    node.ended, node.moved = None, now
        return is_new

    def vanished(self, ref: ObjectRef, now: float) -> bool:
        """Note that ``ref`` was taken away; return whether it is written again."""
        node = self.nodes[ref]
        if node.phase not in (Phase.OBSERVED, Phase.READY, Phase.PAUSED) or self.is_stopping:
            return False
        if node.tries >= MOST_TRIES:
            told = f"somebody deleted it {node.tries} times while it was deployed"
            self.failed(ref, "Deleted", told, now)
            return False
        self._move(node, Phase.WAITING)
        node.uid, node.ended, node.is_started = "", None, False
        node.step = msgspec.structs.replace(node.step, action=Action.CREATE, uid="")
        self._startable.append(ref)
        return True

    def lost(self, ref: ObjectRef, most: int, now: float) -> None:
        """Note that ``ref`` has not stayed ready; it fails once that was more than ``most``."""
        node = self.nodes[ref]
        node.losses += 1
        if node.losses > most:
            verdict = node.verdict
            told = f"it does not stay ready, that is the loss number {node.losses}"
            said = verdict.warning or verdict.message
            self.failed(ref, "Unstable", f"{told}: {said}", now)

    def failed(self, ref: ObjectRef, reason: str, message: str, now: float) -> None:
        """Note that ``ref`` failed; nothing new is started from now on."""
        node = self.nodes[ref]
        if node.phase is Phase.FAILED:
            return
        self._move(node, Phase.FAILED)
        node.ended = now
        self.failures.append(Failure(ref, reason, message))

    def tick(self, now: float) -> None:
        """Fail what has been quiet for too long, and everything when the time is over."""
        if self.is_stopping:
            return
        waited = now - self.started_at
        observed = [one for one in self.nodes.items() if one[1].phase is Phase.OBSERVED]
        # A Service waits for the workload behind it, which is the one to name.
        causes = [one for one in observed if one[0].kind != "Service"]
        for ref, node in causes or observed:
            quiet = now - node.moved
            patience = node.verdict.patience_seconds
            if patience is not None and patience < quiet <= self.limits.quiet:
                told = self._told(node, f"nothing has moved for {quiet:.0f} s")
                self.failed(ref, node.verdict.reason, told, now)
            elif quiet > self.limits.quiet:
                told = self._told(node, f"nothing has moved for {quiet:.0f} s")
                self.failed(ref, "Quiet", told, now)
            elif waited > self.limits.total:
                told = self._told(node, f"it was not ready within {self.limits.total:.0f} s")
                self.failed(ref, "Timeout", told, now)
        if not self.is_stopping:
            self._stuck(now)

    def _told(self, node: Node, why: str) -> str:
        verdict = node.verdict
        said = verdict.warning or verdict.message or verdict.reason
        return f"{why}: {said}" if said else why

    def _stuck(self, now: float) -> None:
        """Fail who waits for something that is paused."""
        if self._startable or self._counts[Phase.WRITING] or self._counts[Phase.OBSERVED]:
            return
        for ref, node in self.nodes.items():
            if node.phase is Phase.WAITING:
                paused = [
                    parent
                    for parent in self.graph.parents[ref]
                    if parent in self.nodes and self.nodes[parent].phase is Phase.PAUSED
                ]
                if paused:
                    self.failed(ref, PAUSED, f"it waits for {paused[0]}, which is paused", now)
                    return

    def hold_back(self) -> None:
        """Mark everything that was not started as held."""
        for node in self.nodes.values():
            if node.phase in (Phase.WAITING, Phase.WRITING):
                self._move(node, Phase.HELD)

    @property
    def is_done(self) -> bool:
        """Whether everything is ready that should be."""
        ready = self._counts[Phase.READY] + self._counts[Phase.PAUSED]
        return not self.failures and ready == len(self.nodes)

    def has_unready_dependency(self, ref: ObjectRef) -> bool:
        """Tell whether something that ``ref`` declares to depend on is not ready."""
        return any(
            parent in self.nodes and self.nodes[parent].phase is not Phase.READY
            for parent in self.graph.declared.get(ref, ())
        )

    def waits_for(self, ref: ObjectRef) -> tuple[ObjectRef, ...]:
        """Return the parents that ``ref`` still waits for."""
        return tuple(
            parent
            for parent in self.graph.parents[ref]
            if parent in self.nodes and parent not in self._passed[ref]
        )

    def critical_path(self) -> tuple[tuple[ObjectRef, float], ...]:
        """
        Return the chain of objects that made it as long as it was, with the seconds of each.

        It ends with what was ready last, and goes back over whom each was the last to wait for.
        """
        ended = {ref: node.ended for ref, node in self.nodes.items() if node.ended is not None}
        if not ended:
            return ()
        # A Service is ready once what is behind it is: the way goes on over that.
        makers = {ref: at for ref, at in ended.items() if ref.kind != "Service"} or ended
        at: ObjectRef | None = max(makers, key=lambda ref: makers[ref])
        path: list[tuple[ObjectRef, float]] = []
        until = makers[at] if at is not None else 0.0
        while at is not None:
            begun = self.nodes[at].begun
            path.append((at, round(until - (begun if begun is not None else until), 3)))
            at, until = self._released.get(at, (None, 0.0))
        return tuple(reversed(path))

    def _ready(self, ref: ObjectRef, node: Node, verdict: Verdict, now: float) -> None:
        self._move(node, Phase.READY)
        node.verdict, node.ended, node.moved = verdict, now, now
        node.is_started = True
        self._pass(ref, Gate.READY, now)

    def _move(self, node: Node, phase: Phase) -> None:
        """Change the phase; how many are in each is asked after every event."""
        self._counts[node.phase] -= 1
        self._counts[phase] += 1
        node.phase = phase

    def _pass(self, ref: ObjectRef, gate: Gate, now: float) -> None:
        for child in self._children[ref]:
            if child not in self.nodes or ref in self._passed[child]:
                continue
            if self.graph.parents[child][ref] <= gate:
                self._passed[child].add(ref)
                self._released[child] = (ref, now)
                self._open[child] -= 1
                if not self._open[child] and self.nodes[child].phase is Phase.WAITING:
                    self._startable.append(child)
