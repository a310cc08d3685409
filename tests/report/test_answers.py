"""Answers that can be copied: one for all environments, and files by their real path."""

import pytest

from mooring.decisions import OpenQuestion
from mooring.report import answers

BOTH = ("staging", "production")


def _asked(answer: str, subject: str = "services.web.command") -> OpenQuestion:
    return OpenQuestion(subject=subject, question="which?", answer=answer)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        pytest.param(
            [
                _asked("services: {web: {command: {staging: <c>}}}"),
                _asked("services: {web: {command: {production: <c>}}}"),
            ],
            "services: {web: {command: {staging: <c>, production: <c>}}}",
            id="an-answer-for-each-environment-becomes-one-for-all",
        ),
        pytest.param(
            [
                _asked(
                    "environments: {staging: {domain: <d>}}, or services: {web: {x: 1}}",
                    "environments.staging.domain",
                ),
                _asked(
                    "environments: {production: {domain: <d>}}, or services: {web: {x: 1}}",
                    "environments.production.domain",
                ),
            ],
            "environments: {staging: {domain: <d>}, production: {domain: <d>}}, "
            "or services: {web: {x: 1}}",
            id="so-does-one-about-the-environment-itself",
        ),
        pytest.param(
            [_asked("environments: {production: {tag: <tag>}}")],
            "environments: {production: {tag: <tag>}}",
            id="what-one-alone-asks-stays-its-own",
        ),
    ],
)
def test_what_all_environments_ask_is_asked_once(asked: list[OpenQuestion], answer: str) -> None:
    assert [one.answer for one in answers.placed(asked, BOTH, "deploy")] == [answer]


def test_different_questions_stay_apart() -> None:
    asked = [
        _asked("environments: {staging: {a: 1}}"),
        _asked("environments: {production: {b: 1}}"),
    ]
    assert answers.placed(asked, BOTH, "deploy") == asked


@pytest.mark.parametrize(
    ("environments", "output", "path"),
    [
        pytest.param(("production",), "deploy", "deploy/environments/production", id="of-one"),
        pytest.param(BOTH, "k8s/out", "k8s/out/environments/<environment>", id="of-several"),
    ],
)
def test_a_file_of_values_has_its_path(
    environments: tuple[str, ...], output: str, path: str
) -> None:
    asked = [_asked("KEY=<value> in environments/<environment>/secrets.env")]
    (placed,) = answers.placed(asked, environments, output)
    assert placed.answer == f"KEY=<value> in {path}/secrets.env"
