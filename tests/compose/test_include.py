"""Included projects: positions, faults and findings; the values are conformance cases."""

from pathlib import Path

import pytest
from tests.compose import stacks

from mooring.errors import InputErrors
from mooring.sources import Position

WEB = "services: {web: {image: web}}\n"


@pytest.mark.parametrize(
    ("files", "faults"),
    [
        pytest.param(
            {
                "compose.yaml": "include: [a.yaml]\n" + WEB,
                "a.yaml": "include: [b.yaml]\n",
                "b.yaml": "include:\n  - a.yaml\n",
            },
            [
                "b.yaml:2:5: a.yaml includes itself: a.yaml, which includes b.yaml, "
                "which includes a.yaml"
            ],
            id="a-cycle-named-in-full",
        ),
        pytest.param(
            {"compose.yaml": "include:\n  - no.yaml\n  - {path: none.yaml}\n" + WEB},
            [
                'compose.yaml:2:5: compose file "no.yaml" does not exist',
                'compose.yaml:3:5: compose file "none.yaml" does not exist',
            ],
            id="missing-files-all-at-once",
        ),
        pytest.param(
            {
                "compose.yaml": "include:\n  - path: a.yaml\n    env_file: [x.env, y.env]\n" + WEB,
                "a.yaml": WEB,
            },
            [
                'compose.yaml:3:16: env file "x.env" does not exist',
                'compose.yaml:3:23: env file "y.env" does not exist',
            ],
            id="missing-env-files-all-at-once",
        ),
        pytest.param(
            {"compose.yaml": "include: [a.yaml]\nservices: {web: {imag: web}}\n", "a.yaml": "a: b"},
            [
                "a.yaml:1:1: a: is no attribute that Compose knows here",
                "compose.yaml:2:18: services.web.imag: is no attribute that Compose knows here",
            ],
            id="faults-of-both-files-at-once",
        ),
    ],
)
def test_faults(tmp_path: Path, files: dict[str, str], faults: list[str]) -> None:
    with pytest.raises(InputErrors) as raised:
        stacks.load(tmp_path, files)
    assert [str(error).splitlines()[0] for error in raised.value.errors] == faults


def test_included_values_keep_their_position(tmp_path: Path) -> None:
    loaded = stacks.load(
        tmp_path,
        {
            "compose.yaml": "include: [sub/c.yaml]\n" + WEB,
            "sub/c.yaml": "services:\n  db:\n    image: db\n    env_file: db.env\n",
            "sub/db.env": "\nA=a\n",
        },
    )
    project = loaded.project
    assert project.services["db"].entries["image"].position == Position("sub/c.yaml", 3, 12)
    assert project.resolved_environments["db"]["A"].position == Position("sub/db.env", 2, 1)


def test_an_included_project_outside_is_a_finding(tmp_path: Path) -> None:
    loaded = stacks.load(
        tmp_path,
        {
            "p/compose.yaml": "include:\n  - ../x.yaml\n  - {path: y.yaml, env_file: ../y.env}\n",
            "p/y.yaml": "volumes: {v: {}}\n",
            "x.yaml": WEB,
            "y.env": "",
        },
        directory=str(tmp_path / "p"),
    )
    assert [(finding.rule, finding.position) for finding in loaded.findings] == [
        ("file-outside-project", Position("compose.yaml", 2, 5)),
        ("file-outside-project", Position("compose.yaml", 3, 30)),
    ]


def test_a_wide_diamond_is_read_once(tmp_path: Path) -> None:
    files = {"compose.yaml": f"include: [{', '.join(f'l0_{i}.yaml' for i in range(2))}]\n"}
    for depth in range(20):
        for i in range(2):
            below = f"include: [l{depth + 1}_0.yaml, l{depth + 1}_1.yaml]\n"
            files[f"l{depth}_{i}.yaml"] = below
    files |= {f"l20_{i}.yaml": f"services: {{s{i}: {{image: x}}}}\n" for i in range(2)}
    assert sorted(stacks.load(tmp_path, files).project.services) == ["s0", "s1"]
