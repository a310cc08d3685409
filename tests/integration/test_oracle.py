"""The oracle answers what Docker Compose would, and sees nothing of the process that calls it."""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.support.oracle import Answer, Request

Oracle = Callable[[Sequence[Request]], list[Answer]]

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

pytestmark = pytest.mark.real


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real stacks is not beside the clone")
def test_every_corpus_stack_is_what_its_oracle_file_says(oracle: Oracle) -> None:
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index, delimiter="\t") if row["oracle"] == "ok"]
    stacks = [CORPUS / row["set"] / row["stack"] for row in rows]
    answers = oracle(
        [
            Request(
                directory=str(stack),
                files=tuple(row["files"].split(",")),
                environment={"HOME": str(stack)},
            )
            for row, stack in zip(rows, stacks, strict=True)
        ]
    )
    different = []
    for stack, answer in zip(stacks, answers, strict=True):
        expected = (stack / "ORACLE.json").read_text(encoding="utf-8")
        if answer.project != json.loads(expected.replace("@STACK@", str(stack))):
            different.append(f"{stack.name}: {answer.error or 'another project'}")
    assert len(answers) >= 50
    assert different == []


def _stack(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


ONE_SERVICE = "services: {web: {image: 'web:${TAG:-none}'}}\n"


@pytest.mark.parametrize(
    ("files", "request_fields", "image"),
    [
        pytest.param(
            {"compose.yaml": ONE_SERVICE}, {}, "web:none", id="default-file-names-are-found"
        ),
        pytest.param(
            {"compose.yaml": ONE_SERVICE, "sub/x": ""},
            {"directory": "sub"},
            "web:none",
            id="default-files-are-looked-for-in-parent-folders",
        ),
        pytest.param(
            {"compose.yaml": ONE_SERVICE, ".env": "TAG=dotenv\n"},
            {},
            "web:dotenv",
            id="dotenv-interpolates",
        ),
        pytest.param(
            {"compose.yaml": ONE_SERVICE, ".env": "TAG=dotenv\n"},
            {"environment": {"TAG": "given"}},
            "web:given",
            id="environment-wins-over-dotenv",
        ),
        pytest.param(
            {"compose.yaml": ONE_SERVICE, ".env": "TAG=dotenv\n", "other.env": "TAG=other\n"},
            {"env_files": ("other.env",)},
            "web:other",
            id="env-file-replaces-dotenv",
        ),
        pytest.param(
            {"compose.yaml": ONE_SERVICE, ".env": "TAG=dotenv\n"},
            {"environment": {"COMPOSE_DISABLE_ENV_FILE": "1"}},
            "web:none",
            id="dotenv-can-be-disabled",
        ),
        pytest.param(
            {"other.yaml": ONE_SERVICE, ".env": "COMPOSE_FILE=other.yaml\nTAG=dotenv\n"},
            {},
            "web:dotenv",
            id="dotenv-names-the-compose-file",
        ),
        pytest.param(
            {"sub/compose.yaml": ONE_SERVICE, "sub/.env": "TAG=sub\n"},
            {"files": ("sub/compose.yaml",)},
            "web:sub",
            id="dotenv-of-the-project-directory-is-read",
        ),
        pytest.param(
            {".env": "TAG=dotenv\n"},
            {"files": ("-",), "stdin": ONE_SERVICE},
            "web:dotenv",
            id="standard-input-is-a-file",
        ),
        pytest.param(
            {"compose.yaml": ONE_SERVICE.replace("TAG:-none", "PATH:-unset")},
            {},
            "web:unset",
            id="the-environment-of-the-test-does-not-leak",
        ),
    ],
)
def test_image_of_the_one_service(
    tmp_path: Path,
    oracle: Oracle,
    files: dict[str, str],
    request_fields: dict[str, object],
    image: str,
) -> None:
    _stack(tmp_path, files)
    folder = tmp_path / str(request_fields.get("directory", ""))
    (answer,) = oracle([Request(**{**request_fields, "directory": str(folder)})])  # type: ignore[arg-type]
    assert answer.error == ""
    assert answer.project["services"]["web"]["image"] == image


def test_profiles_come_from_compose_profiles_when_none_is_asked_for(
    tmp_path: Path, oracle: Oracle
) -> None:
    _stack(
        tmp_path,
        {"compose.yaml": "services: {a: {image: a}, b: {image: b, profiles: [extra]}}\n"},
    )
    request = Request(directory=str(tmp_path), profiles=())
    chosen = Request(
        directory=str(tmp_path), profiles=(), environment={"COMPOSE_PROFILES": "extra"}
    )
    none, extra = oracle([request, chosen])
    assert (none.disabled, extra.disabled) == (("b",), ())


def test_raw_env_files_are_read_as_docker_run_reads_them(tmp_path: Path, oracle: Oracle) -> None:
    service = "{image: a, env_file: [{path: raw.env, format: raw}]}"
    _stack(tmp_path, {"compose.yaml": f"services: {{a: {service}}}\n", "raw.env": "A='$B'\n"})
    (answer,) = oracle([Request(directory=str(tmp_path))])
    assert answer.project["x-resolved-environment"] == {"a": {"A": "'$B'"}}


@pytest.mark.parametrize(
    ("compose", "part_of_error"),
    [
        pytest.param("services: {a: {}}\n", "neither an image nor a build", id="no-image"),
        pytest.param("services: [\n", "did not find expected node", id="not-yaml"),
        pytest.param("services: {a: {image: a, imag: b}}\n", "services.a.imag", id="unknown-key"),
        pytest.param("services: {a: {image: '${A:?must}'}}\n", "must", id="unset-but-required"),
        pytest.param(
            "services: {a: {image: a, container_name: xy}, b: {image: b, container_name: xy}}\n",
            "already in use",
            id="container-name-twice",
        ),
    ],
)
def test_what_docker_compose_refuses_is_an_error_and_later_loads_go_on(
    tmp_path: Path, oracle: Oracle, compose: str, part_of_error: str
) -> None:
    _stack(tmp_path, {"bad.yaml": compose, "good.yaml": ONE_SERVICE})
    bad = Request(directory=str(tmp_path), files=("bad.yaml",))
    good = Request(directory=str(tmp_path), files=("good.yaml",))
    refused, loaded = oracle([bad, good])
    assert (refused.ok, loaded.ok) == (False, True)
    assert part_of_error in refused.error


def test_unset_variables_are_reported(tmp_path: Path, oracle: Oracle) -> None:
    _stack(tmp_path, {"compose.yaml": "services: {a: {image: 'a$B'}}\n"})
    (answer,) = oracle([Request(directory=str(tmp_path))])
    assert answer.warnings == ('The "B" variable is not set. Defaulting to a blank string.',)
