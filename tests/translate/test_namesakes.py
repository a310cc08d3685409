"""Names that services of several projects have lead each caller to the one that it means."""

from pathlib import Path

import pytest
from tests.compose import stacks
from tests.translate.whole import NO_CHOICES, container, decided, rules

from mooring.compose import joining, loader
from mooring.compose.discovery import LoadRequest
from mooring.compose.project import Project
from mooring.errors import InputErrors
from mooring.sensitive import Sensitive
from mooring.translate.project import Translation, translate


def translated(folder: Path, files: dict[str, str]) -> Translation:
    """Return what the projects of ``files`` mean together, each in a folder of its name."""
    project = _joined(folder, files)
    made = translate(project, choices=NO_CHOICES)
    bare = list(made.unaccounted(project))
    assert bare == [], bare
    return made


def _joined(folder: Path, files: dict[str, str]) -> Project:
    stacks.write(folder, files)
    return joining.join(
        {
            name.partition("/")[0]: loader.load(
                LoadRequest(directory=str(folder / Path(name).parent))
            )
            for name in files
            if name.endswith("compose.yaml")
        },
        "shop",
    ).project


def setting(made: Translation, service: str, name: str) -> str:
    value = next(one for one in container(made, service).settings if one.name == name).value
    return value.reveal() if isinstance(value, Sensitive) else value


APART = {
    "a/compose.yaml": """
        services:
          db: {image: postgres:16}
          api: {image: a, environment: {URL: "postgres://db:5432/x"}, depends_on: [db]}
        """,
    "b/compose.yaml": """
        services:
          db: {image: mysql:8}
          web: {image: b, command: [serve, --host, db], environment: {DB: "db:3306", TYPE: db}}
        """,
}


def test_each_project_finds_its_own(tmp_path: Path) -> None:
    made = translated(tmp_path, APART)
    assert setting(made, "api", "URL") == "postgres://a-db:5432/x"
    assert setting(made, "web", "DB") == "b-db:3306"
    assert container(made, "web").process.arguments == ("serve", "--host", "b-db")
    assert setting(made, "web", "TYPE") == "db"
    assert "old-name-remains" in rules(made)
    assert decided(made, "name") == {
        "services.a-db": 'called "a-db": the projects "a" and "b" each have a service "db"',
        "services.b-db": 'called "b-db": the projects "a" and "b" each have a service "db"',
    }


def test_a_file_says_to_each_project_what_it_means_there(tmp_path: Path) -> None:
    files = {
        f"{one}/compose.yaml": f"""
            services:
              db: {{image: postgres:16}}
              app{one}: {{image: i, volumes: ["{tmp_path}/{one}/app.conf:/etc/app.conf"]}}
            """
        for one in ("a", "b")
    }
    made = translated(
        tmp_path,
        {**files, "a/app.conf": "host = db:5432\n", "b/app.conf": "host = db:5432\n"},
    )
    contents = {
        service: next(
            document.files
            for document in made.application.documents
            if document.name == container(made, service).documents[0].document
        )
        for service in ("appa", "appb")
    }
    assert [list(one.values()) for one in contents.values()] == [
        [b"host = a-db:5432\n"],
        [b"host = b-db:5432\n"],
    ]


def test_one_file_of_both_projects_says_to_each_what_it_means_there(tmp_path: Path) -> None:
    compose = """
        name: shop-%s
        services:
          db: {image: 'postgres:16'}
          app%s: {image: 'i:1', volumes: ["./app.conf:/etc/app.conf"]}
        """
    files = {f"{one}.yaml": compose % (one, one) for one in ("a", "b")}
    stacks.write(tmp_path, {**files, "app.conf": "host = db:5432\n"})
    loads = {
        one: loader.load(LoadRequest(directory=str(tmp_path), files=(f"{one}.yaml",)))
        for one in ("a", "b")
    }
    made = translate(joining.join(loads, "shop").project, choices=NO_CHOICES)
    documents = {one.name: one.files for one in made.application.documents}
    mounted = [container(made, name).documents[0].document for name in ("appa", "appb")]
    assert [list(documents[name].values()) for name in mounted] == [
        [b"host = a-db:5432\n"],
        [b"host = b-db:5432\n"],
    ]


SHARED = """
    services:
      db: {image: postgres:16, networks: [%s]}
      app%s: {image: i, networks: [%s], environment: {URL: "postgres://db:5432/x"}}
    networks:
      own: {}
      net: {external: true}
    """


