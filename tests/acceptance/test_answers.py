"""
Whoever does what the open questions say has a stack without open questions.

The lines that `mooring explain` prints are taken at their word: each is put where it belongs, and
the stack is converted again, until nothing is asked any more.
"""

from pathlib import Path

import pytest
from tests.acceptance import answers
from tests.acceptance.conftest import AnsweredStacks
from tests.integration import stacks

from mooring import pipeline
from mooring.compose.discovery import LoadRequest


@pytest.mark.corpus
@pytest.mark.parametrize("stack", stacks.parameters([*stacks.corpus(), *stacks.examples()]))
def test_doing_what_the_questions_say_answers_them_all(
    stack: stacks.Stack, answered_stacks: AnsweredStacks, tmp_path: Path
) -> None:
    unanswered = pipeline.Request(load=stack.copied(tmp_path))
    before = [one.name for one in pipeline.environments(unanswered)]
    answered = answered_stacks(stack)
    assert answered.rounds <= 2
    # What is answered for production takes nothing away from the others.
    assert [one.environment.name for one in answered.stack.environments] == before


def test_an_answer_that_settles_nothing_is_seen(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {image: app}}\n")
    load = LoadRequest(directory=str(tmp_path))
    (question,) = pipeline.stack(pipeline.Request(load=load)).environments[-1].translation.questions
    assert question.answer == "services: {web: {image: app:<version>}}"
    with pytest.raises(answers.Unanswerable, match="which version of app"):
        answers.answered(
            LoadRequest(directory=str(tmp_path), environment={"COMPOSE_FILE": "compose.yaml"}),
            most_rounds=0,
        )


@pytest.mark.parametrize(
    ("answer", "settings"),
    [
        pytest.param(
            "environments: {production: {domain: <domain>}}, or for one service "
            "services: {<service>: {exposure: {host: <host>}}}",
            {"environments": {"production": {"domain": "example.com"}}},
            id="the-first-of-several",
        ),
        pytest.param(
            "services: {web: {exposure: none}} keeps it closed",
            {"services": {"web": {"exposure": "none"}}},
            id="words-behind-are-no-settings",
        ),
        pytest.param("put the file there", None, id="words-alone-are-none"),
    ],
)
def test_the_settings_in_an_answer(answer: str, settings: dict[str, object] | None) -> None:
    assert answers.settings_of(answer) == settings
