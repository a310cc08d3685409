"""
A whole stack explained on a few pages: one short block for each service, the rest by its kind.

    api  compose.yaml:75
      a workload of 3 replicas, image coffee/api:1.4.0, listens on 8000
      becomes       Deployment, Service, ConfigMap/api-env
      decided       ports: listens on 8000 (EXPOSE 8000 in the Dockerfile)
      dropped       deploy.rollback_config: an update is taken back as one step
      open          question 3

What is said of three services and more stands in a section of its own.  The evidence of each
decision, and the line that overrules it, are `explanation_text`'s.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mooring.accounting import Outcome
from mooring.decisions import Decision, OpenQuestion
from mooring.folding import Kind, folded
from mooring.kube.plurals import counted
from mooring.refs import ObjectRef
from mooring.report import graph, printable, questions
from mooring.report import totals as report_totals
from mooring.report.explanation import Explanation, Fate, Part
from mooring.report.explanation_text import Statement, common, statements, summary
from mooring.report.palette import PLAIN, Palette
from mooring.report.stack_graph import WORKLOADS

_LEADS = 14  # the width of "approximated" and two blanks
_NAMED = 3  # values that a statement names; of further ones it gives the number
_WIDTH = 100  # of a list of names
_FEW = 4  # times as many as are left out: then these are named


def text(explanation: Explanation, *, palette: Palette = PLAIN) -> str:
    """Return ``explanation`` as text without a final line break."""
    return "\n".join(_lines(explanation, palette))


def _lines(explanation: Explanation, palette: Palette) -> Iterator[str]:
    heading = f"{explanation.project} in {explanation.environment}"
    yield f"{palette.strong(heading)} (namespace {explanation.namespace})"
    yield summary(explanation)
    if explanation.totals is not None and not explanation.others:
        yield report_totals.text(explanation.totals)
        if explanation.room is not None:
            yield report_totals.room_text(explanation.room)
    asked = questions.numbers(explanation.questions)
    said = {part.name: statements(part.fates) for part in explanation.parts}
    shared = common(said)
    kinds, own = folded({part.name: part.decisions for part in explanation.services})
    for part in explanation.services:
        yield ""
        place = printable.place(part.position, palette)
        project = palette.faint(f", project {part.project}") if part.project else ""
        yield palette.strong(printable.one_line(part.name)) + place + project
        if part.summary:
            yield f"  {printable.one_line(part.summary)}"
        if part.becomes:
            yield _led("becomes", ", ".join(_refs(part)))
        for decision in own[part.name]:
            yield from _decision(decision, palette)
        for statement, fates in said[part.name].items():
            if statement not in shared:
                yield _statement(statement, [fate.entry for fate in fates], palette)
        if part.questions:
            yield _led("open", palette.doubtful(_numbered(part.questions, asked)))
    yield from _together(kinds, shared, said, palette)
    yield from _beside(explanation.beside, said[""], palette)
    needs = list(graph.lines(explanation.graph, palette))
    if needs:
        yield ""
        yield palette.strong("who needs whom")
        yield from needs
    yield from _environments(explanation, palette)
    if explanation.inactive:
        yield ""
        yield f"left out, because no active profile selects it: {', '.join(explanation.inactive)}"
    if explanation.questions:
        yield ""
        yield questions.text(
            explanation.questions, environments=(explanation.environment,), palette=palette
        )
    yield ""
    yield palette.faint(
        "`mooring explain SERVICE` shows the evidence of each decision and how to overrule it, "
        "-v does so for all"
    )


def _refs(part: Part) -> Iterator[str]:
    """Yield the objects of ``part``; of those that are called like its workload, the kind alone."""
    workload = next((ref.name for ref in part.becomes if ref.kind in WORKLOADS), None)
    for ref in sorted(part.becomes, key=_rank):
        yield ref.kind if ref.name == workload else str(ref)


def _rank(ref: ObjectRef) -> int:
    """Workloads first, then how they are reached, then the rest in its order."""
    return 0 if ref.kind in WORKLOADS else 1 if ref.kind in {"Service", "Ingress"} else 2


def _decision(decision: Decision, palette: Palette) -> Iterator[str]:
    first, *others = [short(evidence.statement) for evidence in decision.evidence] or [""]
    more = f", and {len(others)} more" if others else ""
    because = f" ({first}{more})" if first else ""
    choice = printable.one_line(f"{decision.topic}: {decision.choice}")
    yield _led("decided", palette.hint(choice) + palette.faint(printable.one_line(because)))


def short(statement: str) -> str:
    """Return ``statement`` without the addresses of its sources."""
    before, _, source = statement.partition(" (http")
    if source:
        return before + source.partition(")")[2]
    before, _, source = statement.partition(", as http")
    return before


def _statement(statement: Statement, entries: Iterable[str], palette: Palette) -> str:
    outcome = statement.outcome
    paint = palette.doubtful if outcome == Outcome.APPROXIMATED else palette.bad
    named = list(dict.fromkeys(entries))
    shown = ", ".join(map(printable.one_line, named[:_NAMED]))
    if len(named) > _NAMED:
        shown += f" and {len(named) - _NAMED} more"
    said = f"{shown}: {printable.one_line(statement.said)}"
    return f"  {paint(outcome)}{' ' * (_LEADS - len(outcome))}{said}"


def _together(
    kinds: list[Kind],
    shared: Mapping[Statement, list[str]],
    said: Mapping[str, Mapping[Statement, list[Fate]]],
    palette: Palette,
) -> Iterator[str]:
    everybody = [name for name in said if name]
    if not kinds and not shared:
        return
    yield ""
    yield palette.strong("the same for several services")
    for kind in kinds:
        because = f" ({short(kind.because)})" if kind.because else ""
        choice = printable.one_line(f"{kind.topic}: {kind.choice}")
        yield _led("decided", palette.hint(choice) + palette.faint(printable.one_line(because)))
        names = [f"{name} ({own})" if own else name for name, own in kind.services]
        yield from _list(names, everybody, palette)
    for statement, services in shared.items():
        fates = [fate for name in services for fate in said[name][statement]]
        yield _statement(statement, [fate.entry for fate in fates], palette)
        yield from _list(services, everybody, palette)


def _list(names: Sequence[str], everybody: Sequence[str], palette: Palette) -> Iterator[str]:
    """Yield ``names`` in lines that are not too wide; of nearly ``everybody`` those left out."""
    others = [name for name in everybody if name not in names]
    line = "in "
    if len(names) + len(others) == len(everybody) and len(names) - _FEW * len(others) > 0:
        line = f"in all {len(everybody)}" if not others else "in all but "
        names = others
    for name in _with_commas([printable.one_line(name) for name in names]):
        if len(line) + len(name) > _WIDTH - _LEADS:
            yield _led("", palette.faint(line.rstrip()))
            line = "   "
        line += f"{name} "
    yield _led("", palette.faint(line.rstrip()))


def _with_commas(names: list[str]) -> list[str]:
    return [f"{name}," for name in names[:-1]] + names[-1:]


def _beside(beside: Part, said: Mapping[Statement, list[Fate]], palette: Palette) -> Iterator[str]:
    if beside == Part():
        return
    yield ""
    yield palette.strong("beside the services")
    if beside.becomes:
        yield _led("becomes", ", ".join(_counted(beside.becomes)))
    for decision in beside.decisions:
        yield from _decision(decision, palette)
    for statement, fates in said.items():
        yield _statement(statement, [fate.entry for fate in fates], palette)


def _environments(explanation: Explanation, palette: Palette) -> Iterator[str]:
    """Yield what each environment asks for, and in what this one differs from the others."""
    if not explanation.others or explanation.totals is None:
        return
    yield ""
    yield palette.strong("environments")
    sums = {one.name: (one.totals, one.room) for one in explanation.others}
    sums[explanation.environment] = explanation.totals, explanation.room
    width = max(_LEADS, *(len(name) + 2 for name in sums))
    for name, (totals, room) in sums.items():
        yield f"  {name:<{width}}{report_totals.text(totals)}"
        if room is not None:
            yield f"  {'':<{width}}{report_totals.room_text(room)}"
    for other in explanation.others:
        if other.differences:
            yield ""
            yield palette.strong(f"{explanation.environment} against {other.name}")
        for difference in other.differences:
            yield from _row(difference.what, difference.items)


def _row(what: str, items: Sequence[str]) -> Iterator[str]:
    lead = what
    line = ""
    for item in _with_commas([printable.one_line(item) for item in items]):
        if line and len(line) + len(item) > _WIDTH - _LEADS:
            yield _led(lead, line.rstrip())
            lead, line = "", ""
        line += f"{item} "
    yield _led(lead, line.rstrip())


def _counted(refs: Iterable[ObjectRef]) -> Iterator[str]:
    """Yield what there is of each kind: its name where it is the only one."""
    kinds: dict[str, list[ObjectRef]] = {}
    for ref in refs:
        kinds.setdefault(ref.kind, []).append(ref)
    for kind, found in kinds.items():
        yield str(found[0]) if len(found) == 1 else counted(len(found), kind)


def _numbered(asked: Iterable[OpenQuestion], numbers: Mapping[tuple[str, str], int]) -> str:
    found = sorted({numbers[one.question, one.answer] for one in asked})
    return f"question{'s' if len(found) > 1 else ''} {', '.join(map(str, found))}"


def _led(lead: str, said: str) -> str:
    return f"  {lead:<{_LEADS}}{said}"
