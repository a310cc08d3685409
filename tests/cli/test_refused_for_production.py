"""What keeps a stack from production is said with the place of each answer."""

import pytest

from mooring.cli.deploying.readiness_for_production import QuestionsOpen, refuse
from mooring.decisions import OpenQuestion


def _asked(service: str) -> OpenQuestion:
    return OpenQuestion(
        subject=f"services.{service}.image",
        question="which version does it run?",
        answer="environments: {production: {tag: <tag>}}",
    )


def test_one_question_of_several_services_is_one_question() -> None:
    with pytest.raises(QuestionsOpen) as raised:
        refuse([_asked("web"), _asked("api")], (), "production")
    assert raised.value.message.splitlines() == [
        "1 open question, to be answered for production",
        "  1. services.web.image (and of api): which version does it run?",
        "     environments: {production: {tag: <tag>}}",
    ]
    assert "mooring convert" in (raised.value.remedy or "")


def test_placeholders_are_named_with_their_files() -> None:
    with pytest.raises(QuestionsOpen) as raised:
        refuse((), ["shop-secrets: PASSWORD"], "staging")
    assert "shop-secrets: PASSWORD" in raised.value.message
    assert "environments/staging" in (raised.value.remedy or "")


def test_nothing_open_is_no_hindrance() -> None:
    refuse((), (), "production")
