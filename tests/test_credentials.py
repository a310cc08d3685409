"""Where passwords stand in longer texts, and which values can stand there."""

import pytest

from mooring.credentials import Form, around, can_hold, passwords_in


@pytest.mark.parametrize(
    ("text", "pieces", "hosts", "user"),
    [
        pytest.param(
            "postgres://app:s3cret@db:5432/shop?sslmode=disable",
            ("postgres://app:", "@db:5432/shop?sslmode=disable"),
            ("db",),
            "app",
            id="a-url",
        ),
        pytest.param("redis://:s3cret@cache/0", ("redis://:", "@cache/0"), ("cache",), "",
                     id="a-url-without-a-user"),
        pytest.param(
            "mongodb://app:s3cret@one:27017,two:27017/shop",
            ("mongodb://app:", "@one:27017,two:27017/shop"),
            ("one", "two"),
            "app",
            id="a-url-of-several-hosts",
        ),
        pytest.param(
            "app:s3cret@tcp(db:3306)/shop", ("app:", "@tcp(db:3306)/shop"), ("db",), "app",
            id="as-the-mysql-driver-of-go-takes-it",
        ),
        pytest.param(
            "host=db user=app password=s3cret dbname=shop",
            ("host=db user=app password=", " dbname=shop"),
            ("db",),
            "app",
            id="keywords-of-libpq",
        ),
        pytest.param(
            "Server=db;User Id=app;Password=s3cret;",
            ("Server=db;User Id=app;Password=", ";"),
            ("db",),
            "app",
            id="keywords-of-ado",
        ),
        pytest.param(
            "jdbc:postgresql://db/shop?user=app&password=s3cret",
            ("jdbc:postgresql://db/shop?user=app&password=", ""),
            ("db",),
            "app",
            id="the-query-of-jdbc",
        ),
        pytest.param(
            '{"type": "HS256", "key": "s3cret"}',
            ('{"type": "HS256", "key": "', '"}'),
            (),
            "",
            id="a-field-of-json",
        ),
    ],
)  # fmt: skip
def test_where_a_password_stands(
    text: str, pieces: tuple[str, ...], hosts: tuple[str, ...], user: str
) -> None:
    (found,) = passwords_in(text)
    assert text[found.start : found.end] == "s3cret"
    assert around(text, (found,)) == pieces
    assert (found.hosts, found.user) == (hosts, user)


def test_two_passwords_are_found_in_their_order() -> None:
    text = "redis://:one@a:6379,redis://:two@b:6379"
    assert [text[one.start : one.end] for one in passwords_in(text)] == ["one", "two"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("https://example.com/a?b=c@d", id="an-address-without-an-account"),
        pytest.param("https://app@example.com/", id="a-user-without-a-password"),
        pytest.param("passwords=none of them", id="another-word"),
        pytest.param("plain", id="a-word"),
    ],
)
def test_where_none_stands(text: str) -> None:
    assert passwords_in(text) == ()


@pytest.mark.parametrize(
    ("form", "value", "fits"),
    [
        pytest.param(Form.URL, "aZ09-._~", True, id="what-a-url-takes"),
        pytest.param(Form.URL, "a@b", False, id="the-end-of-an-account"),
        pytest.param(Form.URL, "a/b", False, id="the-end-of-a-host"),
        pytest.param(Form.URL, "a%41", False, id="what-is-decoded"),
        pytest.param(Form.KEYWORD, "a/b@c", True, id="what-a-keyword-takes"),
        pytest.param(Form.KEYWORD, "a b", False, id="the-end-of-a-keyword"),
        pytest.param(Form.JSON, "a b;c", True, id="what-json-takes"),
        pytest.param(Form.JSON, 'a"b', False, id="the-end-of-a-field"),
    ],
)
def test_which_values_can_stand_there(form: Form, value: str, fits: bool) -> None:
    assert can_hold(form, value) is fits
