"""
The open questions of a conversion, numbered, each with the place for its answer.

    2 open questions, to be answered for production
      1. services.api.environment.KEY: the secret is empty  compose.yaml:9
         KEY=<value> in environments/<environment>/secrets.env

One answer may settle several of them: these are one question, asked of several places.
"""

from collections.abc import Iterator

from mooring.decisions import OpenQuestion, together
from mooring.report import printable
from mooring.report.palette import PLAIN, Palette


def text(asked: tuple[OpenQuestion, ...], *, palette: Palette = PLAIN) -> str:
    """Return the questions ``asked`` as text without a final line break; nothing for none."""
    return "\n".join(_lines(asked, palette)) if asked else ""


def _lines(asked: tuple[OpenQuestion, ...], palette: Palette) -> Iterator[str]:
    questions = together(asked)
    yield palette.doubtful(
        f"{printable.many(len(questions), 'open question')}, to be answered for production"
    )
    for number, (question, others) in enumerate(questions, start=1):
        said = printable.one_line(f"{question.subject}{others}: {question.question}")
        lead = f"  {number}. "
        yield f"{lead}{said}{printable.place(question.position, palette)}"
        yield " " * len(lead) + palette.hint(printable.one_line(question.answer))