@pytest.mark.parametrize(
    ("a", "b", "dialled"),
    [
        pytest.param(
            ("own", "own"), ("own", "own"), ("a-db", "b-db"), id="each-on-a-network-of-its-own"
        ),
        pytest.param(
            ("own", "own, net"),
            ("own", "own, net"),
            ("a-db", "b-db"),
            id="callers-that-meet-find-their-own",
        ),
        pytest.param(
            ("own", "own, net"),
            ("net", "net"),
            ("a-db", "b-db"),
            id="a-caller-means-its-own-project-before-another",
        ),
        pytest.param(
            ("own", "net"),
            ("net", "net"),
            ("b-db", "b-db"),
            id="a-caller-that-does-not-reach-its-own-finds-the-other",
        ),
        pytest.param(
            ("own", "net"), ("own", "own"), ("db", "b-db"), id="a-name-that-leads-nowhere"
        ),
    ],
)
def test_whom_a_caller_means(
    tmp_path: Path, a: tuple[str, str], b: tuple[str, str], dialled: tuple[str, str]
) -> None:
    made = translated(
        tmp_path,
        {
            "a/compose.yaml": SHARED % (a[0], "a", a[1]),
            "b/compose.yaml": SHARED % (b[0], "b", b[1]),
        },
    )
    urls = (setting(made, "appa", "URL"), setting(made, "appb", "URL"))
    assert urls == tuple(f"postgres://{host}:5432/x" for host in dialled)


def test_a_name_that_two_answer_to_on_one_network_is_refused_where_it_is_dialled(
    tmp_path: Path,
) -> None:
    files = {f"{one}/compose.yaml": SHARED % ("net", one, "net") for one in ("a", "b")}
    with pytest.raises(InputErrors) as raised:
        translated(tmp_path, files)
    assert [error.message for error in raised.value.errors] == [
        f'services.app{one}.environment.URL dials "db", which is a service of each of the projects '
        '"a" and "b", all on net'
        for one in ("a", "b")
    ]
    assert raised.value.errors[0].remedy is not None
    assert raised.value.errors[0].position is not None


def test_a_name_that_two_answer_to_and_nobody_dials_is_no_fault(tmp_path: Path) -> None:
    files = {
        f"{one}/compose.yaml": (SHARED % ("net", one, "net")).replace("//db", "//elsewhere")
        for one in ("a", "b")
    }
    assert decided(translated(tmp_path, files), "name").keys() == {"services.a-db", "services.b-db"}


def test_an_alias_leads_to_the_service_of_the_caller_s_network(tmp_path: Path) -> None:
    files = {
        f"{one}/compose.yaml": f"""
            services:
              store{one}: {{image: redis:7, networks: {{own: {{aliases: [cache]}}}}}}
              app{one}: {{image: i, networks: [own], environment: {{URL: "redis://cache:6379"}}}}
            networks: {{own: {{}}}}
            """
        for one in ("a", "b")
    }
    made = translated(tmp_path, files)
    assert setting(made, "appa", "URL") == "redis://storea:6379"
    assert setting(made, "appb", "URL") == "redis://storeb:6379"
    assert "cache" in decided(made, "name")["services.storeb"]


def test_what_one_project_alone_has_keeps_its_name(tmp_path: Path) -> None:
    files = {
        "a/compose.yaml": "services: {api: {image: a}}\n",
        "b/compose.yaml": "services: {web: {image: b, environment: {URL: 'http://api'}}}\n",
    }
    made = translated(tmp_path, files)
    assert [part.name for part in made.application.parts] == ["api", "web"]
    assert decided(made, "name") == {}


def test_built_images_are_called_as_their_project_calls_them(tmp_path: Path) -> None:
    files = {
        f"{one}/compose.yaml": f"name: shop-{one}\nservices: {{app: {{build: .}}}}\n"
        for one in ("a", "b")
    }
    made = translated(tmp_path, files)
    assert [part.containers[0].image.reference for part in made.application.parts] == [
        "shop-a-app",
        "shop-b-app",
    ]


def test_a_variable_without_a_value_is_asked_for_where_it_belongs(tmp_path: Path) -> None:
    compose = "services: {app%s: {image: 'i:1', environment: {A: $TAG}}}\n"
    files = {f"{one}/compose.yaml": compose % one for one in ("a", "b")}
    files["b/.env"] = "TAG=1\n"
    project = _joined(tmp_path, files)
    made = translate(project, choices=NO_CHOICES, folder="stacks")
    assert [(one.question, one.answer) for one in made.questions] == [
        ("it is not set and counts as empty in appa", "TAG=<value> in stacks/a/.env")
    ]


def test_what_repeats_a_volume_and_says_it_otherwise_is_told(tmp_path: Path) -> None:
    volume = "volumes: {data: {name: shared, labels: {of: %s}}}\n"
    files = {
        f"{one}/compose.yaml": f"services: {{app{one}: {{image: i, volumes: ['data:/d']}}}}\n"
        + volume % one
        for one in ("a", "b")
    }
    made = translated(tmp_path, files)
    assert [storage.name for storage in made.application.storages] == ["data"]
    lost = {entry.path: entry.reason for entry in made.ledger.entries if entry.outcome == "dropped"}
    assert ("volumes", "data (b)", "labels") in lost
    assert decided(made, "volume") == {"volumes.data": 'one volume of the projects "a" and "b"'}
