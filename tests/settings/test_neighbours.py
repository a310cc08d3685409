"""Who else stands on an external network, and the line that takes them along."""

from pathlib import Path

import pytest
from tests.compose import stacks

from mooring import pipeline
from mooring.compose import loader
from mooring.compose.discovery import LoadRequest
from mooring.errors import InputErrors
from mooring.findings import Finding
from mooring.settings import neighbours, reader
from mooring.settings.projects import from_command_line
from mooring.settings.suggested import NobodysFiles

FRONT = "services: {web: {image: 'w:1', networks: [net]}}\nnetworks: {net: {external: true}}\n"


def told(folder: Path, files: dict[str, str], *, of: str = "front/compose.yaml") -> list[Finding]:
    """Return what is said of the networks of the project ``of`` among ``files``."""
    stacks.write(folder, files)
    directory = folder / Path(of).parent
    project = loader.load(LoadRequest(directory=str(directory), files=(Path(of).name,))).project
    return list(neighbours.findings(project, base=str(directory), shown_from=str(directory)))


@pytest.mark.parametrize(
    ("files", "others"),
    [
        pytest.param(
            {"back/compose.yaml": "services: {a: {image: i}}\nnetworks: {n: {name: net}}\n"},
            ["../back/compose.yaml"],
            id="one-that-makes-it",
        ),
        pytest.param(
            {"back/compose.yaml": FRONT.replace("web", "api")},
            ["../back/compose.yaml"],
            id="one-that-calls-it-external-too",
        ),
        pytest.param(
            {"front/more/compose.yaml": FRONT.replace("web", "api")},
            ["more/compose.yaml"],
            id="one-in-a-folder-below",
        ),
        pytest.param(
            {"front/docker-compose-db.yml": FRONT.replace("web", "db")},
            ["docker-compose-db.yml"],
            id="one-in-the-same-folder",
        ),
        pytest.param(
            {"api/.devcontainer/docker-compose.yml": FRONT.replace("web", "api")},
            [],
            id="not-a-development-container",
        ),
        pytest.param(
            {"back/compose.yaml": "services: {a: {image: i}}\nnetworks: {net: {}}\n"},
            [],
            id="a-network-with-the-same-key-is-another",
        ),
        pytest.param(
            {"front/docker-compose-x.yml": FRONT}, [], id="the-same-services-are-the-same-project"
        ),
        pytest.param(
            {"test/docker-compose.test.yml": FRONT}, [], id="a-version-for-an-environment"
        ),
        pytest.param(
            {"back/compose.yaml": "services: {a: {imag: net}}\n"}, [], id="one-with-faults"
        ),
        pytest.param({"back/notes.yaml": FRONT.replace("web", "api")}, [], id="any-other-yaml"),
        pytest.param(
            {
                "back/compose.yaml": "name: b\n" + FRONT.replace("web", "api"),
                "copy/compose.yaml": "name: b\n" + FRONT.replace("web", "api"),
            },
            ["../back/compose.yaml"],
            id="of-two-with-one-name-the-first",
        ),
    ],
)
def test_who_stands_on_the_network(
    tmp_path: Path, files: dict[str, str], others: list[str]
) -> None:
    (finding,) = told(tmp_path, {"front/compose.yaml": FRONT, **files})
    assert finding.rule == ("network-of-others" if others else "network-made-elsewhere")
    for other in others:
        assert f"and {other} on it is not part" in finding.message
    assert str(finding.position) == "compose.yaml:2:18"


def test_a_network_that_is_not_external_is_nobody_s_matter(tmp_path: Path) -> None:
    files = {"front/compose.yaml": "services: {a: {image: i}}\nnetworks: {n: {}}\n"}
    assert told(tmp_path, files) == []


