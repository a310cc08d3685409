"""The phases of a load together: all faults at once, findings, where values come from."""

from pathlib import Path

import pytest
from tests.compose import stacks

from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.errors import InputErrors
from mooring.findings import Severity
from mooring.sources import Position


def _at(node: Node, *path: str) -> Node:
    for name in path:
        assert isinstance(node, Mapping)
        node = node.entries[name]
    return node


def _first_lines(folder: Path, files: dict[str, str], /, **asked: object) -> list[str]:
    with pytest.raises(InputErrors) as raised:
        stacks.load(folder, files, **asked)
    return [str(error).splitlines()[0] for error in raised.value.errors]


@pytest.mark.parametrize(
    ("files", "load", "positions"),
    [
        pytest.param(
            {
                "a.yaml": "services:\n  web: {imag: a}\n",
                "b.yaml": "services:\n  web: {hostname: [x]}\n  api: {image: '${TAG:?t}'}\n",
                "c.yaml": "services:\n  db: {ports: x}\n",
            },
            ("a.yaml", "b.yaml", "c.yaml"),
            ["a.yaml:2:9", "b.yaml:3:17", "c.yaml:2:15"],
            id="one-fault-of-each-file",
        ),
        pytest.param(
            {"a.yaml": "services: [\n", "b.yaml": "a: b: c\n", "c.yaml": "services: {}\n"},
            ("a.yaml", "b.yaml", "c.yaml"),
            ["a.yaml:2:1", "b.yaml:1:5"],
            id="files-that-are-not-yaml",
        ),
        pytest.param(
            {"a.yaml": "services: {}\n"},
            ("no.yaml", "a.yaml", "none.yaml"),
            ["no.yaml", "none.yaml"],
            id="missing-files",
        ),
        pytest.param(
            {
                "a.yaml": "services:\n"
                "  a: {command: x}\n"
                "  b: {image: b, networks: [no], depends_on: [nobody]}\n"
                "  c: {image: c, volumes: ['vol:/v'], env_file: absent.env}\n"
            },
            ("a.yaml",),
            ["a.yaml:2:3", "a.yaml:3:28", "a.yaml:3:46", "a.yaml:4:27", "a.yaml:4:48"],
            id="contradictions-of-all-services",
        ),
    ],
)
def test_all_faults_at_once(
    tmp_path: Path, files: dict[str, str], load: tuple[str, ...], positions: list[str]
) -> None:
    lines = _first_lines(tmp_path, files, files=load)
    assert [line.partition(": ")[0] for line in lines] == positions


def test_a_conflict_between_files_is_told_once(tmp_path: Path) -> None:
    files = {
        "a.yaml": "services: {web: {build: {context: .}}}\n",
        "b.yaml": "services: {web: {build: [x]}}\n",
    }
    (line,) = _first_lines(tmp_path, files, files=("a.yaml", "b.yaml"))
    assert line == (
        "b.yaml:1:25: services.web.build: a list cannot override a mapping "
        "(said before at a.yaml:1:25)"
    )


def test_a_fault_of_a_later_document_is_told_with_those_of_the_first(tmp_path: Path) -> None:
    text = "services: {a: {imag: x}}\n---\nservices: {b: {imag: x}}\n"
    lines = _first_lines(tmp_path, {"compose.yaml": text})
    assert [line.partition(": ")[0] for line in lines] == ["compose.yaml:1:16", "compose.yaml:3:16"]


def test_an_unset_variable_is_a_finding_at_each_of_its_places(tmp_path: Path) -> None:
    text = "services:\n  a: {image: 'a:$TAG', hostname: \"${TAG}x\"}\n  b: {image: 'b:${SET:-x}'}\n"
    findings = stacks.load(tmp_path, {"compose.yaml": text}).findings
    assert [(f.rule, f.severity, str(f.position)) for f in findings] == [
        ("unset-variable", Severity.WARNING, "compose.yaml:2:17"),
        ("unset-variable", Severity.WARNING, "compose.yaml:2:35"),
    ]
    assert findings[0].remedy == "set TAG in .env, or give it a default: ${TAG:-value}"


def test_version_is_a_finding(tmp_path: Path) -> None:
    text = "version: '3'\nservices: {a: {image: a}}\n"
    (finding,) = stacks.load(tmp_path, {"compose.yaml": text}).findings
    assert (finding.rule, finding.position) == ("obsolete-version", Position("compose.yaml", 1, 1))


def test_a_plain_project_has_no_findings(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {a: {image: 'a:$TAG', env_file: a.env}}\n",
        "a.env": "A=a\n",
        ".env": "TAG=1\n",
    }
    assert stacks.load(tmp_path, files).findings == ()


