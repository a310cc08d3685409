"""
An explanation for a person: what each service becomes and why, what is lost, what is open.

    api  compose.yaml:12
      becomes  Deployment/api, Service/api
      decided  kind: workload
               because restart is "unless-stopped" (compose.yaml:20)
               otherwise  services.api.kind: task
      dropped  container_name  compose.yaml:13
               pods get their names from their owner

Values that are simply carried are only counted; the open questions stand at the end, where a
terminal leaves them in sight.
"""

from collections.abc import Iterator

from mooring.accounting import Outcome
from mooring.decisions import Decision, OpenQuestion
from mooring.report import printable
from mooring.report.explanation import UNACCOUNTED, Counts, Explanation, Fate, Part
from mooring.report.palette import PLAIN, Palette
from mooring.sources import Position

_LEADS = 14  # the width of "approximated" and two blanks


def text(explanation: Explanation, *, palette: Palette = PLAIN) -> str:
    """Return ``explanation`` as text without a final line break."""
    return "\n".join(_lines(explanation, palette))


def questions(asked: tuple[OpenQuestion, ...], *, palette: Palette = PLAIN) -> str:
    """Return the open questions, numbered, each with the place for its answer; nothing for none."""
    return "\n".join(_questions(asked, palette))


def summary(explanation: Explanation) -> str:
    """Return one line: how many services and objects, and what became of the values."""
    objects = {ref for part in explanation.parts for ref in part.becomes}
    services = _many(len(explanation.services), "service")
    return f"{services}, {_many(len(objects), 'object')}; {_counted(explanation.counts)}"


def _lines(explanation: Explanation, palette: Palette) -> Iterator[str]:
    heading = f"{explanation.project} in {explanation.environment}"
    yield f"{palette.strong(heading)} (namespace {explanation.namespace})"
    yield summary(explanation)
    for part in explanation.services:
        yield ""
        yield from _part(part, part.name, palette)
    if explanation.beside != Part():
        yield ""
        yield from _part(explanation.beside, "beside the services", palette)
    if explanation.inactive:
        yield ""
        yield f"left out, because no active profile selects it: {', '.join(explanation.inactive)}"
    if explanation.questions:
        yield ""
        yield from _questions(explanation.questions, palette)


def _part(part: Part, title: str, palette: Palette) -> Iterator[str]:
    yield palette.strong(printable.one_line(title)) + _place(part.position, palette)
    if part.becomes:
        yield _led("becomes", ", ".join(map(str, part.becomes)))
    if part.counts.total:
        yield _led("values", _counted(part.counts))
    for decision in part.decisions:
        yield from _decision(decision, palette)
    shown: set[str] = set()
    for fate in part.fates:
        if fate.outcome != Outcome.CARRIED and fate.entry not in shown:
            shown.add(fate.entry)
            yield from _fate(fate, palette)


def _decision(decision: Decision, palette: Palette) -> Iterator[str]:
    choice = printable.one_line(f"{decision.topic}: {decision.choice}")
    yield _led("decided", palette.hint(choice))
    for evidence in decision.evidence:
        statement = printable.one_line(evidence.statement)
        yield _led("", f"because {statement}{_place(evidence.position, palette)}")
    if decision.overrule:
        yield _led("", f"otherwise  {printable.one_line(decision.overrule)}")


def _fate(fate: Fate, palette: Palette) -> Iterator[str]:
    paint = palette.doubtful if fate.outcome == Outcome.APPROXIMATED else palette.bad
    lead = paint(fate.outcome) + " " * (_LEADS - len(fate.outcome))
    yield f"  {lead}{printable.one_line(fate.entry)}{_place(fate.position, palette)}"
    reason = fate.reason
    if fate.outcome == UNACCOUNTED:
        reason = "nothing is known of this value: a bug of mooring, please report it"
    if reason:
        yield _led("", printable.one_line(reason))
    if fate.to:
        yield _led("", f"-> {printable.one_line(fate.to)}")


def _questions(asked: tuple[OpenQuestion, ...], palette: Palette) -> Iterator[str]:
    if not asked:
        return
    yield palette.doubtful(f"{_many(len(asked), 'open question')}, to be answered for production")
    for number, question in enumerate(asked, start=1):
        said = printable.one_line(f"{question.subject}: {question.question}")
        lead = f"  {number}. "
        yield f"{lead}{said}{_place(question.position, palette)}"
        yield " " * len(lead) + palette.hint(printable.one_line(question.answer))


def _led(lead: str, said: str) -> str:
    return f"  {lead:<{_LEADS}}{said}"


def _place(position: Position | None, palette: Palette) -> str:
    return f"  {palette.faint(printable.one_line(position.short))}" if position else ""


def _counted(counts: Counts) -> str:
    lost = (
        (counts.approximated, "approximated"),
        (counts.dropped, "dropped"),
        (counts.refused, "refused"),
        (counts.unaccounted, UNACCOUNTED),
    )
    said = "".join(f", {count} {outcome}" for count, outcome in lost if count)
    return f"{counts.carried} of {_many(counts.total, 'value')} carried{said}"


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
