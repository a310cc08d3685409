"""
The open questions of a conversion, numbered, each with the place for its answer.

    2 open questions, to be answered for production
      1. services.api.environment.KEY: the secret is empty  compose.yaml:9
         KEY=<value> in deploy/environments/production/secrets.env
      2. 4 variables are not set and count as empty; in .env:
           DOMAIN=<value>  in api, web  compose.yaml:14
           ...

One answer may settle several of them: these are one question, asked of several places.  Many of a
kind are asked together, each with the line that answers it.
"""

from collections.abc import Iterable, Iterator, Sequence

from mooring.decisions import Group, OpenQuestion, grouped
from mooring.report import answers, printable
from mooring.report.palette import PLAIN, Palette
from mooring.settings.environments import Tier, tier_of

_STRICTEST = "production"


def text(
    asked: Iterable[OpenQuestion],
    *,
    environments: Sequence[str] = (_STRICTEST,),
    output: str = "deploy",
    palette: Palette = PLAIN,
) -> str:
    """
    Return the questions ``asked`` as text without a final line break; nothing for none.

    They are those of ``environments``, whose tree is, or will be, in ``output``.
    """
    of = demanding(environments)
    groups = grouped(answers.placed(asked, of, output))
    return "\n".join(_lines(groups, _listed(of), palette)) if groups else ""


def demanding(environments: Sequence[str]) -> Sequence[str]:
    """Return the ``environments`` that wait for answers; for development production stands."""
    found = [name for name in environments if tier_of(name) is not Tier.DEV]
    return found or (_STRICTEST,)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def numbers(asked: Iterable[OpenQuestion]) -> dict[tuple[str, str], int]:
    """Return under which number `text` asks each question, by its words and its answer."""
    return {
        (question.question, question.answer): number
        for number, group in enumerate(grouped(asked), start=1)
        for question, _ in group.members
    }


def _lines(groups: list[Group], environments: str, palette: Palette) -> Iterator[str]:
    asked = sum(len(group.members) for group in groups)
    how_many = printable.many(len(groups), "open question")
    if asked > len(groups):
        how_many += f" with {asked} answers"
    yield palette.doubtful(f"{how_many}, to be answered for {environments}")
    for number, group in enumerate(groups, start=1):
        lead = f"  {number}. "
        if len(group.members) == 1:
            question, others = group.members[0]
            said = printable.one_line(f"{question.subject}{others}: {question.question}")
            yield f"{lead}{said}{printable.place(question.position, palette)}"
            yield " " * len(lead) + palette.hint(printable.one_line(question.answer))
        else:
            where = f"; in {group.place}" if group.place else ""
            yield f"{lead}{printable.one_line(group.heading + where)}:"
            yield from _answers(group, " " * (len(lead) + 2), palette)


def _answers(group: Group, indent: str, palette: Palette) -> Iterator[str]:
    lines = [printable.one_line(group.line(question)) for question, _ in group.members]
    width = min(max(map(len, lines)), _WIDEST)
    for line, (question, others) in zip(lines, group.members, strict=True):
        note = printable.one_line(group.note(question, others))
        padding = " " * (width - len(line)) + "  " if note else ""
        place = printable.place(question.position, palette)
        yield f"{indent}{palette.hint(line)}{padding}{note}{place}"


_WIDEST = 60
