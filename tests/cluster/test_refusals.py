"""From answers to errors."""

import json

import pytest

from mooring.cluster import errors, refusals


def status(code: int, reason: str = "", message: str = "told", **details: object) -> bytes:
    """Return a Status."""
    return json.dumps(
        {"kind": "Status", "code": code, "reason": reason, "message": message, "details": details}
    ).encode()


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        pytest.param(401, status(401), errors.Unauthorized, id="401"),
        pytest.param(403, status(403), errors.Forbidden, id="403"),
        pytest.param(404, status(404), errors.NotFound, id="404"),
        pytest.param(409, status(409, "Conflict"), errors.Conflict, id="409"),
        pytest.param(409, status(409, "AlreadyExists"), errors.AlreadyExists, id="already-there"),
        pytest.param(
            409,
            status(409, "Conflict", causes=[{"reason": "FieldManagerConflict"}]),
            errors.FieldConflict,
            id="a-field-of-somebody-else",
        ),
        pytest.param(410, status(410, "Expired"), errors.Expired, id="410"),
        pytest.param(422, status(422), errors.Invalid, id="422"),
        pytest.param(429, status(429), errors.Busy, id="429"),
        pytest.param(500, status(500), errors.ServerFault, id="500"),
        pytest.param(502, b"<html>Bad Gateway</html>", errors.ServerFault, id="a-page-of-a-proxy"),
        pytest.param(
            500,
            status(500, message="failed to create typed patch object (a; v1, Kind=X): .b: not"),
            errors.Invalid,
            id="an-object-at-fault-that-is-told-as-a-fault-of-the-server",
        ),
    ],
)
def test_an_answer_is_the_error_that_it_means(
    code: int, body: bytes, kind: type[errors.Refused]
) -> None:
    assert type(refusals.refusal(code, body)) is kind


def test_a_page_that_is_no_status_is_not_repeated_as_html() -> None:
    assert "HTTP status 502" in str(refusals.refusal(502, b"<html>Bad Gateway</html>"))
    assert "page not found" in str(refusals.refusal(404, b"404 page not found\n"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param('data[k]: Invalid value: "abc": bad', "Invalid value: ********", id="quoted"),
        pytest.param("it holds hunter22 somewhere", "it holds ********", id="anywhere"),
        pytest.param('Invalid value: "a\\"b": bad', "Invalid value: ********", id="with-quotes"),
    ],
)
def test_what_is_known_to_be_secret_is_masked(text: str, shown: str) -> None:
    assert shown in refusals.masked(text, {"hunter22"})


def test_of_what_is_no_secret_all_is_told() -> None:
    text = 'spec.replicas: Invalid value: "x": must be a number'
    assert refusals.masked(text, frozenset()) == text


TYPED = (
    b'{"kind":"Status","apiVersion":"v1","status":"Failure","code":500,"message":"failed to create '
    b"typed patch object (shop/x; /v1, Kind=ConfigMap): .data.a: expected string, got "
    b'&value.valueUnstructured{Value:12345}"}'
)


def test_a_value_is_shown_as_it_was_written() -> None:
    told = refusals.refusal(500, TYPED).message
    assert told.endswith(".data.a: expected string, got 12345")


def test_a_secret_that_is_no_text_is_masked_all_the_same() -> None:
    secrets = refusals.secrets_of({"kind": "Secret", "data": {"PIN": 12345}})
    assert "12345" not in refusals.refusal(500, TYPED, secrets=secrets).message
