"""Services that extend others: positions and faults; the values are conformance cases."""

from pathlib import Path

import pytest
from tests.compose import stacks

from mooring.errors import InputErrors
from mooring.sources import Position


def _faults(tmp_path: Path, files: dict[str, str]) -> list[str]:
    with pytest.raises(InputErrors) as raised:
        stacks.load(tmp_path, files)
    return [str(error) for error in raised.value.errors]


@pytest.mark.parametrize(
    ("files", "faults"),
    [
        pytest.param(
            {"compose.yaml": "services:\n  web: {image: a, extends: web}\n"},
            [
                'compose.yaml:2:28: service "web" (compose.yaml) extends itself: '
                '"web", which extends "web" (compose.yaml)\n'
                "  help: let one of them stand on its own"
            ],
            id="a-cycle-of-one",
        ),
        pytest.param(
            {
                "compose.yaml": "services:\n  web: {extends: databse}\n"
                "  api: {extends: nobody}\n  database: {image: d}\n"
            },
            [
                'compose.yaml:2:18: service "web" extends "databse", which is not a service of '
                'compose.yaml\n  help: did you mean "database"?',
                'compose.yaml:3:18: service "api" extends "nobody", which is not a service of '
                "compose.yaml\n  help: name a service that exists there",
            ],
            id="unknown-services-all-at-once",
        ),
        pytest.param(
            {"compose.yaml": "services:\n  web: {extends: {file: x.yaml, service: a}}\n"},
            [
                'compose.yaml:2:25: compose file "x.yaml" does not exist\n'
                "  help: create it, or correct the path"
            ],
            id="a-missing-file-at-the-name-of-the-file",
        ),
        pytest.param(
            {
                "compose.yaml": "services:\n  web: {extends: {file: x.yaml, service: a}}\n",
                "x.yaml": "volumes: {}\n",
            },
            [
                "compose.yaml:2:25: x.yaml has no services to extend\n"
                "  help: name a file that defines the service, or leave file out"
            ],
            id="a-file-without-services",
        ),
        pytest.param(
            {
                "compose.yaml": "services:\n  web: {extends: {file: x.yaml, service: a}}\n",
                "x.yaml": "services:\n  a: {extends: [b], image: a}\n",
            },
            [
                'x.yaml:2:16: service "a": extends must name a service, and may name a file\n'
                "  help: write extends: {file: other.yaml, service: name}"
            ],
            id="a-list-in-the-other-file",
        ),
    ],
)
def test_faults(tmp_path: Path, files: dict[str, str], faults: list[str]) -> None:
    assert _faults(tmp_path, files) == faults


def test_a_malformed_extends_is_told_once(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path, {"compose.yaml": "services: {web: {image: a, extends: [b]}}\n"})
    assert fault.startswith("compose.yaml:1:37: services.web.extends")


def test_a_cycle_is_named_in_full(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  a: {image: a, extends: {file: sub/b.yaml, service: b}}\n",
        "sub/b.yaml": "services:\n  b: {extends: {file: ../compose.yaml, service: a}}\n",
    }
    (fault, *_) = _faults(tmp_path, files)
    assert '"a", which extends "b"' in fault
    assert "sub/b.yaml" in fault


def test_what_comes_from_the_base_keeps_its_position(tmp_path: Path) -> None:
    loaded = stacks.load(
        tmp_path,
        {
            "compose.yaml": "services:\n  web:\n    extends: {file: base.yaml, service: base}\n"
            "    command: run\n",
            "base.yaml": "services:\n  base:\n    image: base\n    command: other\n",
        },
    )
    web = loaded.project.services["web"]
    assert web.entries["image"].position == Position("base.yaml", 3, 12)
    assert web.key_position("command") == Position("compose.yaml", 4, 5)
    assert loaded.project.root.entries["services"].key_position("web") == Position(  # type: ignore[union-attr]
        "compose.yaml", 2, 3
    )


def test_a_base_outside_the_project_is_a_finding(tmp_path: Path) -> None:
    loaded = stacks.load(
        tmp_path,
        {
            "p/compose.yaml": "services:\n  web: {extends: {file: ../b.yaml, service: b}}\n",
            "b.yaml": "services: {b: {image: b}}\n",
        },
        directory=str(tmp_path / "p"),
    )
    (finding,) = loaded.findings
    assert (finding.rule, finding.position) == (
        "file-outside-project",
        Position("compose.yaml", 2, 25),
    )


def test_thousands_of_services_extend_one_another_in_a_row(tmp_path: Path) -> None:
    chain = "".join(f"  s{i}: {{extends: s{i + 1}}}\n" for i in range(3000))
    loaded = stacks.load(tmp_path, {"compose.yaml": f"services:\n{chain}  s3000: {{image: x}}\n"})
    assert len(loaded.project.services) == 3001
