"""Questions that one answer settles are asked once."""

from mooring.decisions import OpenQuestion
from mooring.report import questions


def _question(service: str, name: str = "KEY") -> OpenQuestion:
    return OpenQuestion(
        subject=f"services.{service}.environment.{name}",
        question="the secret is empty",
        answer=f"{name}=<value> in secrets.env",
    )


def test_services_that_share_a_secret_share_its_question() -> None:
    asked = (_question("a"), _question("b"), _question("a", "OTHER"), _question("c"))
    assert questions.text(asked).splitlines() == [
        "2 open questions, to be answered for production",
        "  1. services.a.environment.KEY (and of b, c): the secret is empty",
        "     KEY=<value> in secrets.env",
        "  2. services.a.environment.OTHER: the secret is empty",
        "     OTHER=<value> in secrets.env",
    ]


def test_many_services_are_counted() -> None:
    text = questions.text(tuple(map(_question, "abcdefg")))
    assert "services.a.environment.KEY (and of b, c, d and 3 more): " in text
