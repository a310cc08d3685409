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


def _variable(name: str, item: str = "in web") -> OpenQuestion:
    return OpenQuestion(
        subject=f"variables.{name}",
        question=f"it is not set and counts as empty {item}",
        answer=f"{name}=<value> in .env",
        several="{count} variables are not set and count as empty",
        item=item,
    )


def test_many_of_a_kind_are_asked_together_each_with_its_line() -> None:
    other = OpenQuestion(subject="services.web.image", question="which?", answer="that")
    asked = (_variable("A"), other, _variable("LONGER", "in db"), _variable("C"))
    assert questions.text(asked).splitlines() == [
        "2 open questions with 4 answers, to be answered for production",
        "  1. 3 variables are not set and count as empty; in .env:",
        "       A=<value>       in web",
        "       LONGER=<value>  in db",
        "       C=<value>       in web",
        "  2. services.web.image: which?",
        "     that",
    ]


def test_two_of_a_kind_are_asked_one_by_one() -> None:
    lines = questions.text((_variable("A"), _variable("B"))).splitlines()
    assert lines[1] == "  1. variables.A: it is not set and counts as empty in web"
    assert lines[2].strip() == "A=<value> in .env"


def test_answers_that_belong_in_several_files_name_them() -> None:
    elsewhere = OpenQuestion(
        subject="variables.C",
        question="it is not set",
        answer="C=<value> in api/.env",
        several="{count} variables are not set and count as empty",
    )
    lines = questions.text((_variable("A"), _variable("B"), elsewhere)).splitlines()
    assert lines[1:3] == [
        "  1. 3 variables are not set and count as empty:",
        "       A=<value> in .env      in web",
    ]


def test_each_question_has_the_number_under_which_it_is_asked() -> None:
    other = OpenQuestion(subject="services.web.image", question="which?", answer="that")
    asked = (_variable("A"), other, _variable("B"), _variable("C"))
    numbers = questions.numbers(asked)
    assert [numbers[one.question, one.answer] for one in asked] == [1, 2, 1, 1]
