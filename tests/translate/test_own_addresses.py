"""What a program is told to listen on has to be an address of its pod."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation


@pytest.mark.parametrize(
    ("command", "told"),
    [
        pytest.param(
            "mongod --bind_ip localhost,172.20.0.5 --replSet rs0",
            ("mongod", "--bind_ip_all", "--replSet", "rs0"),
            id="the-address-of-a-compose-network",
        ),
        pytest.param("mongod --bind_ip=10.5.0.2", ("mongod", "--bind_ip_all"), id="in-one-word"),
        pytest.param(
            "mongod --bind_ip 127.0.0.1",
            ("mongod", "--bind_ip", "127.0.0.1"),
            id="its-own-machine-is-what-is-meant",
        ),
        pytest.param(
            "mongod --bind_ip 0.0.0.0", ("mongod", "--bind_ip", "0.0.0.0"), id="everywhere-already"
        ),
    ],
)
def test_where_a_lone_database_listens(tmp_path: Path, command: str, told: tuple[str, ...]) -> None:
    made = translation(tmp_path, f"services: {{db: {{image: 'mongo:7', command: '{command}'}}}}")
    assert container(made, "db").process.arguments == told
    assert ("services.db" in decided(made, "command")) is ("_all" in told[1])
