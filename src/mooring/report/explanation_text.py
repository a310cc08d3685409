"""
An explanation for a person: what each service becomes and why, what is lost, what is open.

    api  compose.yaml:12
      is       a workload of 2 replicas, image coffee/api, listens on 8000
      becomes  Deployment/api, Service/api
      decided  kind: workload
               because restart is "unless-stopped" (compose.yaml:20)
               otherwise  services.api.kind: task
      dropped  container_name  compose.yaml:13
               pods get their names from their owner

Values that are simply carried are only counted.  What is said of several values in the same words
is said once: within a service, and for three services and more in a section of its own.  The open
questions stand at the end, where a terminal leaves them in sight.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from mooring.accounting import Outcome
from mooring.decisions import Decision
from mooring.report import printable, questions
from mooring.report import totals as report_totals
from mooring.report.explanation import UNACCOUNTED, Counts, Explanation, Fate, Part
from mooring.report.palette import PLAIN, Palette

_LEADS = 14  # the width of "approximated" and two blanks
_SEVERAL = 3  # services about which a statement is made in one place
_NAMED = 3  # values that a statement names; of further ones it gives the number


def text(explanation: Explanation, *, palette: Palette = PLAIN) -> str:
    """Return ``explanation`` as text without a final line break."""
    return "\n".join(_lines(explanation, palette))


def summary(explanation: Explanation) -> str:
    """Return one line: how many services and objects, and what became of the values."""
    objects = {ref for part in explanation.parts for ref in part.becomes}
    services = printable.many(len(explanation.services), "service")
    return f"{services}, {printable.many(len(objects), 'object')}; {_counted(explanation.counts)}"


class Statement(NamedTuple):
    """What is said of values; many values may share it."""

    outcome: str
    reason: str
    to: str

    @property
    def said(self) -> str:
        """The reason, which every value has that is not carried."""
        if self.outcome == UNACCOUNTED:
            return "nothing is known of this value: a bug of mooring, please report it"
        return self.reason


def _lines(explanation: Explanation, palette: Palette) -> Iterator[str]:
    heading = f"{explanation.project} in {explanation.environment}"
    yield f"{palette.strong(heading)} (namespace {explanation.namespace})"
    yield summary(explanation)
    if explanation.totals is not None:
        yield report_totals.text(explanation.totals)
    if explanation.room is not None:
        yield report_totals.room_text(explanation.room)
    said = {part.name: statements(part.fates) for part in explanation.parts}
    shared = common(said)
    for part in explanation.services:
        yield ""
        own = {each: fates for each, fates in said[part.name].items() if each not in shared}
        yield from _part(part, part.name, own, palette)
    if shared:
        yield ""
        yield palette.strong("the same for several services")
        for statement, services in shared.items():
            fates = [fate for name in services for fate in said[name][statement]]
            yield from _statement(statement, fates, palette, services)
    if explanation.beside != Part():
        yield ""
        yield from _part(explanation.beside, "beside the services", said[""], palette)
    if explanation.inactive:
        yield ""
        yield f"left out, because no active profile selects it: {', '.join(explanation.inactive)}"
    if explanation.questions:
        yield ""
        yield questions.text(
            explanation.questions, environments=(explanation.environment,), palette=palette
        )


def statements(fates: Iterable[Fate]) -> dict[Statement, list[Fate]]:
    """Return what is said of values that are not carried, each with one value of each entry."""
    found: dict[Statement, dict[str, Fate]] = {}
    for fate in fates:
        if fate.outcome != Outcome.CARRIED:
            statement = Statement(fate.outcome, fate.reason, fate.to)
            found.setdefault(statement, {}).setdefault(fate.entry, fate)
    return {statement: list(by_entry.values()) for statement, by_entry in found.items()}


def common(said: Mapping[str, Mapping[Statement, object]]) -> dict[Statement, list[str]]:
    """Return the statements about several services, with the names of these services."""
    services: dict[Statement, list[str]] = {}
    for name, statements in said.items():
        for statement in statements:
            if name:
                services.setdefault(statement, []).append(name)
    return {each: names for each, names in services.items() if len(names) >= _SEVERAL}


def _part(
    part: Part, title: str, said: Mapping[Statement, list[Fate]], palette: Palette
) -> Iterator[str]:
    yield palette.strong(printable.one_line(title)) + printable.place(part.position, palette)
    if part.summary:
        yield _led("is", printable.one_line(part.summary))
    if part.project:
        yield _led("project", printable.one_line(part.project))
    if part.becomes:
        yield _led("becomes", ", ".join(map(str, part.becomes)))
    if part.counts.total:
        yield _led("values", _counted(part.counts))
    for decision in part.decisions:
        yield from _decision(decision, palette)
    for statement, fates in said.items():
        yield from _statement(statement, fates, palette)


def _decision(decision: Decision, palette: Palette) -> Iterator[str]:
    choice = printable.one_line(f"{decision.topic}: {decision.choice}")
    yield _led("decided", palette.hint(choice))
    for evidence in decision.evidence:
        statement = printable.one_line(evidence.statement)
        yield _led("", f"because {statement}{printable.place(evidence.position, palette)}")
    if decision.overrule:
        yield _led("", f"otherwise  {printable.one_line(decision.overrule)}")


def _statement(
    statement: Statement, fates: list[Fate], palette: Palette, services: list[str] | None = None
) -> Iterator[str]:
    """Yield what is said of ``fates``, and of which ``services`` where these are several."""
    outcome = statement.outcome
    paint = palette.doubtful if outcome == Outcome.APPROXIMATED else palette.bad
    entries = list(dict.fromkeys(fate.entry for fate in fates))
    named = ", ".join(map(printable.one_line, entries[:_NAMED]))
    if len(entries) > _NAMED:
        named += f" and {len(entries) - _NAMED} more"
    place = printable.place(fates[0].position, palette) if services is None else ""
    yield f"  {paint(outcome)}{' ' * (_LEADS - len(outcome))}{named}{place}"
    if statement.said:
        yield _led("", printable.one_line(statement.said))
    if statement.to:
        yield _led("", f"-> {printable.one_line(statement.to)}")
    if services is not None:
        yield _led("", palette.faint(f"in {', '.join(map(printable.one_line, services))}"))


def _led(lead: str, said: str) -> str:
    return f"  {lead:<{_LEADS}}{said}"


def _counted(counts: Counts) -> str:
    lost = (
        (counts.approximated, "approximated"),
        (counts.dropped, "dropped"),
        (counts.refused, "refused"),
        (counts.unaccounted, UNACCOUNTED),
    )
    said = "".join(f", {count} {outcome}" for count, outcome in lost if count)
    return f"{counts.carried} of {printable.many(counts.total, 'value')} carried{said}"
