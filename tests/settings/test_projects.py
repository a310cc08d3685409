"""`projects` of mooring.yaml and `--project`: which projects an environment is made of."""

import os
from pathlib import Path

import pytest
from tests.compose import stacks

from mooring import pipeline
from mooring.compose import loader
from mooring.compose.discovery import LoadRequest
from mooring.errors import InputErrors, UsageError
from mooring.settings.environments import Environment, ProjectFiles, Tier
from mooring.settings.projects import from_command_line, load_requests
from mooring.settings.reader import read
from mooring.settings.settled import Settings

TWO = "projects: {back: {files: [back.yaml]}, front: {directory: front, name: shop-front}}\n"


def _read(text: str, *, directory: str = "") -> Settings:
    return read(text.encode(), "mooring.yaml", directory=directory)


BACK = ProjectFiles(name="back", files=("back.yaml",))
FRONT = ProjectFiles(name="front", directory="front", project="shop-front")


def test_projects_stand_in_the_order_of_the_file() -> None:
    settled = _read(TWO)
    assert settled.projects == (BACK, FRONT)
    assert settled.environments is None


def test_paths_begin_at_the_folder_of_the_file() -> None:
    back, front = _read(TWO, directory="/stack").projects
    assert (back.files, front.directory) == (("/stack/back.yaml",), "/stack/front")


@pytest.mark.parametrize(
    ("said", "projects"),
    [
        pytest.param("{}", (BACK, FRONT), id="all-where-it-says-nothing"),
        pytest.param("{projects: {front: none}}", (BACK,), id="without-one"),
        pytest.param(
            "{projects: {back: {files: [back.yaml, prod.yaml]}}}",
            (ProjectFiles(name="back", files=("back.yaml", "prod.yaml")), FRONT),
            id="other-files",
        ),
        pytest.param(
            "{projects: {back: {profiles: [web], env_files: [prod.env]}}}",
            (
                ProjectFiles(
                    name="back", files=("back.yaml",), profiles=("web",), env_files=("prod.env",)
                ),
                FRONT,
            ),
            id="profiles-and-variables",
        ),
    ],
)
def test_what_an_environment_has_of_them(said: str, projects: tuple[ProjectFiles, ...]) -> None:
    settled = _read(f"{TWO}environments: {{production: {said}}}\n")
    assert settled.environments == (
        Environment(name="production", tier=Tier.PRODUCTION, projects=projects),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(
            "projects: {back: {}}",
            "mooring.yaml:1:12: projects.back: nothing says where it is",
            id="a-project-that-is-nowhere",
        ),
        pytest.param(
            "projects: {Back: {files: [a.yaml]}}",
            'mooring.yaml:1:12: projects.Back: the name must be lower-case letters, digits and "-" '
            "inside, at most 63",
            id="a-name-that-cannot-go-before-a-service-s",
        ),
        pytest.param(
            TWO + "environments: {dev: {projects: {bak: none}}}",
            "mooring.yaml:2:33: environments.dev.projects.bak: there is no such project",
            id="an-unknown-project",
        ),
        pytest.param(
            TWO + "environments: {dev: {projects: {back: none, front: none}}}",
            "mooring.yaml:2:22: environments.dev.projects: leaves out every project",
            id="an-environment-of-nothing",
        ),
        pytest.param(
            TWO + "environments: {dev: {files: [dev.yaml]}}",
            "mooring.yaml:2:22: environments.dev.files: says nothing of which of the projects they "
            "are",
            id="files-of-no-project",
        ),
        pytest.param(
            TWO + "environments: {dev: {projects: {back: {name: x}}}}",
            "mooring.yaml:2:40: environments.dev.projects.back.name: there is no such key",
            id="another-name-in-one-environment",
        ),
    ],
)
def test_faults(text: str, fault: str) -> None:
    with pytest.raises(InputErrors) as raised:
        _read(text)
    assert [f"{error.position}: {error.message}" for error in raised.value.errors] == [fault]
    assert raised.value.errors[0].remedy


@pytest.mark.parametrize(
    ("words", "projects"),
    [
        pytest.param(
            ("a=x.yaml", "b=y.yaml,z.yaml"),
            (
                ProjectFiles(name="a", files=("x.yaml",)),
                ProjectFiles(name="b", files=("y.yaml", "z.yaml")),
            ),
            id="files",
        ),
        pytest.param(("a=.",), (ProjectFiles(name="a", directory="."),), id="a-folder"),
    ],
)
def test_the_command_line(words: tuple[str, ...], projects: tuple[ProjectFiles, ...]) -> None:
    assert from_command_line(words) == projects


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        pytest.param(("x.yaml",), '--project "x.yaml" names no file', id="no-name"),
        pytest.param(("a=",), '--project "a=" names no file', id="no-file"),
        pytest.param(
            ("A=x",), '--project "A=x": "A" is no name for a project', id="a-name-that-cannot-be"
        ),
        pytest.param(("a=x", "a=y"), '--project names "a" twice', id="a-name-twice"),
    ],
)
def test_faults_of_the_command_line(words: tuple[str, ...], fault: str) -> None:
    with pytest.raises(UsageError) as raised:
        from_command_line(words)
    assert raised.value.message == fault
    assert raised.value.remedy


