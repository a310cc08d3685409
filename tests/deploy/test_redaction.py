"""What is masked in logs and messages, and which words are left as they are."""

import pytest
from tests.deploy.objects import config, namespace, secret, wanted, workload

from mooring.deploy.redaction import Redactor
from mooring.sensitive import MASK

OBJECTS = (
    namespace("shop-dev"),
    config(DATABASE_NAME="coffee"),
    secret(KEY="coffee", PASSWORD="hunter2-and-more", WORD="sesame", LINES="first-line\nsecond"),
    workload("api"),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("login: hunter2-and-more", f"login: {MASK}", id="a-secret"),
        pytest.param("xhunter2-and-morex", f"x{MASK}x", id="inside-of-another-word"),
        pytest.param("aHVudGVyMi1hbmQtbW9yZQ==", MASK, id="as-base64"),
        pytest.param("got first-line here", f"got {MASK} here", id="a-line-of-a-secret"),
        pytest.param("open sesame", f"open {MASK}", id="a-word-that-stands-nowhere-in-clear"),
        pytest.param("the coffee is ready", "the coffee is ready", id="a-word-that-does"),
        pytest.param("Pod/coffee-1: /etc/coffee", "Pod/coffee-1: /etc/coffee", id="in-names"),
        pytest.param("image: coffee/web:1", "image: coffee/web:1", id="in-an-image"),
        pytest.param(
            'role "coffee" does not exist', 'role "coffee" does not exist', id="in-quotes"
        ),
        pytest.param("KEY=coffee", f"KEY={MASK}", id="the-word-as-a-value"),
        pytest.param("key: 'coffee'", f"key: '{MASK}'", id="the-word-as-a-value-in-quotes"),
        pytest.param(
            "http://coffee:coffee@store:9000", f"http://coffee:{MASK}@store:9000",
            id="the-word-in-an-address",
        ),
        pytest.param(
            "amqp://app:not-of-ours@mq/v", f"amqp://app:{MASK}@mq/v", id="an-unknown-password"
        ),
        pytest.param("http://web:8080/a@b", "http://web:8080/a@b", id="an-address-without-one"),
        pytest.param(
            'wrong password "coffee"', f'wrong password "{MASK}"', id="the-word-called-a-secret"
        ),
    ],
)  # fmt: skip
def test_redacting(text: str, shown: str) -> None:
    assert Redactor(wanted(*OBJECTS).objects)(text) == shown


def test_it_does_not_tell_what_it_knows() -> None:
    assert repr(Redactor(wanted(*OBJECTS).objects)).startswith("Redactor(")
    assert "sesame" not in repr(Redactor(wanted(*OBJECTS).objects))
