"""What stands on the disk: only the project's own tree is looked at."""

import os
from pathlib import Path

import pytest

from mooring.translate.surroundings import LARGEST_DOCUMENT, MOST_FILES, Kind, LocalFiles


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with files, links in and out, and something beside it."""
    shop = tmp_path / "shop"
    (shop / "conf" / "sub").mkdir(parents=True)
    (shop / "conf" / "b.conf").write_text("b")
    (shop / "conf" / "sub" / "a.conf").write_text("a")
    (shop / "run.sh").write_text("#!/bin/sh\n")
    (shop / "run.sh").chmod(0o755)
    (tmp_path / "beside.txt").write_text("hidden")
    (tmp_path / "shop-2").mkdir()
    (shop / "out.txt").symlink_to(tmp_path / "beside.txt")
    (shop / "in.conf").symlink_to("conf/b.conf")
    (shop / "dangling").symlink_to("nowhere")
    os.mkfifo(shop / "pipe")
    return shop


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("conf/b.conf", Kind.FILE, id="a-file"),
        pytest.param("conf", Kind.FOLDER, id="a-folder"),
        pytest.param(".", Kind.FOLDER, id="the-project-itself"),
        pytest.param("gone", Kind.MISSING, id="nothing"),
        pytest.param("conf/b.conf/deeper", Kind.MISSING, id="below-a-file"),
        pytest.param("pipe", Kind.SPECIAL, id="a-pipe"),
        pytest.param("in.conf", Kind.FILE, id="a-link-that-stays-inside"),
        pytest.param("out.txt", Kind.OUTSIDE, id="a-link-that-leads-out"),
        pytest.param("dangling", Kind.MISSING, id="a-link-to-nothing"),
        pytest.param("../beside.txt", Kind.OUTSIDE, id="beside-the-project"),
        pytest.param("../shop-2", Kind.OUTSIDE, id="a-folder-whose-name-begins-alike"),
    ],
)
def test_kind(tree: Path, path: str, kind: Kind) -> None:
    assert LocalFiles(str(tree)).kind(os.path.normpath(tree / path)) is kind


def test_a_file_that_the_project_names_may_lie_outside(tree: Path) -> None:
    beside = str(tree.parent / "beside.txt")
    assert LocalFiles(str(tree)).kind(beside) is Kind.OUTSIDE
    assert LocalFiles(str(tree), (beside,)).kind(beside) is Kind.FILE


def test_a_file(tree: Path) -> None:
    files = LocalFiles(str(tree))
    script = files.file(str(tree / "run.sh"))
    assert (script.content, script.executable, script.size) == (b"#!/bin/sh\n", True, 10)
    assert files.file(str(tree / "conf" / "b.conf")).executable is False


@pytest.mark.parametrize(
    ("size", "is_read"),
    [
        pytest.param(LARGEST_DOCUMENT, True, id="as-large-as-a-document"),
        pytest.param(LARGEST_DOCUMENT + 1, False, id="larger"),
    ],
)
def test_a_large_file_is_not_read(tree: Path, size: int, is_read: bool) -> None:
    large = tree / "large"
    large.write_bytes(b"x" * size)
    found = LocalFiles(str(tree)).file(str(large))
    assert found.size == size
    assert (found.content is not None) is is_read


def test_a_folder_in_the_order_of_its_names(tree: Path) -> None:
    folder = LocalFiles(str(tree)).folder(str(tree / "conf"))
    assert list(folder.files) == ["b.conf", "sub/a.conf"]
    assert folder.complete


def test_a_folder_holds_no_links_out_and_no_pipes(tree: Path) -> None:
    folder = LocalFiles(str(tree)).folder(str(tree))
    assert sorted(folder.files) == ["conf/b.conf", "conf/sub/a.conf", "in.conf", "run.sh"]


def test_a_folder_of_too_many_files(tree: Path) -> None:
    many = tree / "many"
    many.mkdir()
    for number in range(MOST_FILES + 1):
        (many / f"{number:04}").write_bytes(b"")
    folder = LocalFiles(str(tree)).folder(str(many))
    assert len(folder.files) == MOST_FILES
    assert not folder.complete


def test_a_folder_of_too_much(tree: Path) -> None:
    much = tree / "much"
    much.mkdir()
    for name in "abc":
        (much / name).write_bytes(b"x" * (LARGEST_DOCUMENT // 2))
    folder = LocalFiles(str(tree)).folder(str(much))
    assert list(folder.files) == ["a", "b"]
    assert not folder.complete


def test_what_was_generated_before_is_no_part_of_a_folder(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".git" / "config").write_text("c")
    (tree / "deploy" / "base").mkdir(parents=True)
    (tree / "deploy" / "base" / "secrets.env").write_text("A=1")
    (tree / "mooring.lock").write_text('{"version": 1, "output": "deploy", "files": {}}')
    (tree / "mooring.yaml").write_text("{}")
    (tree / "other" / "made").mkdir(parents=True)
    (tree / "other" / "mooring.lock").write_text('{"version": 1, "output": ".", "files": {}}')
    (tree / "other" / "made" / "x.yaml").write_text("x")
    assert list(LocalFiles(str(tree)).folder(str(tree)).files) == [
        "in.conf",
        "run.sh",
        "conf/b.conf",
        "conf/sub/a.conf",
    ]


def test_a_lock_that_cannot_be_read_leaves_out_nothing(tree: Path) -> None:
    (tree / "conf" / "mooring.lock").write_text("<<<<<<< HEAD")
    folder = LocalFiles(str(tree)).folder(str(tree / "conf"))
    assert list(folder.files) == ["b.conf", "sub/a.conf"]
