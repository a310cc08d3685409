"""Answers that can be copied: files by their real path."""

import pytest

from mooring.decisions import OpenQuestion
from mooring.report import answers

BOTH = ("staging", "production")


def _asked(answer: str, subject: str = "services.web.command") -> OpenQuestion:
    return OpenQuestion(subject=subject, question="which?", answer=answer)


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
