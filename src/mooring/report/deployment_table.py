"""
A deployment as a table that changes: what is under way, how far, what it waits for.

    coffee in dev  12 of 34 ready  8.3 s
      StatefulSet/postgres   observed  0 of 1 replicas are ready             6.1 s
      Deployment/api         waiting   for Job/migrate-5f2c, postgres
"""

from mooring.deploy import happenings
from mooring.deploy.happenings import Happening
from mooring.deploy.order import Graph
from mooring.deploy.plan import Plan
from mooring.deploy.reconcile import Phase
from mooring.refs import ObjectRef
from mooring.report import printable
from mooring.report.deployment_lines import name
from mooring.report.palette import Palette

_DONE = frozenset({Phase.READY.value, Phase.PAUSED.value})
_ORDER = (Phase.FAILED.value, Phase.OBSERVED.value, Phase.WRITING.value, Phase.WAITING.value)
_NAME_WIDTH = 36


class Rows:
    """What is known of each object; `take` keeps it up to date."""

    def __init__(self, plan: Plan, graph: Graph) -> None:
        self._plan, self._graph = plan, graph
        self._steps = {step.ref: step for step in plan.steps if step.ref in graph.parents}
        self._told: dict[ObjectRef, happenings.Progress] = {}
        self._phases = dict.fromkeys(self._steps, Phase.WAITING.value)
        self._since: dict[ObjectRef, float] = {}

    def take(self, happening: Happening) -> None:
        """Take in what has happened."""
        match happening:
            case happenings.Writing(ref=ref):
                self._phases[ref] = Phase.WRITING.value
                self._since.setdefault(ref, happening.at)
            case happenings.Progress(ref=ref, phase=phase):
                self._phases[ref] = phase
                self._told[ref] = happening
                self._since.setdefault(ref, happening.at)
            case happenings.Failed(ref=ref):
                self._phases[ref] = Phase.FAILED.value
            case _:
                return

    def lines(self, palette: Palette, *, width: int, height: int, at: float) -> list[str]:
        """Return the table at the time ``at``, at most ``height`` lines of ``width`` columns."""
        ready = sum(phase in _DONE for phase in self._phases.values())
        head = f"{self._plan.project} in {self._plan.environment}"
        shown = [palette.strong(f"{head}  {ready} of {len(self._phases)} ready  {at:.1f} s")]
        open_rows = [ref for ref, phase in self._phases.items() if phase not in _DONE]
        open_rows.sort(key=lambda ref: self._rank(ref))
        shown.extend(self._row(ref, palette, width, at) for ref in open_rows[: height - 2])
        if len(open_rows) > height - 2:
            shown.append(palette.faint(f"  and {len(open_rows) - height + 2} more"))
        return shown

    def _rank(self, ref: ObjectRef) -> int:
        phase = self._phases[ref]
        return _ORDER.index(phase) if phase in _ORDER else len(_ORDER)

    def _row(self, ref: ObjectRef, palette: Palette, width: int, at: float) -> str:
        phase = self._phases[ref]
        told = self._told.get(ref)
        since = self._since.get(ref)
        age = f"{at - since:.1f} s" if since is not None else ""
        if phase == Phase.WAITING.value:
            open_parents = [
                parent
                for parent in self._graph.parents[ref]
                if self._phases.get(parent, Phase.READY.value) not in _DONE
            ]
            words = "for " + ", ".join(name(parent) for parent in open_parents[:3])
            words = words if open_parents else ""
        else:
            words = printable.one_line((told.warning or told.message) if told else "")
        left = f"  {name(ref).ljust(_NAME_WIDTH)}  {phase.ljust(8)}  "
        room = max(width - len(left) - len(age) - 3, 10)
        words = words if len(words) <= room else f"{words[: room - 1]}…"
        paint = palette.bad if phase == Phase.FAILED.value else palette.doubtful
        if phase == Phase.WAITING.value:
            paint = palette.faint
        return f"{left[:40]}{paint(left[40:])}{words.ljust(room)} {age}".rstrip()
