"""The README shows what the program really prints."""

import re
from pathlib import Path

from tests.support.golden import CompareText

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.report import explanation, explanation_text

ROOT = Path(__file__).parent.parent.parent
COFFEE = ROOT / "examples" / "coffee"

_SHOWN = re.compile(r"(\$ mooring explain (\S+)\n).*?(?=```)", re.DOTALL)


def explained(service: str) -> str:
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(COFFEE))))
    whole = explanation.explain_last(stack.environments)
    return explanation_text.text(whole.about(service)).rstrip() + "\n"


def test_the_transcript_is_what_the_command_prints(assert_golden: CompareText) -> None:
    readme = ROOT / "README.md"
    shown = readme.read_text(encoding="utf-8")
    assert _SHOWN.search(shown), "the README shows no explanation"
    assert_golden(_SHOWN.sub(lambda found: found[1] + explained(found[2]), shown), readme)
