"""The README shows what the program really prints."""

import re
from pathlib import Path

from tests.support.golden import CompareText

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.report import explanation, explanation_text

ROOT = Path(__file__).parent.parent.parent
COFFEE = ROOT / "examples" / "coffee"

WHOLE = ROOT / "tests" / "golden" / "coffee" / "explain" / "production.txt"

_SHOWN = re.compile(r"(\$ mooring explain(?: (\S+))?\n).*?(?=```)", re.DOTALL)


def explained(service: str | None) -> str:
    """Return what is printed of ``service``; of the whole example where that is None."""
    if service is None:
        return WHOLE.read_text(encoding="utf-8")
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(COFFEE))))
    whole = explanation.explain_last(stack.environments)
    return explanation_text.text(whole.about(service)).rstrip() + "\n"


def test_the_transcript_is_what_the_command_prints(assert_golden: CompareText) -> None:
    readme = ROOT / "README.md"
    shown = readme.read_text(encoding="utf-8")
    assert {found[2] for found in _SHOWN.finditer(shown)} == {None, "migrate"}
    assert_golden(_SHOWN.sub(lambda found: found[1] + explained(found[2]), shown), readme)
