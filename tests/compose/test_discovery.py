"""Which files are loaded, from where, and with which variables."""

from pathlib import Path

import pytest
from tests.compose import stacks

from mooring.compose.discovery import Discovered, LoadRequest, discover
from mooring.compose.source_files import SourceFiles, UnreadableFile
from mooring.errors import InputErrors, UsageError
from mooring.sources import Position


def _discover(folder: Path, there: dict[str, str], /, **asked: object) -> Discovered:
    stacks.write(folder, there)
    request = LoadRequest(**{"directory": str(folder), **asked})  # type: ignore[arg-type]
    return discover(request, SourceFiles(directory=request.directory, stdin=request.stdin))


@pytest.mark.parametrize(
    ("there", "loaded"),
    [
        pytest.param(["compose.yaml", "compose.yml"], ["compose.yaml"], id="compose-yaml-first"),
        pytest.param(
            ["docker-compose.yaml", "docker-compose.yml"],
            ["docker-compose.yml"],
            id="of-the-old-names-yml-first",
        ),
        pytest.param(
            ["compose.yml", "docker-compose.override.yaml"],
            ["compose.yml", "docker-compose.override.yaml"],
            id="any-override-goes-with-any-file",
        ),
        pytest.param(
            ["compose.yaml", "compose.override.yaml", "compose.override.yml"],
            ["compose.yaml", "compose.override.yml"],
            id="one-override-at-most",
        ),
    ],
)
def test_files_found_by_name(tmp_path: Path, there: list[str], loaded: list[str]) -> None:
    found = _discover(tmp_path, dict.fromkeys(there, ""))
    assert [Path(file).name for file in found.files] == loaded


def test_several_candidates_are_a_finding_at_the_one_that_is_loaded(tmp_path: Path) -> None:
    found = _discover(tmp_path, {"compose.yaml": "", "docker-compose.yml": ""})
    (finding,) = found.findings
    assert finding.rule == "several-compose-files"
    assert finding.position == Position("compose.yaml")
    assert "docker-compose.yml" in finding.message


def test_a_single_candidate_is_no_finding(tmp_path: Path) -> None:
    assert _discover(tmp_path, {"compose.yaml": "", "compose.override.yaml": ""}).findings == ()


def test_the_project_is_where_the_file_is(tmp_path: Path) -> None:
    found = _discover(tmp_path / "a/b", {"../../compose.yaml": ""}, directory=str(tmp_path / "a/b"))
    assert found.directory == str(tmp_path)


def test_the_directory_asked_for_wins(tmp_path: Path) -> None:
    found = _discover(tmp_path, {"a/c.yaml": ""}, files=("a/c.yaml",), project_directory="x/../y")
    assert found.directory == str(tmp_path / "y")
    assert found.files == (str(tmp_path / "a/c.yaml"),)


def test_standard_input_leaves_the_project_where_the_command_runs(tmp_path: Path) -> None:
    found = _discover(tmp_path, {}, files=("-",), stdin=b"")
    assert (found.files, found.directory) == (("-",), str(tmp_path))


@pytest.mark.parametrize(
    ("environment", "dotenv", "loaded"),
    [
        pytest.param({"COMPOSE_FILE": "a.yaml:b.yaml"}, "", ["a.yaml", "b.yaml"], id="a-list"),
        pytest.param({}, "COMPOSE_FILE=a.yaml\n", ["a.yaml"], id="from-dotenv"),
        pytest.param(
            {"COMPOSE_FILE": "b.yaml"},
            "COMPOSE_FILE=a.yaml\n",
            ["b.yaml"],
            id="environment-before-dotenv",
        ),
        pytest.param(
            {"COMPOSE_FILE": "a.yaml,b.yaml", "COMPOSE_PATH_SEPARATOR": ","},
            "",
            ["a.yaml", "b.yaml"],
            id="own-separator",
        ),
    ],
)
def test_files_named_by_compose_file(
    tmp_path: Path, environment: dict[str, str], dotenv: str, loaded: list[str]
) -> None:
    files = {"a.yaml": "", "b.yaml": "", "compose.yaml": "", ".env": dotenv}
    found = _discover(tmp_path, files, environment=environment)
    assert [Path(file).name for file in found.files] == loaded


def test_wrong_names_in_compose_file_are_told_at_once_at_their_line(tmp_path: Path) -> None:
    files = {".env": "A=1\nCOMPOSE_FILE=a.yaml:b.yaml:folder\n", "folder/x": "", "a.yaml": ""}
    with pytest.raises(InputErrors) as raised:
        _discover(tmp_path, files)
    assert [str(error).splitlines()[0] for error in raised.value.errors] == [
        '.env:2:1: compose file "b.yaml", set by COMPOSE_FILE, does not exist',
        '.env:2:1: compose file "folder", set by COMPOSE_FILE, is not a regular file',
    ]


