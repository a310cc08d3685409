"""Files that hold a secret of a setting are secret, and it is told that both have to be changed."""

from pathlib import Path

import pytest
from tests.translate.whole import decided, translation

from mooring.translate.copied_secrets import secret_in

STACK = """
services:
  db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: %s, POSTGRES_DB: shop-of-all}}
  setup:
    image: "example.com/setup:1"
    volumes: ["./%s:/setup/%s:ro"]
"""


def is_secret(folder: Path, password: str, content: str) -> bool:
    made = translation(folder, STACK % (password, "init.sh", "init.sh"), {"init.sh": content})
    (document,) = made.application.documents
    told = decided(made, "secret").get("services.setup", "")
    assert ("POSTGRES_PASSWORD of db" in told) is document.is_secret
    return document.is_secret


@pytest.mark.parametrize(
    ("password", "content", "expected"),
    [
        pytest.param("Vx92kqLpa1", "login Vx92kqLpa1\n", True, id="a-password-anywhere"),
        pytest.param("Vx92kqLpa1", "login $PASSWORD\n", False, id="another-word"),
        pytest.param("example", "tool -p example\n", True, id="a-placeholder-behind-an-option"),
        pytest.param("example", "password: example\n", True, id="a-placeholder-as-a-password"),
        pytest.param("example", "x://root:example@db\n", True, id="a-placeholder-in-an-address"),
        pytest.param("example", "see example.com\n", False, id="an-ordinary-word"),
        pytest.param("example", "tool -p example-two\n", False, id="the-beginning-of-another"),
        pytest.param("example", "mkdir -p /example\n", False, id="an-option-with-a-path"),
    ],
)
def test_a_file_with_the_password_of_a_setting(
    tmp_path: Path, password: str, content: str, expected: bool
) -> None:
    assert is_secret(tmp_path, password, content) is expected


def test_a_file_in_a_folder_makes_the_folder_secret(tmp_path: Path) -> None:
    files = {"init/a.sql": "select 1;\n", "init/b.sql": "ALTER USER a PASSWORD 'Vx92kqLpa1';\n"}
    made = translation(tmp_path, STACK % ("Vx92kqLpa1", "init", "init"), files)
    (document,) = made.application.documents
    assert document.is_secret
    assert "./init/b.sql stands in a Secret" in decided(made, "secret")["services.setup"]


def test_a_config_of_the_project_is_looked_at_as_well(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: Vx92kqLpa1}}
          app: {image: "example.com/app:1", configs: [conf]}
        configs: {conf: {content: "db Vx92kqLpa1 x"}}
        """,
    )
    (document,) = made.application.documents
    assert document.is_secret
    assert "POSTGRES_PASSWORD of db" in decided(made, "secret")["configs.conf"]


def test_many_secrets_are_looked_for_by_their_beginnings() -> None:
    secrets = {f"{number:03d}-Vx92kq": ("a", f"PASSWORD_{number}") for number in range(100)}
    assert secret_in(b"login 042-Vx92kq\n", secrets) == ("a", "PASSWORD_42")
    assert secret_in(b"login 042-Vx92\n", secrets) is None
    assert secret_in(b"\xff\xfe042-Vx92kq", secrets) is None
