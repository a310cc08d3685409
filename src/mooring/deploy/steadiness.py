"""Whether what is ready stays so: nothing that runs may have started again meanwhile."""

from collections.abc import Iterable

from mooring.deploy import observed
from mooring.semantics import failing, fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.around import Budget
from mooring.semantics.readiness.verdicts import Status, Verdict


class Steadiness:
    """
    One time of holding after the other.

    ``has_started_again`` is whether something did since `begin`.
    """

    def __init__(self) -> None:
        self._restarts: dict[str, int] | None = None
        self.has_started_again = False

    def begin(self, pods: Iterable[Manifest]) -> bool:
        """Note how often each of ``pods`` has started so far; return whether any runs."""
        self._restarts = {
            observed.uid_of(pod): failing.restarts(pod) for pod in pods if failing.is_ready(pod)
        }
        self.has_started_again = False
        return bool(self._restarts)

    def end(self) -> None:
        """Count no more until it begins again."""
        self._restarts = None

    def held(self, verdict: Verdict, pods: tuple[Manifest, ...], budget: Budget) -> Verdict:
        """Return ``verdict``, or what it means that one of its ``pods`` has started again."""
        if self._restarts is None or not verdict.is_current:
            return verdict
        for pod in pods:
            restarts = failing.restarts(pod)
            if restarts <= self._restarts.get(observed.uid_of(pod), restarts):
                continue
            self.has_started_again = True
            name = fields.at(pod, "metadata", "name")
            told = f"Pod/{name}: it started again, {failing.last_end(pod)}"
            if restarts > budget.restarts:
                return Verdict(Status.FAILED, "Restarted", told)
            return Verdict(verdict.status, verdict.reason, verdict.message, warning=told)
        return verdict
