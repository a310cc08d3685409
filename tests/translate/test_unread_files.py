"""Files that are mounted where nothing reads them."""

from pathlib import Path

import pytest
from tests.translate.whole import rules, translation

DATA = "/var/lib/postgresql/data"


@pytest.mark.parametrize(
    ("target", "pgdata", "is_unread"),
    [
        pytest.param(f"{DATA}/postgresql.conf", f"{DATA}/pgdata", True, id="beside-the-data"),
        pytest.param(f"{DATA}/pgdata/postgresql.conf", f"{DATA}/pgdata", False, id="in-it"),
        pytest.param(f"{DATA}/postgresql.conf", DATA, False, id="the-image-s-own-place"),
        pytest.param("/etc/postgresql.conf", f"{DATA}/pgdata", False, id="elsewhere"),
    ],
)
def test_a_configuration_beside_the_data(
    tmp_path: Path, target: str, pgdata: str, is_unread: bool
) -> None:
    made = translation(
        tmp_path,
        f"""
        services:
          db:
            image: postgres:16.4
            environment: {{PGDATA: {pgdata}}}
            volumes: [{{type: bind, source: ./own.conf, target: {target}}}]
        """,
        {"own.conf": "shared_buffers = 2GB\n"},
    )
    assert ("mounted-file-unread" in rules(made)) is is_unread
