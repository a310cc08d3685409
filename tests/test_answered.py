"""What stands in the files of secret values is an answer, and is not asked again."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.answered import with_values
from mooring.compose.discovery import LoadRequest
from mooring.kube.objects.configuration import Secret

COMPOSE = """
name: shop
services:
  api:
    image: api:1
    environment:
      DB_PASSWORD: ""
      TOKEN_SECRET: '{"type": "HS256", "key": "too-short"}'
"""


def asked(folder: Path, form: str, values: dict[str, str], *, compose: str = COMPOSE) -> list[str]:
    (folder / "compose.yaml").write_text(compose)
    output = folder / "deploy"
    request = pipeline.Request(load=LoadRequest(directory=str(folder)), only="production")
    made = pipeline.stack(request)
    pipeline.write(pipeline.tree(made, form), str(output), lock=str(folder / "mooring.lock"))
    path = {
        "kustomize": output / "environments" / "production" / "secrets.env",
        "plain": output / "production" / "01-secrets.yaml",
    }[form]
    separator = "=" if form == "kustomize" else ": "
    lines = path.read_text().splitlines()
    for key, value in values.items():
        at = next(n for n, line in enumerate(lines) if line.strip().startswith(f"{key}{separator}"))
        before = lines[at].partition(separator)[0]
        lines[at] = f"{before}{separator}{value}"
    path.write_text("\n".join([*lines, ""]))
    (result,) = pipeline.without_answered(made, str(output)).environments
    return [one.subject.rpartition(".")[2] for one in result.translation.questions]


@pytest.mark.parametrize("form", pipeline.FORMATS)
def test_a_value_that_can_be_meant_is_an_answer(tmp_path: Path, form: str) -> None:
    assert asked(tmp_path, form, {"DB_PASSWORD": "8dC2kq0X"}) == ["TOKEN_SECRET"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("DB_PASSWORD", "changeme", id="a-placeholder"),
        pytest.param("DB_PASSWORD", "", id="nothing"),
        pytest.param("TOKEN_SECRET", '{"type": "HS256", "key": "short-again"}', id="as-short"),
    ],
)
def test_what_is_no_answer(tmp_path: Path, key: str, value: str) -> None:
    assert asked(tmp_path, "kustomize", {key: value}) == ["DB_PASSWORD", "TOKEN_SECRET"]


def test_without_an_output_everything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    made = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    assert pipeline.without_answered(made, str(tmp_path / "absent")) is made


def test_what_is_judged_has_the_values_of_the_files(tmp_path: Path) -> None:
    asked(tmp_path, "kustomize", {"DB_PASSWORD": "8dC2kq0X"})
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)), only="production")
    (made,) = pipeline.stack(request).environments
    output = str(tmp_path / "deploy")
    found = with_values(made.objects, environment="production", output=output)
    (secret,) = found.of(Secret)
    assert secret.values["DB_PASSWORD"].reveal() == "8dC2kq0X"
    assert found.refs == made.objects.refs


COMPOSED = """
name: shop
services:
  db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: kW8sLq0Zd1}}
  api:
    image: api:1
    environment:
      DATABASE_URL: postgres://postgres:kW8sLq0Zd1@db/postgres
      JWT_KEY: vR4x9TqLw2
      JWT: '{"type": "HS256", "key": "vR4x9TqLw2"}'
"""


@pytest.mark.parametrize(
    ("values", "open_for"),
    [
        pytest.param({"JWT_KEY": "vR4x9TqLw2" * 4}, {}, id="nothing-wrong"),
        pytest.param(
            {"JWT_KEY": "vR4x9TqLw3"}, {"JWT_KEY": "its key has 10 bytes"}, id="as-short-inside"
        ),
        pytest.param(
            {"JWT_KEY": "vR4x9TqLw2" * 4, "POSTGRES_PASSWORD": "a@b/c"},
            {"POSTGRES_PASSWORD": "cannot stand in DATABASE_URL of api"},
            id="what-ends-a-password-in-an-address",
        ),
        pytest.param(
            {"JWT_KEY": "vR4x9TqLw2" * 4, "POSTGRES_PASSWORD": "a-b_c.d~e"}, {}, id="what-does-not"
        ),
    ],
)
def test_a_value_has_to_fit_where_it_is_put_in(
    tmp_path: Path, values: dict[str, str], open_for: dict[str, str]
) -> None:
    asked(tmp_path, "kustomize", values, compose=COMPOSED)
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)), only="production")
    (made,) = pipeline.without_answered(
        pipeline.stack(request), str(tmp_path / "deploy")
    ).environments
    found = {
        one.answer.partition("=")[0]: one.question
        for one in made.translation.questions
        if "secrets.env" in one.answer
    }
    assert found.keys() == open_for.keys()
    assert all(words in found[key] for key, words in open_for.items())


FILES = """
name: shop
services:
  api: {image: "api:1", volumes: ["./keyfile:/etc/keyfile:ro", "./tls.key:/etc/tls.key:ro"]}
"""


def with_files(folder: Path) -> pipeline.Stack:
    (folder / "compose.yaml").write_text(FILES)
    (folder / "keyfile").write_text("placeholder\n")
    (folder / "tls.key").write_text("placeholder\n")
    made = pipeline.stack(
        pipeline.Request(load=LoadRequest(directory=str(folder)), only="production")
    )
    pipeline.write(
        pipeline.tree(made, "kustomize"), str(folder / "deploy"), lock=str(folder / "mooring.lock")
    )
    return made


@pytest.mark.parametrize(
    ("given", "left"),
    [
        pytest.param({}, ["keyfile", "tls-key"], id="nothing"),
        pytest.param(
            {"secrets/tls-key/tls.key": "-----BEGIN CERTIFICATE-----\n"}, ["keyfile"], id="the-file"
        ),
        pytest.param(
            {"secrets/tls-key/tls.key": "change-me\n"}, ["keyfile", "tls-key"], id="as-bad-a-file"
        ),
        pytest.param({"secrets.env": "keyfile=kW8sLq0Zd1\n"}, ["tls-key"], id="the-line"),
    ],
)
def test_a_file_that_is_there_is_an_answer(
    tmp_path: Path, given: dict[str, str], left: list[str]
) -> None:
    made = with_files(tmp_path)
    for name, content in given.items():
        (tmp_path / "deploy" / "environments" / "production" / name).write_text(content)
    (result,) = pipeline.without_answered(made, str(tmp_path / "deploy")).environments
    asked_for = [one.subject for one in result.translation.questions if "volumes" in one.subject]
    assert [one.rpartition(".")[2] for one in asked_for] == left


def test_what_is_judged_has_the_files_that_are_there(tmp_path: Path) -> None:
    made = with_files(tmp_path)
    output = tmp_path / "deploy"
    (output / "environments/production/secrets/tls-key/tls.key").write_text("BEGIN\n")
    found = with_values(made.environments[-1].objects, environment="production", output=str(output))
    held = {one.metadata.name: one.values for one in found.of(Secret)}
    assert held["tls-key"]["tls.key"].reveal() == b"BEGIN\n"
    assert held["shop-secrets"]["keyfile"].reveal() == "placeholder"
