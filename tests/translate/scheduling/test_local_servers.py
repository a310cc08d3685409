"""Commands that found their server at home are told to dial it."""

import pytest

from mooring.translate.scheduling.local_servers import asks_postgres, dialling


@pytest.mark.parametrize(
    ("command", "told"),
    [
        pytest.param(
            ("pg_dump", "-U", "shop"), ("pg_dump", "-h", "db", "-U", "shop"), id="a-bare-program"
        ),
        pytest.param(
            ("/usr/bin/pg_dumpall",),
            ("/usr/bin/pg_dumpall", "-h", "db"),
            id="a-program-by-path",
        ),
        pytest.param(
            ("sh", "-c", "pg_dump shop | gzip > /b/x.gz"),
            ("sh", "-c", "pg_dump -h db shop | gzip > /b/x.gz"),
            id="within-a-shell",
        ),
        pytest.param(
            ("sh", "-c", "psql -c 'select 1' && pg_dump shop"),
            ("sh", "-c", "psql -h db -c 'select 1' && pg_dump -h db shop"),
            id="each-of-several",
        ),
        pytest.param(
            ("mongodump", "--archive"), ("mongodump", "--host", "db", "--archive"), id="mongodump"
        ),
        pytest.param(
            ("curl", "-f", "http://localhost:8080/tick"),
            ("curl", "-f", "http://db:8080/tick"),
            id="localhost-in-an-address",
        ),
        pytest.param(
            ("mysqldump", "-h", "127.0.0.1", "x"),
            ("mysqldump", "-h", "db", "x"),
            id="the-address-of-itself",
        ),
        pytest.param(
            ("pg_dump", "-h", "replica", "x"),
            ("pg_dump", "-h", "replica", "x"),
            id="who-dials-another-still-does",
        ),
        pytest.param(
            ("sh", "-c", "pg_dump --host=replica x"),
            ("sh", "-c", "pg_dump --host=replica x"),
            id="who-dials-another-within-a-shell-too",
        ),
        pytest.param(
            ("python", "mysql.py"), ("python", "mysql.py"), id="a-file-is-no-program-of-its-name"
        ),
        pytest.param(
            ("cat", "/etc/mysql/my.cnf"), ("cat", "/etc/mysql/my.cnf"), id="nor-is-a-folder"
        ),
        pytest.param(
            ("sh", "-c", "ls mylocalhost.d"), ("sh", "-c", "ls mylocalhost.d"), id="part-of-a-word"
        ),
    ],
)
def test_who_is_dialled(command: tuple[str, ...], told: tuple[str, ...]) -> None:
    assert dialling(command, "db") == told


def test_programs_of_postgres_need_a_password_over_the_network() -> None:
    assert asks_postgres(("sh", "-c", "pg_dump -h db x"))
    assert not asks_postgres(("php", "cron.php"))
