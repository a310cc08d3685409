"""Several projects joined: what keeps its name, what is one thing, what stays apart."""

from pathlib import Path

import pytest
from tests.compose import stacks

from mooring.compose import joining, loader
from mooring.compose.discovery import LoadRequest
from mooring.compose.nodes import Mapping, leaves, plain
from mooring.compose.project import Loaded, Project


def joined(folder: Path, files: dict[str, str], name: str = "", **variables: str) -> Loaded:
    """
    Return the projects of ``files`` as one; ``front.yaml`` is the project ``front``.

    A file below a folder (``front/compose.yaml``) is a project of that folder's name.
    """
    stacks.write(folder, files)
    paths = [Path(file) for file in files if file.endswith(".yaml")]
    return joining.join(
        {
            path.parts[0].removesuffix(".yaml"): loader.load(
                LoadRequest(
                    directory=str(folder / path.parent),
                    files=(path.name,),
                    shown_from=str(folder),
                    environment=variables,
                )
            )
            for path in paths
        },
        name,
    )


def model(project: Project) -> dict[str, dict[str, object]]:
    said = plain(project.root)
    assert isinstance(said, dict)
    return said  # type: ignore[return-value]


BACK = "name: shop-back\nservices: {api: {image: a, networks: [n]}}\nnetworks: {n: {name: net}}\n"
FRONT = (
    "name: shop-front\nservices: {web: {image: w, networks: [n]}}\n"
    "networks: {n: {external: true, name: net}}\n"
)


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(("back", "front"), id="the-owner-first"),
        pytest.param(("front", "back"), id="the-owner-last"),
    ],
)
def test_an_external_network_is_the_one_that_another_project_makes(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    texts = {"back": BACK, "front": FRONT}
    project = joined(tmp_path, {f"{one}.yaml": texts[one] for one in order}).project
    services = model(project)["services"]
    networks = model(project)["networks"]
    assert services["api"]["networks"] == services["web"]["networks"] == {"n": None}  # type: ignore[index]
    assert networks["n"] == {"name": "net", "ipam": {}}
    assert project.repeated == {("networks", "n (front)"): "n"}


def test_a_made_up_name_is_found_under_another_key(tmp_path: Path) -> None:
    files = {
        "back.yaml": BACK.replace("{name: net}", "{}"),
        "front.yaml": FRONT.replace("name: net}", "name: shop-back_n}")
        .replace("[n]", "[m]")
        .replace("{n:", "{m:"),
    }
    project = joined(tmp_path, files).project
    assert model(project)["services"]["web"]["networks"] == {"n": None}  # type: ignore[index]
    assert project.repeated == {("networks", "m (front)"): "n"}


def test_default_networks_stay_apart(tmp_path: Path) -> None:
    files = {
        f"{one}/compose.yaml": f"services: {{{one}: {{image: i}}}}\n" for one in ("back", "front")
    }
    project = joined(tmp_path, files).project
    services = model(project)["services"]
    assert services["back"]["networks"] == {"back-default": None}  # type: ignore[index]
    assert services["front"]["networks"] == {"front-default": None}  # type: ignore[index]
    assert project.repeated == {}


def test_projects_of_one_name_are_one_as_on_docker(tmp_path: Path) -> None:
    files = {"a.yaml": "services: {a: {image: i}}\n", "b.yaml": "services: {b: {image: i}}\n"}
    project = joined(tmp_path, files).project
    networks = {str(one["networks"]) for one in model(project)["services"].values()}  # type: ignore[index]
    assert networks == {"{'default': None}"}


SERVICE = """\
services:
  db: {build: ., volumes: ["data:/data"], secrets: [pass], configs: [conf]}
  app:
    image: app
    depends_on: {db: {condition: service_healthy}}
    links: ["db", "db:database"]
    volumes_from: ["db:ro"]
    network_mode: "service:db"
    build: {context: ., additional_contexts: {base: "service:db"}, secrets: [pass]}
volumes: {data: {}}
secrets: {pass: {file: ./pass.txt}}
configs: {conf: {content: "%s"}}
"""


def test_what_two_projects_have_is_called_after_its_project(tmp_path: Path) -> None:
    files = {"back/compose.yaml": SERVICE % "b", "front/compose.yaml": SERVICE % "f"}
    said = model(joined(tmp_path, files).project)
    assert sorted(said["services"]) == ["back-app", "back-db", "front-app", "front-db"]
    assert sorted(said["volumes"]) == ["back-data", "front-data"]
    assert sorted(said["secrets"]) == ["back-pass", "front-pass"]
    assert sorted(said["configs"]) == ["back-conf", "front-conf"]
    database: dict[str, object] = said["services"]["front-db"]  # type: ignore[assignment]
    assert database["volumes"] == [
        {"type": "volume", "source": "front-data", "target": "/data", "volume": {}}
    ]
    assert database["secrets"] == [{"source": "front-pass", "target": "/run/secrets/pass"}]
    assert database["configs"] == [{"source": "front-conf", "target": "/conf"}]
    app: dict[str, object] = said["services"]["front-app"]  # type: ignore[assignment]
    assert list(app["depends_on"]) == ["front-db"]  # type: ignore[call-overload]
    assert app["links"] == ["front-db", "front-db:database"]
    assert app["volumes_from"] == ["front-db:ro"]
    assert app["network_mode"] == "service:front-db"
    build: dict[str, object] = app["build"]  # type: ignore[assignment]
    assert build["additional_contexts"] == {"base": "service:front-db"}
    assert build["secrets"] == [{"source": "front-pass", "target": "pass"}]


@pytest.mark.parametrize(
    ("first", "second", "volumes"),
    [
        pytest.param("{name: v}", "{external: true, name: v}", ["data"], id="made-and-external"),
        pytest.param("{name: v}", "{name: v}", ["data"], id="made-by-both-under-one-name"),
        pytest.param(
            "{external: true, name: v}", "{external: true, name: v}", ["data"], id="made-by-nobody"
        ),
        pytest.param("{}", "{}", ["a-data", "b-data"], id="each-makes-its-own"),
        pytest.param(
            "{external: true, name: v}", "{external: true}", ["a-data", "b-data"], id="other-names"
        ),
    ],
)
def test_which_volumes_are_one(tmp_path: Path, first: str, second: str, volumes: list[str]) -> None:
    files = {
        f"{one}/compose.yaml": (
            f"services: {{{one}: {{image: i, volumes: ['data:/d']}}}}\nvolumes: {{data: {said}}}\n"
        )
        for one, said in (("a", first), ("b", second))
    }
    services = model(joined(tmp_path, files).project)["services"]
    used = {one["volumes"][0]["source"] for one in services.values()}  # type: ignore[index]
    assert sorted(used) == volumes


@pytest.mark.parametrize(
    ("first", "second", "secrets"),
    [
        pytest.param("{file: /x}", "{file: /x}", ["key"], id="the-same-file"),
        pytest.param("{file: ./x}", "{file: ./x}", ["a-key", "b-key"], id="a-file-of-each-folder"),
        pytest.param(
            "{environment: X}", "{environment: X}", ["a-key", "b-key"], id="a-variable-of-each"
        ),
        pytest.param("{environment: Y}", "{environment: Y}", ["key"], id="one-variable-of-both"),
        pytest.param(
            "{file: /x, name: k}", "{external: true, name: k}", ["key"], id="external-in-one"
        ),
    ],
)
def test_which_secrets_are_one(tmp_path: Path, first: str, second: str, secrets: list[str]) -> None:
    files = {
        f"{one}/compose.yaml": (
            f"services: {{{one}: {{image: i, secrets: [key]}}}}\nsecrets: {{key: {said}}}\n"
        )
        for one, said in (("a", first), ("b", second))
    }
    files |= {"a/.env": "X=1\n", "b/.env": "X=2\n"}
    loaded = joined(tmp_path, files, Y="3")
    services = model(loaded.project)["services"]
    used = {one["secrets"][0]["source"] for one in services.values()}  # type: ignore[index]
    assert sorted(used) == secrets


def test_a_variable_has_the_value_of_its_own_project(tmp_path: Path) -> None:
    compose = "services: {%s: {image: i, secrets: [key]}}\nsecrets: {key: {environment: X}}\n"
    files = {f"{one}/compose.yaml": compose % one for one in ("a", "b")}
    project = joined(tmp_path, {**files, "a/.env": "X=1\n", "b/.env": "X=2\n"}).project
    assert project.variable("X", kind="secrets", key="a-key") == "1"
    assert project.variable("X", kind="secrets", key="b-key") == "2"


@pytest.mark.parametrize(
    ("names", "called"),
    [
        pytest.param(("shop-back", "shop-front"), "shop", id="what-they-begin-with"),
        pytest.param(("shop_back", "shop-front"), "shop", id="whatever-stands-between"),
        pytest.param(("shop", "shop-front"), "shop", id="one-that-is-the-beginning"),
        pytest.param(("shop", "shoppers"), "together", id="not-a-part-of-a-word"),
        pytest.param(("one", "other"), "together", id="nothing-in-common-is-the-folder"),
    ],
)
def test_what_the_whole_is_called(tmp_path: Path, names: tuple[str, str], called: str) -> None:
    files = {
        f"{one}/compose.yaml": f"name: {name}\nservices: {{{one}: {{image: i}}}}\n"
        for one, name in zip(("a", "b"), names, strict=True)
    }
    assert joined(tmp_path / "together", files).project.name == called
    assert joined(tmp_path / "again", files, "mine").project.name == "mine"


def test_every_value_keeps_its_place_in_the_files(tmp_path: Path) -> None:
    loaded = joined(
        tmp_path,
        {
            "back.yaml": BACK + "x-note: 1\n",
            "front.yaml": FRONT + "x-note: 2\nsecrets: {s: {file: /s}}\n",
        },
    )
    project = loaded.project
    ours = {(node.position, str(plain(node))) for _, node in leaves(project.root)}
    for member in project.members:
        for path, node in leaves(member.project.root):
            if path != ("name",):
                assert (node.position, str(plain(node))) in ours, path


def test_inactive_services_are_told_apart_too(tmp_path: Path) -> None:
    files = {
        "a/compose.yaml": "services: {x: {image: i}, db: {image: i, profiles: [p]}}\n",
        "b/compose.yaml": "services: {db: {image: i}}\n",
    }
    project = joined(tmp_path, files).project
    assert list(project.services) == ["x", "b-db"]
    assert list(project.disabled) == ["a-db"]


def test_a_name_made_of_two_is_never_a_third(tmp_path: Path) -> None:
    files = {
        "a/compose.yaml": "services: {db: {image: i}}\n",
        "b/compose.yaml": "services: {db: {image: i}, a-db: {image: i}}\n",
    }
    project = joined(tmp_path, files).project
    assert sorted(project.services) == ["a-db", "a-db-2", "b-db"]
    assert project.own_names["a-db-2"] == ("a", "db")


def test_variables_without_a_value_are_known_by_project(tmp_path: Path) -> None:
    files = {
        "a/compose.yaml": "services: {a: {image: 'i:${TAG}'}}\n",
        "b/compose.yaml": "services: {b: {image: 'i:${TAG}'}}\n",
    }
    loaded = joined(tmp_path, {**files, "b/.env": "TAG=1\n"})
    (variable,) = loaded.unset
    assert [str(one) for one in variable.positions] == ["a/compose.yaml:1:26"]
    assert [[one.name for one in member.unset] for member in loaded.project.members] == [
        ["TAG"],
        [],
    ]


def test_a_root_is_always_a_mapping(tmp_path: Path) -> None:
    loaded = joined(tmp_path, {"back.yaml": BACK, "front.yaml": FRONT})
    assert isinstance(loaded.project.root, Mapping)
    assert loaded.project.directory == str(tmp_path)
    assert [Path(file).name for file in loaded.project.files] == ["back.yaml", "front.yaml"]