@pytest.mark.parametrize(
    ("path", "variables"),
    [
        pytest.param(("image",), ("TAG",), id="a-text"),
        pytest.param(("environment", "URL"), ("PASSWORD",), id="a-variable-of-a-merged-mapping"),
        pytest.param(("labels", "l"), ("PASSWORD", "TAG"), id="a-label-of-a-merged-list"),
        pytest.param(("environment", "BARE"), ("BARE",), id="a-name-without-a-value"),
        pytest.param(("environment", "PLAIN"), (), id="nothing-flowed-in"),
    ],
)
def test_what_flowed_into_a_value_is_known(
    tmp_path: Path, path: tuple[str, ...], variables: tuple[str, ...]
) -> None:
    files = {
        "a.yaml": "services:\n  web:\n    image: w:${TAG}\n"
        "    environment: {URL: 'x://u:${PASSWORD}@db', BARE: null}\n",
        "b.yaml": "services:\n  web:\n    environment: [PLAIN=x]\n"
        "    labels: ['l=$PASSWORD${TAG:-x}']\n",
    }
    environment = {"TAG": "1", "PASSWORD": "p", "BARE": "b"}
    asked = {"files": ("a.yaml", "b.yaml"), "environment": environment}
    web = stacks.load(tmp_path, files, **asked).project.services["web"]
    node = _at(web, *path)
    assert isinstance(node, Scalar)
    assert node.variables == variables


@pytest.mark.parametrize(
    ("path", "position"),
    [
        pytest.param(("image",), "b.yaml:3:12", id="replaced"),
        pytest.param(("hostname",), "a.yaml:4:15", id="kept"),
        pytest.param(("environment", "A"), "a.yaml:5:22", id="kept-in-a-merged-mapping"),
        pytest.param(("environment", "B"), "b.yaml:4:19", id="replaced-in-a-merged-mapping"),
        pytest.param(("healthcheck", "interval"), "a.yaml:6:29", id="typed"),
        pytest.param(("build", "context"), "b.yaml:5:12", id="written-out-from-a-short-form"),
    ],
)
def test_positions_survive_the_whole_load(
    tmp_path: Path, path: tuple[str, ...], position: str
) -> None:
    files = {
        "a.yaml": "services:\n  web:\n    image: a\n    hostname: h\n"
        "    environment: {A: 1, B: 2}\n    healthcheck: {interval: 90s}\n",
        "b.yaml": "services:\n  web:\n    image: b\n    environment: [B=3]\n    build: ./x\n",
    }
    project = stacks.load(tmp_path, files, files=("a.yaml", "b.yaml")).project
    assert str(_at(project.services["web"], *path).position) == position


def test_the_process_environment_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOORING_TEST_TAG", "leaked")
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", "leaked")
    files = {"compose.yaml": "name: own\nservices: {a: {image: 'a:${MOORING_TEST_TAG:-none}'}}\n"}
    project = stacks.load(tmp_path, files).project
    assert (project.name, _at(project.services["a"], "image")) == (
        "own",
        Scalar("a:none", Position("compose.yaml", 2, 23), ("MOORING_TEST_TAG",)),
    )


def test_two_loads_of_one_project_are_equal(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [sub/c.yaml]\n"
        "services: {a: {image: a, environment: {B: 1, A: 2}, extends: b}}\n",
        "sub/c.yaml": "services: {b: {image: b, labels: [x, y]}}\n",
    }
    assert stacks.load(tmp_path, files) == stacks.load(tmp_path, files)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff\xfe\x00x", id="utf-16-or-nothing"),
        pytest.param(b"services: {a: {image: \xff}}", id="not-utf-8"),
        pytest.param(b"\x00\x01\x02", id="binary"),
        pytest.param(b"%PDF-1.7\n", id="another-kind-of-file"),
        pytest.param(b"services: &s {a: *s}", id="an-alias-of-itself"),
        pytest.param(b"services:\n  ? [a]\n  : b\n", id="a-list-as-a-key"),
        pytest.param(b"[" * 5000, id="thousands-of-brackets"),
    ],
)
def test_hopeless_files_are_refused_with_a_position(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "compose.yaml").write_bytes(content)
    with pytest.raises(InputErrors) as raised:
        stacks.load(tmp_path, {})
    assert all(error.position is not None for error in raised.value.errors)


def test_a_tag_of_python_makes_nothing_but_a_text(tmp_path: Path) -> None:
    text = "services: {a: {image: !!python/object/apply:os.getcwd x}}\n"
    project = stacks.load(tmp_path, {"compose.yaml": text}).project
    assert _at(project.services["a"], "image") == Scalar("x", Position("compose.yaml", 1, 23))
