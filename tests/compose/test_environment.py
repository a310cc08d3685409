"""Where each variable of a container comes from; the values themselves are conformance cases."""

from pathlib import Path

import pytest
from tests.compose import stacks

from mooring.compose.environment import EnvValue, Origin
from mooring.errors import InputErrors
from mooring.sources import Position

COMPOSE = """\
services:
  web:
    image: w
    env_file: [a.env, b.env]
    environment:
      EXPLICIT: from-compose
      BARE:
      UNSET:
      SAME: ${SAME}
      MIXED: a-${PASSWORD:-x}
"""
ENV_FILES = {
    "a.env": "FROM_A=a\nSHARED=a\nEXPLICIT=a\nUNSET=a\n",
    "b.env": "SHARED=b\nUSES=$PASSWORD and ${FROM_A}\nBARE_IN_FILE\n",
}
PROCESS = {"BARE": "process", "SAME": "same", "PASSWORD": "pw", "BARE_IN_FILE": "inherited"}


@pytest.fixture
def web(tmp_path: Path) -> dict[str, EnvValue]:
    files = {"compose.yaml": COMPOSE, **ENV_FILES}
    project = stacks.load(tmp_path, files, environment=PROCESS).project
    return dict(project.resolved_environments["web"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param(
            "FROM_A",
            EnvValue(value="a", position=Position("a.env", 1, 1), origin=Origin.ENV_FILE),
            id="from-an-env-file",
        ),
        pytest.param(
            "SHARED",
            EnvValue(value="b", position=Position("b.env", 1, 1), origin=Origin.ENV_FILE),
            id="from-the-later-env-file",
        ),
        pytest.param(
            "EXPLICIT",
            EnvValue(value="from-compose", position=Position("compose.yaml", 6, 17)),
            id="environment-replaces-env-files",
        ),
        pytest.param(
            "BARE",
            EnvValue(
                value="process",
                position=Position("compose.yaml", 7, 12),
                origin=Origin.PROCESS,
                variables=("BARE",),
            ),
            id="a-name-without-a-value",
        ),
        pytest.param(
            "UNSET",
            EnvValue(value=None, position=Position("compose.yaml", 8, 13)),
            id="a-name-that-nothing-gives-a-value",
        ),
        pytest.param(
            "SAME",
            EnvValue(
                value="same",
                position=Position("compose.yaml", 9, 13),
                origin=Origin.PROCESS,
                variables=("SAME",),
            ),
            id="a-variable-passed-on-as-it-is",
        ),
        pytest.param(
            "MIXED",
            EnvValue(
                value="a-pw", position=Position("compose.yaml", 10, 14), variables=("PASSWORD",)
            ),
            id="a-text-that-a-variable-flowed-into",
        ),
        pytest.param(
            "USES",
            EnvValue(
                value="pw and a",
                position=Position("b.env", 2, 1),
                origin=Origin.ENV_FILE,
                variables=("PASSWORD", "FROM_A"),
            ),
            id="variables-within-an-env-file",
        ),
        pytest.param(
            "BARE_IN_FILE",
            EnvValue(
                value="inherited",
                position=Position("b.env", 3, 1),
                origin=Origin.PROCESS,
                variables=("BARE_IN_FILE",),
            ),
            id="a-bare-name-in-an-env-file",
        ),
    ],
)
def test_origin(web: dict[str, EnvValue], name: str, expected: EnvValue) -> None:
    assert web[name] == expected


def test_the_printed_environment_is_the_resolved_one(tmp_path: Path) -> None:
    files = {"compose.yaml": COMPOSE, **ENV_FILES}
    project = stacks.load(tmp_path, files, environment=PROCESS).project
    printed = project.services["web"].entries["environment"]
    assert {name: node.value for name, node in printed.entries.items()} == {  # type: ignore[union-attr]
        name: one.value for name, one in project.resolved_environments["web"].items()
    }


def test_missing_files_of_all_services_are_told_at_once(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n"
        "  a: {image: a, env_file: [one.env, two.env]}\n"
        "  b: {image: b, label_file: three.labels}\n"
        "  c: {image: c, env_file: [{path: no.env, required: false}]}\n"
        "  d: {image: d, env_file: [{path: d.env, format: toml}]}\n",
        "d.env": "",
    }
    with pytest.raises(InputErrors) as raised:
        stacks.load(tmp_path, files)
    assert [str(error).splitlines()[0] for error in raised.value.errors] == [
        'compose.yaml:2:28: env file "one.env" does not exist',
        'compose.yaml:2:37: env file "two.env" does not exist',
        'compose.yaml:3:29: label file "three.labels" does not exist',
        'compose.yaml:5:50: env_file: "toml" is not a format',
    ]


def test_labels_of_a_file_keep_their_line(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  web:\n    image: w\n    label_file: x.labels\n"
        "    labels: {b: own}\n",
        "x.labels": "a=1\nb=2\n",
    }
    labels = stacks.load(tmp_path, files).project.services["web"].entries["labels"]
    assert {n: (v.value, v.position) for n, v in labels.entries.items()} == {  # type: ignore[union-attr]
        "a": ("1", Position("x.labels", 1, 1)),
        "b": ("own", Position("compose.yaml", 5, 17)),
    }


def test_env_files_outside_the_project_are_findings(tmp_path: Path) -> None:
    files = {
        "p/compose.yaml": "services:\n  a: {image: a, env_file: ../x.env}\n"
        "secrets: {s: {file: ../../s.txt}, t: {file: ./t.txt}}\n"
        "configs: {c: {file: /etc/hosts}}\n",
        "x.env": "",
    }
    loaded = stacks.load(tmp_path, files, directory=str(tmp_path / "p"))
    found = [(finding.rule, str(finding.position)) for finding in loaded.findings]
    assert found == [
        ("file-outside-project", "compose.yaml:2:27"),
        ("file-outside-project", "compose.yaml:4:21"),
        ("file-outside-project", "compose.yaml:3:21"),
    ]


def test_one_env_file_of_many_services_follows_each_of_them(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n"
        "  a: {image: a, env_file: x.env, environment: {WHO: a}}\n"
        "  b: {image: b, env_file: x.env, environment: {WHO: b}}\n",
        "x.env": "GREETING=hello $WHO\n",
    }
    environments = stacks.load(tmp_path, files).project.resolved_environments
    assert [environments[name]["GREETING"].value for name in "ab"] == ["hello a", "hello b"]