def test_the_remedy_is_a_line_of_mooring_yaml_that_works(tmp_path: Path) -> None:
    back = "name: shop-back\nservices: {api: {image: 'a:1'}}\nnetworks: {default: {name: net}}\n"
    (finding,) = told(tmp_path, {"front/compose.yaml": FRONT, "back/docker-compose-api.yml": back})
    line = (finding.remedy or "").partition("convert them together: ")[2]
    settled = reader.read(line.encode(), "mooring.yaml", directory=str(tmp_path / "front"))
    made = pipeline.stack(
        pipeline.Request(load=LoadRequest(directory=str(tmp_path)), settings=settled)
    )
    result = made.environments[-1]
    assert [member.name for member in result.project.members] == ["front", "api"]
    networks = {part.name: part.networks for part in result.translation.application.parts}
    assert networks["web"] == networks["api"]
    assert not {one.rule for one in result.findings} & {"network-of-others"}


def test_projects_that_meet_on_a_network_of_nobody_are_told_of_the_rest(tmp_path: Path) -> None:
    stacks.write(
        tmp_path,
        {f"{one}/compose.yaml": FRONT.replace("web", f"web{one}") for one in ("a", "b", "c")},
    )
    request = pipeline.Request(
        load=LoadRequest(directory=str(tmp_path)),
        projects=from_command_line(("a=a/compose.yaml", "b=b/compose.yaml")),
    )
    findings = pipeline.stack(request).environments[-1].findings
    (finding,) = [one for one in findings if one.rule == "network-of-others"]
    assert "c/compose.yaml on it is not part" in finding.message
    assert (finding.remedy or "").endswith(
        "projects: {a: {files: [a/compose.yaml]}, b: {files: [b/compose.yaml]}, "
        "c: {files: [c/compose.yaml]}}"
    )


MADE = "services: {db: {image: 'd:1', networks: [net]}}\nnetworks: {net: {driver: bridge}}\n"


def test_files_that_make_a_network_and_call_it_external_are_projects(tmp_path: Path) -> None:
    stacks.write(tmp_path, {"docker-compose-back.yml": MADE, "docker-compose-front.yml": FRONT})
    load = LoadRequest(
        directory=str(tmp_path), files=("docker-compose-back.yml", "docker-compose-front.yml")
    )
    findings = pipeline.stack(pipeline.Request(load=load)).environments[-1].findings
    (finding,) = [one for one in findings if one.rule == "network-made-and-external"]
    assert "described in docker-compose-back.yml" in finding.message
    assert (finding.remedy or "").endswith(
        "projects: {back: {files: [docker-compose-back.yml]}, "
        "front: {files: [docker-compose-front.yml]}}"
    )


def test_a_volume_that_one_file_makes_and_another_calls_external(tmp_path: Path) -> None:
    volume = "services: {web: {image: 'w:1', volumes: ['v:/v']}}\nvolumes: {v: {%s}}\n"
    files = {"a.yaml": volume % "driver: local", "b.yaml": volume % "external: true"}
    stacks.write(tmp_path, files)
    with pytest.raises(InputErrors) as raised:
        loader.load(LoadRequest(directory=str(tmp_path), files=("a.yaml", "b.yaml")))
    (error,) = raised.value.errors
    assert "projects: in mooring.yaml" in (error.remedy or "")


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        pytest.param(["/x/docker-compose-backend.yml"], ["backend"], id="the-word-behind"),
        pytest.param(["/x/web.compose.yaml"], ["web"], id="the-word-before"),
        pytest.param(["/x/my_shop/compose.yaml"], ["my-shop"], id="the-folder"),
        pytest.param(["/x/api/.devcontainer/compose.yaml"], ["api"], id="not-a-hidden-folder"),
        pytest.param(["/a/x/compose.yaml", "/b/x/compose.yaml"], ["x", "x-2"], id="each-its-own"),
    ],
)
def test_what_a_project_is_called(paths: list[str], names: list[str]) -> None:
    assert list(neighbours.names_for(paths).values()) == names


def test_files_of_nobody_may_be_projects() -> None:
    error = NobodysFiles(("docker-compose-a.yml", "docker-compose-b.yml"))
    assert (error.remedy or "").endswith(
        "write --project a=docker-compose-a.yml --project b=docker-compose-b.yml"
    )