def test_nothing_to_load_names_the_directory(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match=r"there is no compose file here or in any directory"):
        _discover(tmp_path, {})


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({}, {"A": "dotenv", "B": "dotenv"}, id="dotenv-by-default"),
        pytest.param({"environment": {"A": "process"}}, {"A": "process"}, id="process-first"),
        pytest.param({"env_files": ("one.env",)}, {"A": "one", "B": None}, id="flags-replace-it"),
        pytest.param(
            {"env_files": ("one.env", "two.env")},
            {"A": "two", "C": "one-two"},
            id="later-flag-wins",
        ),
        pytest.param(
            {"environment": {"COMPOSE_ENV_FILES": "one.env,two.env"}},
            {"A": "two", "B": None},
            id="compose-env-files",
        ),
        pytest.param(
            {"environment": {"COMPOSE_ENV_FILES": "two.env"}, "env_files": ("one.env",)},
            {"A": "one"},
            id="flags-before-compose-env-files",
        ),
        pytest.param(
            {"environment": {"COMPOSE_DISABLE_ENV_FILE": "1"}}, {"A": None}, id="dotenv-disabled"
        ),
        pytest.param(
            {"environment": {"COMPOSE_DISABLE_ENV_FILE": "false"}},
            {"A": "dotenv"},
            id="dotenv-not-disabled",
        ),
    ],
)
def test_variables(
    tmp_path: Path, asked: dict[str, object], expected: dict[str, str | None]
) -> None:
    files = {
        "compose.yaml": "",
        ".env": "A=dotenv\nB=dotenv\n",
        "one.env": "A=one\nX=one\n",
        "two.env": "A=two\nC=$X-$A\n",
    }
    found = _discover(tmp_path, files, **asked)
    assert {name: found.environment.get(name) for name in expected} == expected


def test_variables_of_env_files_keep_their_line(tmp_path: Path) -> None:
    files = {"compose.yaml": "", ".env": "# x\nA=1\nB=2\n"}
    found = _discover(tmp_path, files, environment={"A": "process"})
    assert found.variables_at == {"B": Position(".env", 3, 1)}


def test_a_setting_that_is_no_boolean_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither true nor false"):
        _discover(
            tmp_path, {"compose.yaml": ""}, environment={"COMPOSE_DISABLE_ENV_FILE": "perhaps"}
        )


def test_the_request_is_not_changed(tmp_path: Path) -> None:
    environment = {"A": "a"}
    _discover(tmp_path, {"compose.yaml": "", ".env": "B=b\n"}, environment=environment)
    assert environment == {"A": "a"}


@pytest.mark.parametrize(
    ("path", "message", "missing"),
    [
        pytest.param("absent", 'compose file "absent" does not exist', True, id="missing"),
        pytest.param("folder", '"folder" is a directory, not a file', False, id="directory"),
        pytest.param("file/x", "cannot be read: Not a directory", False, id="file-as-directory"),
        pytest.param("/dev/zero", "is not a regular file", False, id="endless-device"),
        pytest.param("nul\0byte", "cannot be read", False, id="impossible-name"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, path: str, message: str, missing: bool) -> None:
    stacks.write(tmp_path, {"folder/x": "", "file": ""})
    files = SourceFiles(directory=str(tmp_path))
    with pytest.raises(InputErrors) as raised:
        files.read(str(tmp_path / path), "compose file", asked_at=Position("x.yaml", 1, 2))
    (error,) = raised.value.errors
    assert isinstance(error, UnreadableFile)
    assert message in error.message
    assert (error.position, error.missing) == (Position("x.yaml", 1, 2), missing)


def test_dev_null_is_an_empty_file(tmp_path: Path) -> None:
    assert SourceFiles(directory=str(tmp_path)).read("/dev/null", "env file") == b""


def test_a_pipe_is_read_only_where_the_user_names_it(tmp_path: Path) -> None:
    import os

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputErrors, match="is not a regular file"):
        SourceFiles(directory=str(tmp_path)).read(str(pipe), "env file")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("/work/shop/c.yaml", "c.yaml", id="below"),
        pytest.param("/work/c.yaml", "../c.yaml", id="above-when-shorter"),
        pytest.param("/c", "/c", id="absolute-when-shorter"),
        pytest.param("-", "<stdin>", id="standard-input"),
    ],
)
def test_paths_are_shown_short(path: str, shown: str) -> None:
    assert SourceFiles(directory="/work/shop").shown(path) == shown
