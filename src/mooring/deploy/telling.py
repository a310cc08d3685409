"""
What is told while a deployment goes on: each change of an object once, and what is waited for.

Every text that may quote an object goes through the redaction first.
"""

from collections.abc import Callable, Iterable

from mooring.deploy import happenings
from mooring.deploy.happenings import Happening
from mooring.deploy.reconcile import Node, Phase
from mooring.deploy.redaction import Redactor
from mooring.refs import ObjectRef

_WAITING_SECONDS = 10.0
_LONG_WAITING_SECONDS = 60.0


class Telling:
    """Tells ``emit`` of one deployment, which began when this was made."""

    def __init__(
        self, emit: Callable[[Happening], None], redact: Redactor, clock: Callable[[], float]
    ) -> None:
        self.emit, self._redact, self._clock = emit, redact, clock
        self._begun = self._waited_at = clock()
        self._told: dict[ObjectRef, tuple[str, str, str, str]] = {}
        self._waiting_for: tuple[tuple[ObjectRef, str], ...] = ()

    @property
    def at(self) -> float:
        """The seconds since it began."""
        return round(self._clock() - self._begun, 3)

    def progress(self, node: Node) -> None:
        """Tell how far ``node`` has come, unless that was said last of it."""
        ref, verdict = node.step.ref, node.verdict
        told = (node.phase.value, verdict.reason, verdict.message, verdict.warning)
        if self._told.get(ref) == told:
            return
        self._told[ref] = told
        phase, reason, *said = told
        self.emit(happenings.Progress(self.at, ref, phase, reason, *map(self._redact, said)))

    def forget(self, ref: ObjectRef) -> None:
        """Tell of ``ref`` anew, whatever was said last."""
        self._told.pop(ref, None)

    def waiting(self, nodes: Iterable[Node]) -> None:
        """Tell now and then what is waited for; the same again only after a longer while."""
        waited = self._clock() - self._waited_at
        if waited < _WAITING_SECONDS:
            return
        open_ones = tuple(
            (node.step.ref, self._redact(node.verdict.warning or node.verdict.message))
            for node in nodes
            if node.phase is Phase.OBSERVED
        )
        is_new = open_ones != self._waiting_for
        if open_ones and (is_new or waited >= _LONG_WAITING_SECONDS):
            self._waited_at, self._waiting_for = self._clock(), open_ones
            self.emit(happenings.Waiting(self.at, open_ones))
