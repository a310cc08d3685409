"""How the address of a service outside is written into settings."""

import pytest

from mooring.app.configuration import Setting
from mooring.sensitive import Sensitive
from mooring.translate.outside_addresses import Address, readdressed, readdressed_settings

TLS = Address(names=("db", "database"), ports=frozenset({5432}), sslmode="require")
PORT = Address(names=("db", "database"), ports=frozenset({5432}), port=6432)
BOTH = Address(names=("db",), ports=frozenset({5432}), port=6432, sslmode="verify-full")


@pytest.mark.parametrize(
    ("text", "address", "expected"),
    [
        pytest.param(
            "postgres://u:p@db:5432/app", TLS, "postgres://u:p@db:5432/app?sslmode=require",
            id="encryption-of-a-database",
        ),
        pytest.param(
            "postgresql+asyncpg://db/app?sslmode=disable&a=1", TLS,
            "postgresql+asyncpg://db/app?a=1&sslmode=require", id="in-place-of-what-was-asked",
        ),
        pytest.param(
            "jdbc:postgresql://database:5432/app", TLS,
            "jdbc:postgresql://database:5432/app?sslmode=require", id="under-each-of-its-names",
        ),
        pytest.param("mysql://db/app", TLS, "mysql://db/app", id="not-of-another-database"),
        pytest.param(
            "postgres://db:5432/app", PORT, "postgres://db:6432/app", id="another-port"
        ),
        pytest.param("redis://db", PORT, "redis://db:6432", id="that-nobody-named"),
        pytest.param("db:5432", PORT, "db:6432", id="without-a-scheme"),
        pytest.param("db:5432,db:9000", PORT, "db:6432,db:9000", id="not-of-its-other-ports"),
        pytest.param("mydb:5432 db-2:5432", PORT, "mydb:5432 db-2:5432", id="not-of-namesakes"),
        pytest.param("http://web/db:5432", PORT, "http://web/db:5432", id="not-in-a-path"),
        pytest.param(
            '{"url": "postgres://u@db/a"}', BOTH,
            '{"url": "postgres://u@db:6432/a?sslmode=verify-full"}', id="inside-of-json",
        ),
        pytest.param("db", BOTH, "db", id="a-name-alone-stays"),
    ],
)  # fmt: skip
def test_addresses(text: str, address: Address, expected: str) -> None:
    assert readdressed(text, address) == expected


def _settings(**values: str) -> tuple[Setting, ...]:
    return tuple(Setting(name=name, value=value) for name, value in values.items())


@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        pytest.param(
            {"DB_HOST": "db", "DB_PORT": "5432", "DB_SSLMODE": "disable"},
            {"DB_PORT": "6432", "DB_SSLMODE": "verify-full"},
            id="beside-the-host",
        ),
        pytest.param(
            {"PGHOST": "db", "PGPORT": "5432"}, {"PGPORT": "6432"}, id="as-libpq-calls-them"
        ),
        pytest.param(
            {"CACHE_HOST": "cache", "CACHE_PORT": "5432"}, {}, id="not-beside-another-host"
        ),
        pytest.param({"DB_HOST": "db", "DB_PORT": "9000"}, {}, id="not-another-port-of-it"),
        pytest.param({"DB_HOST": "db", "PORT": "5432"}, {}, id="not-the-port-of-the-client"),
    ],
)
def test_variables_of_their_own(settings: dict[str, str], changed: dict[str, str]) -> None:
    done = readdressed_settings(_settings(**settings), BOTH)
    assert {one.name: one.value for one in done} == {**settings, **changed}


def test_a_secret_stays_one_and_what_is_not_changed_is_the_same() -> None:
    secret = Setting(name="URL", value=Sensitive("postgres://u:p@db/a"))
    other = Setting(name="MODE", value="db")
    done = readdressed_settings((secret, other), BOTH)
    assert isinstance(done[0].value, Sensitive)
    assert done[0].value.reveal() == "postgres://u:p@db:6432/a?sslmode=verify-full"
    assert done[1] is other
