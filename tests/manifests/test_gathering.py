"""Which files of a folder are read, and what becomes of those that hold no manifest."""

from pathlib import Path

import pytest

from mooring.errors import UsageError
from mooring.manifests import gathering

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"


def _names(gathered: gathering.Gathered) -> list[str]:
    return [one.manifest["metadata"]["name"] for one in gathered.entries]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.yaml", "a.yml", "sub/c.yaml", ".hidden/d.yaml", "node_modules/e.yaml"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(OBJECT % name.replace("/", "-"))
    (tmp_path / "values.yaml").write_text("replicas: 1\n")
    (tmp_path / "notes.txt").write_text("nothing\n")
    return tmp_path


def test_a_folder_is_walked_in_order_and_foreign_folders_are_passed_over(folder: Path) -> None:
    found = gathering.gather([str(folder)])
    assert _names(found) == ["a.yml", "b.yaml", "sub-c.yaml"]
    assert [Path(one).name for one in found.others] == ["values.yaml"]
    assert found.is_whole


def test_a_named_file_without_a_manifest_is_a_fault(folder: Path) -> None:
    found = gathering.gather([str(folder / "values.yaml")])
    assert [one.message for one in found.faults] == [
        "there is no manifest in it: no document has apiVersion and kind"
    ]


def test_a_broken_manifest_in_a_folder_is_a_fault_and_hides_nothing(folder: Path) -> None:
    (folder / "broken.yaml").write_text("apiVersion: v1\nkind: [\n")
    found = gathering.gather([str(folder)])
    assert len(found.faults) == 1
    assert len(found.entries) == 3
    assert not found.is_whole


def test_a_broken_file_that_is_no_manifest_is_none_of_our_business(folder: Path) -> None:
    (folder / "template.yaml").write_text("{{ if .x }}\na: 1\n{{ end }}\n")
    found = gathering.gather([str(folder)])
    assert not found.faults
    assert len(found.others) == 2


def test_a_kustomization_and_a_chart_are_each_one_thing(folder: Path) -> None:
    (folder / "sub" / "kustomization.yaml").write_text("resources: [c.yaml]\n")
    chart = folder / "chart" / "templates"
    chart.mkdir(parents=True)
    (chart.parent / "Chart.yaml").write_text("name: x\n")
    found = gathering.gather([str(folder)])
    assert [Path(one).name for one in found.kustomizations] == ["sub"]
    assert [Path(one).name for one in found.charts] == ["chart"]
    assert found.builds
    assert _names(found) == ["a.yml", "b.yaml"]


def test_an_object_that_another_swallows_makes_the_input_incomplete(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text((OBJECT % "a") + (OBJECT % "b"))
    found = gathering.gather([str(file)])
    assert not found.is_whole


def test_a_path_that_is_not_there_is_a_fault_of_the_command_line() -> None:
    with pytest.raises(UsageError, match="there is no file or folder gone"):
        gathering.gather(["gone"])


def test_files_below_a_kustomization_are_taken_together_by_it(folder: Path) -> None:
    (folder / "kustomization.yaml").write_text("resources: [a.yml, sub/c.yaml]\n")
    found = gathering.gather([str(folder)])
    assert not found.entries
    assert [Path(one).name for one in found.kustomizations] == [folder.name]


def test_an_object_that_says_not_of_which_kind_it_is_makes_the_input_incomplete(
    folder: Path,
) -> None:
    (folder / "half.yaml").write_text("apiVersion: v1\ndata: {a: b}\nmetadata: {name: half}\n")
    found = gathering.gather([str(folder)])
    assert [one.message for one in found.faults] == [
        "this is an object without kind, which no program takes"
    ]
    assert not found.is_whole


def test_files_of_other_programs_are_no_objects(folder: Path) -> None:
    (folder / "values.yaml").write_text("kind: Deployment\nspec: {replicas: 1}\n")
    (folder / "more.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    assert not gathering.gather([str(folder)]).faults


def test_an_item_of_a_list_that_is_no_object_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    file.write_text("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, metadata: {name: a}}\n")
    (fault,) = gathering.gather([str(file)]).faults
    assert fault.position.line == 4
