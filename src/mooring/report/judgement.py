"""The forms in which the result of a check is told, by name."""

from collections.abc import Callable, Sequence

from mooring.check import catalogue
from mooring.check.catalogue import Check
from mooring.check.engine import Judgement
from mooring.check.repair import Edit
from mooring.report.excerpt import LinesOf
from mooring.report.palette import PLAIN, Palette

FORMS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")


def told(
    judged: Judgement,
    form: str,
    *,
    is_verbose: bool = False,
    palette: Palette = PLAIN,
    lines_of: LinesOf | None = None,
    edits: Callable[[], Sequence[Edit | None]] | None = None,
) -> str:
    """
    Return ``judged`` in the form ``form``, one of `FORMS`.

    ``is_verbose``, ``palette`` and ``lines_of`` are for people who read text; ``edits`` returns
    what mends each finding, for programs that offer it.
    """
    found = judged.findings
    match form:
        case "json":
            from mooring.report import json

            return json.judgement(judged)
        case "sarif":
            from mooring.report import sarif

            return sarif.sarif(found, _page_of, edits() if edits is not None else ())
        case "junit":
            from mooring.report import junit

            return junit.junit(found, objects=judged.objects, rules=judged.rules)
        case "github":
            from mooring.report import github

            return github.github(found)
        case "gitlab":
            from mooring.report import gitlab

            return gitlab.gitlab(found)
        case "markdown":
            from mooring.report import markdown

            return markdown.markdown(found, objects=judged.objects, rules=judged.rules)
        case "html":
            from mooring.report import html

            return html.html(found, objects=judged.objects, rules=judged.rules)
        case _:
            from mooring.report import judgement_text

            return judgement_text.text(
                judged, is_verbose=is_verbose, palette=palette, lines_of=lines_of
            )


def _page_of(name: str) -> Check | None:
    from mooring.check import besides

    return catalogue.check(name) if name in catalogue.names() else besides.page(name)
