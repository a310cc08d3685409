"""
The README.md of a tree: what was made, what was decided, what is open, how to apply it.

It is committed beside the manifests, so it holds no value of a secret, no time and nothing of the
machine that made it.
"""

from collections.abc import Iterator, Mapping, Sequence

from mooring.accounting import Outcome
from mooring.decisions import Decision, OpenQuestion
from mooring.report import printable
from mooring.report.explanation import Explanation, Fate, Part
from mooring.sources import Position

APPLY = {
    "kustomize": "kubectl apply -k environments/{environment}",
    "plain": "kubectl apply -f {environment}/",
}
"""How the tree of each format is applied, from the tree's own folder."""

_SECRETS = {
    "kustomize": "environments/{environment}/secrets.env",
    "plain": "{environment}/01-secrets.yaml",
}


def readme(explanations: Sequence[Explanation], *, form: str) -> str:
    """
    Return the README.md of a tree in ``form`` that holds the environments of ``explanations``.

    Each environment has one explanation, the strictest last; where one says the same of a service
    as the last one does, it is not repeated.
    """
    return "\n".join(_lines(explanations, form)) + "\n"


def _lines(explanations: Sequence[Explanation], form: str) -> Iterator[str]:
    strictest = explanations[-1]
    yield f"# {strictest.project} in Kubernetes"
    yield ""
    yield "Made by `mooring convert`; run it again after a change of the compose files."
    yield ""
    yield "| environment | namespace | objects | open questions | apply |"
    yield "|---|---|---|---|---|"
    for each in explanations:
        objects = {ref for part in each.parts for ref in part.becomes}
        apply = APPLY[form].format(environment=each.environment)
        yield (
            f"| {each.environment} | {each.namespace} | {len(objects)} | "
            f"{len(each.questions)} | `{apply}` |"
        )
    yield ""
    secrets = _SECRETS[form].format(environment="<environment>")
    yield f"Secret values are in `{secrets}`, which git ignores; the example file"
    yield "beside it lists their names.  On a fresh clone, fill them in before you apply."
    questions = _apart(each.questions for each in explanations)
    if questions:
        yield ""
        yield "## Open questions"
        yield ""
        yield "Only you can answer these, and production needs the answers."
        yield ""
        yield from map(_question, questions)
    yield ""
    yield "## What each service becomes"
    for part in strictest.services:
        yield from _part(part, f"### {_inline(part.name)}")
    if strictest.beside != Part():
        yield from _part(strictest.beside, "### Beside the services")
    if strictest.inactive:
        names = ", ".join(map(_inline, strictest.inactive))
        yield ""
        yield f"Left out, because no active profile selects them: {names}."


def _apart(groups: Iterator[tuple[OpenQuestion, ...]]) -> tuple[OpenQuestion, ...]:
    """Return the questions of all groups, each once, in order."""
    found: Mapping[tuple[str, str], OpenQuestion] = {
        (question.subject, question.question): question for group in groups for question in group
    }
    return tuple(found.values())


def _question(question: OpenQuestion) -> str:
    said = _inline(f"{question.subject}: {question.question}")
    return f"- [ ] {said}{_place(question.position)}: `{_code(question.answer)}`"


def _part(part: Part, heading: str) -> Iterator[str]:
    yield ""
    yield heading
    if part.becomes:
        yield ""
        yield f"Becomes {', '.join(map(str, part.becomes))}."
    lines = [*map(_decision, part.decisions), *_losses(part.fates)]
    if lines:
        yield ""
        yield from lines


def _decision(decision: Decision) -> str:
    because = "; ".join(
        f"{_inline(evidence.statement)}{_place(evidence.position)}"
        for evidence in decision.evidence
    )
    line = f"- Decided: {_inline(f'{decision.topic}: {decision.choice}')}"
    if because:
        line += f", because {because}"
    if decision.overrule:
        line += f".  Otherwise: `{_code(decision.overrule)}`"
    return line


def _losses(fates: Sequence[Fate]) -> Iterator[str]:
    shown: set[str] = set()
    for fate in fates:
        if fate.outcome != Outcome.CARRIED and fate.entry not in shown:
            shown.add(fate.entry)
            reason = f": {_inline(fate.reason)}" if fate.reason else ""
            yield f"- {fate.outcome.capitalize()}: `{_code(fate.entry)}`{reason}"


def _place(position: Position | None) -> str:
    return f" ({_inline(position.short)})" if position else ""


def _inline(text: str) -> str:
    """Return ``text`` as Markdown that shows it as it is, on one line."""
    escaped = printable.one_line(text).replace("\\", "\\\\")
    for sign in "`*_<>[]|":
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped


def _code(text: str) -> str:
    """Return ``text`` for a code span, in which only a backtick means something."""
    return printable.one_line(text).replace("`", "'")
