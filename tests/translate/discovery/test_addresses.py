"""Which hosts and ports stand in settings, commands and files, and what only looks like them."""

import pytest

from mooring.translate.discovery import addresses


def shown(found: tuple[addresses.Address, ...]) -> list[str]:
    """Return the addresses as `host:port`, with the port that is dialled."""
    return [f"{one.host}:{one.dialled_port}" for one in found]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("A", "redis://cache:6379/0", ["cache:6379"], id="a-url"),
        pytest.param("A", "postgres://u:p@db/x", ["db:5432"], id="the-port-of-the-scheme"),
        pytest.param("A", "postgres://u:p/w@db/x", ["db:5432"], id="a-slash-in-the-password"),
        pytest.param("A", "postgresql+asyncpg://u@DB/x", ["db:5432"], id="a-driver"),
        pytest.param("A", "jdbc:mysql://db:3307/x", ["db:3307"], id="jdbc"),
        pytest.param("A", "mongodb://a:1025,b:1026/x", ["a:1025", "b:1026"], id="several-hosts"),
        pytest.param("A", '["http://a:9200","http://b:9200"]', ["a:9200", "b:9200"], id="json"),
        pytest.param("A", "http://a:81,http://b:82", ["a:81", "b:82"], id="several-urls"),
        pytest.param("A", "root:p@tcp(db:3306)/x", ["db:3306"], id="a-go-dsn"),
        pytest.param("A", "host=db port=5433 user=x", ["db:5433"], id="keywords"),
        pytest.param("A", "Server=db,1433;Database=x;", ["db:1433"], id="ado-net"),
        pytest.param("DB_HOST", "db", ["db:None"], id="a-host"),
        pytest.param("PGHOST", "db", ["db:None"], id="the-host-of-libpq"),
        pytest.param("REDIS_ADDR", "cache:6379", ["cache:6379"], id="an-address"),
        pytest.param("KAFKA_BROKERS", "k1:9092,k2:9092", ["k1:9092", "k2:9092"], id="a-list"),
        pytest.param("S__POSTGRES__ADDR", "db", ["db:None"], id="a-nested-name"),
        pytest.param("A", "PLAINTEXT://kafka:9092", ["kafka:9092"], id="a-listener-of-kafka"),
        pytest.param("SMTP_ADDRESS", "relay", ["relay:None"], id="the-address-of-a-server"),
        pytest.param("MAIL_FROM_ADDRESS", "shop", [], id="whom-mail-is-from"),
        pytest.param("MAIL_ADDRESS", "shop", [], id="an-address-of-mail"),
        pytest.param("MAIL_SERVER_ADDRESS", "relay", ["relay:None"], id="a-server-of-mail"),
        pytest.param("HOST", "web", [], id="what-it-calls-itself"),
        pytest.param("BIND_HOST", "web:80", [], id="where-it-binds"),
        pytest.param("VIRTUAL_HOST", "web", [], id="what-a-proxy-is-told"),
        pytest.param("IMAGE", "postgres:16", [], id="an-image"),
        pytest.param("GREETING", "hello", [], id="a-word"),
        pytest.param("A", "http://$HOST:80/", [], id="a-variable"),
        pytest.param("A", "http://{host}/", [], id="a-template"),
        pytest.param("A", "s3://bucket/key", [], id="no-protocol-of-the-network"),
        pytest.param("A", "file:///etc/x", [], id="a-file"),
        pytest.param("A", "http://app./x", [], id="an-unfinished-name"),
        pytest.param("RETRY", "a=1 b=2", [], id="options"),
        pytest.param("DB_HOST", "not a host at all!", [], id="a-sentence"),
        pytest.param("DB_HOST", "5432", [], id="a-number"),
        pytest.param("SEED_SELF_HOST", "true", [], id="a-switch"),
        pytest.param("A", "http://web:99999", [], id="no-port"),
    ],
)
def test_addresses_in_a_setting(name: str, value: str, expected: list[str]) -> None:
    assert shown(addresses.of_setting(name, value, {})) == expected


def test_a_host_and_the_port_beside_it_are_one_address() -> None:
    settings = {"DB_HOST": "db", "DB_PORT": "5433", "PORT": "80"}
    assert shown(addresses.of_setting("DB_HOST", "db", settings)) == ["db:5433"]
    assert shown(addresses.of_setting("db_host", "db", {"db_port": "1"})) == ["db:1"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["nc", "-z", "db", "5432"], ["db:5432"], id="nc"),
        pytest.param(["sh", "-c", "until nc -zw 2 db 5432; do :; done"], ["db:5432"], id="a-shell"),
        pytest.param(["./wait-for-it.sh", "db:5432", "--", "x"], ["db:5432"], id="wait-for-it"),
        pytest.param(["psql", "-U", "x", "-h", "db"], ["db:None"], id="psql"),
        pytest.param(["x", "--db-host=db"], ["db:None"], id="an-option"),
        pytest.param(["x", "--redis", "redis://cache:1"], ["cache:1"], id="a-url"),
        pytest.param(["bash", "-c", "echo > /dev/tcp/db/5432"], ["db:5432"], id="dev-tcp"),
        pytest.param(["x", "--bind-host", "web"], [], id="where-it-binds"),
        pytest.param(["x", "--hostname", "web"], [], id="what-it-calls-itself"),
        pytest.param(["du", "-h", "data"], [], id="another-h"),
    ],
)
def test_addresses_in_a_command(words: list[str], expected: list[str]) -> None:
    assert shown(addresses.of_words(tuple(words))) == expected


def test_in_a_file_only_urls_count_and_no_comments() -> None:
    text = "upstream: http://api:81\n# old: http://gone:82\n  ; http://gone:83\nimage: a:84\n"
    assert shown(addresses.of_text(text)) == ["api:81"]
