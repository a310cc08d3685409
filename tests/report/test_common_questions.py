"""What several environments are asked alike stands there once, with an answer for all of them."""

import pytest
import yaml

from mooring.decisions import OpenQuestion
from mooring.report.common_questions import common


def _asked(question: str, answer: str, subject: str = "services.api.mode") -> list[OpenQuestion]:
    """Return the question as staging and as production ask it; ``*`` stands for the name."""
    return [
        OpenQuestion(
            subject=subject.replace("*", name),
            question=question.replace("*", name),
            answer=answer.replace("*", name),
        )
        for name in ("staging", "production")
    ]


def _common(staging: list[OpenQuestion], production: list[OpenQuestion]) -> list[str]:
    found = common([("staging", staging), ("production", production)])
    return [f"{one.question} {one.answer}" for one in found]


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        pytest.param(
            "which host is it in *?",
            "services: {relay: {mode: {*: external}, connection: {*: {host: <host>}}}}, or "
            "no other",
            "which host is it in staging and production? services: {relay: {mode: {staging: "
            "external, production: external}, connection: {staging: {host: <host>}, production: "
            "{host: <host>}}}}, or no other",
            id="settings-for-both",
        ),
        pytest.param(
            "nobody issues a certificate",
            "environments: {*: {issuer: <ClusterIssuer>, tags: [a, b]}}",
            "nobody issues a certificate environments: {staging: {issuer: <ClusterIssuer>, tags: "
            "[a, b]}, production: {issuer: <ClusterIssuer>, tags: [a, b]}}",
            id="keys-of-environments",
        ),
        pytest.param(
            "which is meant in *?",
            "URL=<value> in app.env (for * alone services: {api: {environment: {URL: {*: "
            "<url>}}}})",
            "which is meant in staging and production? URL=<value> in app.env (for these alone "
            "services: {api: {environment: {URL: {staging: <url>, production: <url>}}}})",
            id="a-file-for-all-or-settings-for-both",
        ),
        pytest.param(
            "which version?",
            "services: {db: {image: postgres:<version>}}",
            "which version? services: {db: {image: postgres:<version>}}",
            id="what-is-the-same-anyway",
        ),
        pytest.param(
            "the secret is empty",
            "KEY=<value> in environments/<environment>/secrets.env",
            "the secret is empty KEY=<value> in environments/<environment>/secrets.env",
            id="a-file-of-each",
        ),
    ],
)
def test_the_same_question_is_asked_once(question: str, answer: str, expected: str) -> None:
    staging, production = _asked(question, answer)
    assert _common([staging], [production]) == [expected]


def test_an_answer_for_both_says_what_two_said() -> None:
    line = "services: {relay: {mode: {*: external}, connection: {*: {host: mail.example.org}}}}"
    staging, production = _asked("which?", line)
    (one,) = common([("staging", [staging]), ("production", [production])])
    assert yaml.safe_load(one.answer) == {
        "services": {
            "relay": {
                "mode": {"staging": "external", "production": "external"},
                "connection": {
                    "staging": {"host": "mail.example.org"},
                    "production": {"host": "mail.example.org"},
                },
            }
        }
    }


def test_what_differs_is_asked_of_each() -> None:
    staging, _ = _asked("which files are for *?", "environments: {*: {files: [a.yaml]}}")
    _, production = _asked("which files are for *?", "environments: {*: {files: [b.yaml]}}")
    assert len(_common([staging], [production])) == 2


def test_what_one_alone_is_asked_stays_in_its_place() -> None:
    both = _asked("which host is it in *?", "services: {a: {mode: {*: external}}}")
    own, _ = _asked("for * alone?", "environments: {*: {domain: <domain>}}")
    assert [one.partition("?")[0] for one in _common([own, both[0]], [both[1]])] == [
        "for staging alone",
        "which host is it in staging and production",
    ]


def test_a_word_that_only_holds_the_name_is_another() -> None:
    staging, production = _asked(
        "which is it in *?", "services: {production-db: {mode: {*: external}}}"
    )
    assert _common([staging], [production]) == [
        "which is it in staging and production? services: {production-db: {mode: {staging: "
        "external, production: external}}}"
    ]