def test_files_named_after_environments_go_there_in_each_project(tmp_path: Path) -> None:
    compose = "services: {%s: {image: 'i:1'}}\n"
    names = ("a/compose.yaml", "b/docker-compose.yml", "c/x.yaml")
    stacks.write(tmp_path, {name: compose % name[0] for name in (*names, "b/compose.test.yaml")})
    change = "services: {a: {environment: {LEVEL: info}}}\n"
    stacks.write(tmp_path, {"a/compose.production.yaml": change})
    request = pipeline.Request(
        load=LoadRequest(directory=str(tmp_path)),
        projects=from_command_line((f"a={tmp_path}/a", f"b={tmp_path}/b", "c=c/x.yaml")),
    )
    files = {
        one.name: [
            [os.path.relpath(tmp_path / file, tmp_path) for file in each.files]
            for each in one.projects
        ]
        for one in pipeline.environments(request)
    }
    common = [["b/docker-compose.yml"], ["c/x.yaml"]]
    assert files == {
        "dev": [["a/compose.yaml"], *common],
        "test": [["a/compose.yaml"], ["b/compose.test.yaml"], ["c/x.yaml"]],
        "staging": [["a/compose.yaml", "a/compose.production.yaml"], *common],
        "production": [["a/compose.yaml", "a/compose.production.yaml"], *common],
    }


def test_how_the_files_of_a_project_were_found_is_overruled_there(tmp_path: Path) -> None:
    compose = "services: {%s: {image: 'i:1'}}\n"
    files = {"a/compose.yaml": "a", "a/compose.prod.yaml": "a", "b/compose.yaml": "b"}
    stacks.write(tmp_path, {name: compose % service for name, service in files.items()})
    projects = "projects: {a: {directory: a}, b: {directory: b}}\n"

    def request(settings: str) -> pipeline.Request:
        settled = _read(settings, directory=str(tmp_path))
        return pipeline.Request(load=LoadRequest(directory=str(tmp_path)), settings=settled)

    made = pipeline.stack(request(projects)).environments[-1].translation
    (found,) = [one for one in made.decisions if one.subject == "environments.production"]
    assert found.choice.startswith("a: production reads")
    again = pipeline.environments(request(projects + found.overrule))
    assert [one.name for one in again] == ["dev", "staging", "production"]
    assert [os.path.relpath(file, tmp_path) for file in again[-1].projects[0].files] == [
        "a/compose.prod.yaml"
    ]


def test_each_is_loaded_as_in_its_own_folder(tmp_path: Path) -> None:
    compose = "services: {web: {image: '${IMAGE}', command: ['${PWD}'], volumes: ['./x:/x']}}\n"
    stacks.write(
        tmp_path,
        {
            "a/compose.yaml": compose,
            "a/.env": "IMAGE=one\nCOMPOSE_PROJECT_NAME=mine\n",
            "b/other.yaml": compose,
            "b/.env": "IMAGE=two\nCOMPOSE_FILE=other.yaml\n",
        },
    )
    process = {"COMPOSE_FILE": "nowhere.yaml", "COMPOSE_PROJECT_NAME": "all", "PWD": str(tmp_path)}
    requests = load_requests(
        LoadRequest(directory=str(tmp_path), environment=process),
        [
            ProjectFiles(name="first", files=("a/compose.yaml",)),
            ProjectFiles(name="second", directory="b"),
        ],
    )
    loads = {name: loader.load(request).project for name, request in requests.items()}
    assert {name: one.name for name, one in loads.items()} == {"first": "mine", "second": "b"}
    for folder, image, project in (("a", "one", loads["first"]), ("b", "two", loads["second"])):
        web = project.services["web"]
        assert str(web.position).startswith(f"{folder}/")
        assert web.entries["image"].value == image  # type: ignore[union-attr]
        assert web.entries["command"].items[0].value == str(tmp_path / folder)  # type: ignore[union-attr]
        mount = web.entries["volumes"].items[0]  # type: ignore[union-attr]
        assert mount.entries["source"].value == str(tmp_path / folder / "x")  # type: ignore[union-attr]
