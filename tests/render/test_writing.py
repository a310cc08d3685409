"""Writing never loses what the user wrote, and says what it did."""

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from mooring.errors import OutputError
from mooring.render import writing
from mooring.render.file_tree import File, FileTree, Owner


class Place:
    """An output folder and its lock, with short words for what tests do there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "deploy"
        self.lock = root / "mooring.lock"

    def write(self, files: Mapping[str, str | File], *, force: bool = False) -> writing.Changes:
        tree = FileTree(
            {
                path: file if isinstance(file, File) else File(file.encode())
                for path, file in files.items()
            }
        )
        return writing.write(tree, str(self.output), lock=str(self.lock), force=force)

    def edit(self, path: str, text: str) -> None:
        (self.output / path).parent.mkdir(parents=True, exist_ok=True)
        (self.output / path).write_text(text)

    def read(self, path: str) -> str:
        return (self.output / path).read_text()

    def files(self) -> dict[str, str]:
        return {
            str(path.relative_to(self.output)): path.read_text()
            for path in sorted(self.output.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def env(text: str) -> File:
    return File(text.encode(), Owner.ENV_VALUES, 0o600)


def users(text: str) -> File:
    return File(text.encode(), Owner.USER)


def test_a_tree_is_written_and_recorded(place: Place) -> None:
    done = place.write({"a/b.yaml": "b", "c": "c"})
    assert place.files() == {"a/b.yaml": "b", "c": "c"}
    assert [change.path for change in done.write] == ["a/b.yaml", "c"]
    recorded = json.loads(place.lock.read_text())
    assert recorded["output"] == "deploy"
    assert list(recorded["files"]) == ["a/b.yaml", "c"]
    assert "pending" not in recorded


def test_an_unchanged_tree_touches_nothing(place: Place) -> None:
    place.write({"a": "a", "secrets.env": env("K=v\n")})
    before = {path: path.stat().st_mtime_ns for path in (place.lock, *place.output.rglob("*"))}
    done = place.write({"a": "a", "secrets.env": env("K=v\n")})
    assert (done.write, done.remove, done.unchanged) == ((), (), 2)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_our_own_file_is_replaced(place: Place) -> None:
    place.write({"a": "old"})
    place.write({"a": "new"})
    assert place.files() == {"a": "new"}


def test_what_is_no_longer_made_is_removed_with_its_empty_folders(place: Place) -> None:
    place.write({"a": "a", "gone/deep/b": "b", "kept/c": "c", "kept/d": "d"})
    done = place.write({"a": "a", "kept/d": "d"})
    assert done.remove == ("gone/deep/b", "kept/c")
    assert place.files() == {"a": "a", "kept/d": "d"}
    assert not (place.output / "gone").exists()


def test_a_folder_with_a_file_of_the_user_stays(place: Place) -> None:
    place.write({"a": "a", "gone/b": "b"})
    place.edit("gone/mine", "mine")
    place.write({"a": "a"})
    assert place.files() == {"a": "a", "gone/mine": "mine"}


def test_an_edited_file_stays_while_we_would_write_the_same(place: Place) -> None:
    place.write({"a": "a", "b": "old"})
    place.edit("a", "edited")
    done = place.write({"a": "a", "b": "new"})
    assert done.kept == ("a",)
    assert place.files() == {"a": "edited", "b": "new"}
    assert place.write({"a": "a", "b": "new"}).kept == ("a",)


def test_edited_files_that_we_would_change_stop_everything(place: Place) -> None:
    place.write({"a": "a", "b": "b", "c": "c"})
    place.edit("a", "edited")
    place.edit("c", "edited")
    before = place.files()
    with pytest.raises(writing.EditedFiles) as caught:
        place.write({"a": "A", "b": "B", "c": "C"})
    assert caught.value.paths == ("a", "c")
    assert "--force" in str(caught.value)
    assert place.files() == before


def test_force_overwrites_edits_but_neither_values_nor_files_of_the_user(place: Place) -> None:
    files = {"a": "a", "same": "s", "secrets.env": env("K=ours\n"), "patches/p": users("ours")}
    place.write(files)
    for path in ("a", "same", "patches/p"):
        place.edit(path, "edited")
    place.edit("secrets.env", "K=mine\n")
    place.write({**files, "a": "A"}, force=True)
    assert place.files() == {
        "a": "A",
        "same": "s",
        "secrets.env": "K=mine\n",
        "patches/p": "edited",
    }


def test_an_edit_that_equals_what_we_would_write_is_fine(place: Place) -> None:
    place.write({"a": "a"})
    place.edit("a", "A")
    place.write({"a": "A"})
    place.write({"a": "next"})
    assert place.files() == {"a": "next"}


def test_a_file_of_the_user_in_our_way_stops_everything(place: Place) -> None:
    place.write({"a": "a"})
    place.edit("b", "mine")
    with pytest.raises(writing.EditedFiles, match="1 file changed"):
        place.write({"a": "a", "b": "ours"})
    assert place.read("b") == "mine"


def test_an_edited_file_that_is_no_longer_made_stays_and_is_told(place: Place) -> None:
    place.write({"a": "a", "b": "b"})
    place.edit("b", "edited")
    done = place.write({"a": "a"})
    assert done.left == ("b",)
    assert place.files() == {"a": "a", "b": "edited"}
    assert place.write({"a": "a"}).left == ()


def test_a_deleted_file_is_written_again(place: Place) -> None:
    place.write({"a": "a", "b": "b"})
    (place.output / "a").unlink()
    place.write({"a": "a", "b": "b"})
    assert place.files() == {"a": "a", "b": "b"}


def test_line_ends_that_git_changed_are_no_edit(place: Place) -> None:
    place.write({"a": "one\ntwo\n"})
    (place.output / "a").write_bytes(b"one\r\ntwo\r\n")
    place.write({"a": "three\n"})
    assert place.read("a") == "three\n"


def test_a_file_of_the_user_is_written_once(place: Place) -> None:
    place.write({"a": "a", "patches/README.md": users("first")})
    place.edit("patches/README.md", "mine")
    done = place.write({"a": "a", "patches/README.md": users("second")})
    assert place.read("patches/README.md") == "mine"
    assert done.differing == ()
    place.write({"a": "a"})
    assert place.read("patches/README.md") == "mine"


def test_no_value_is_ever_lost(place: Place) -> None:
    place.write({"e/secrets.env": env("# ours\nOLD=computed\nSAME=s\n")})
    place.edit("e/secrets.env", "# my note\nOLD=filled in\nSAME=s\nMINE=only here")
    done = place.write({"e/secrets.env": env("# ours\nOLD=other\nSAME=s\nADDED=new\n")})
    assert place.read("e/secrets.env") == (
        "# my note\nOLD=filled in\nSAME=s\nMINE=only here\nADDED=new\n"
    )
    assert done.differing == ("e/secrets.env: OLD",)
    place.write({"other": "o"})
    assert "MINE=only here" in place.read("e/secrets.env")


def test_values_move_along_when_a_second_secret_splits_the_file(place: Place) -> None:
    place.write({"e/secrets.env": env("# for secrets.env\nA=computed\nB=computed\n")})
    place.edit("e/secrets.env", "A=filled\nB=filled\n")
    place.write(
        {
            "e/secrets.env": env("A=computed\n"),
            "e/secrets.more.env": env("# for more\nB=computed\nC=computed\n"),
        }
    )
    assert place.read("e/secrets.more.env") == "# for more\nB=filled\nC=computed\n"


def test_a_value_with_two_candidates_does_not_move(place: Place) -> None:
    place.write({"e/secrets.a.env": env("K=1\n"), "e/secrets.b.env": env("K=2\n")})
    place.write({"e/secrets.c.env": env("K=3\n")})
    assert place.read("e/secrets.c.env") == "K=3\n"


@pytest.mark.parametrize("lines", ["", "MINE=here\n"])
def test_what_stood_in_a_file_of_its_own_becomes_a_line(place: Place, lines: str) -> None:
    first = {"e/secrets/s/db-password": File(b"computed", Owner.VALUE, 0o600)}
    place.write(first | ({"e/secrets.env": env(lines)} if lines else {}))
    place.edit("e/secrets/s/db-password", "filled\n")
    place.write({"e/secrets.env": env(f"{lines}db-password=computed\n")})
    assert place.read("e/secrets.env") == f"{lines}db-password=filled\n"


def test_a_secret_file_is_kept_and_told_of(place: Place) -> None:
    first = File(b"old", Owner.VALUE, 0o600)
    place.write({"secrets/tls/key": first})
    done = place.write({"secrets/tls/key": File(b"new", Owner.VALUE, 0o600)})
    assert place.read("secrets/tls/key") == "old"
    assert done.differing == ("secrets/tls/key",)


SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  A: {a}\n"


def manifests(text: str) -> File:
    return File(text.encode(), Owner.MANIFEST_VALUES, 0o600)


def test_values_in_manifests_stay_and_keys_are_added(place: Place) -> None:
    place.write({"secrets.yaml": manifests("# ours\n" + SECRET.format(a="x"))})
    place.edit("secrets.yaml", "# note\n" + SECRET.format(a="mine") + "data:\n  B: Yg==\n")
    wanted = SECRET.format(a="computed") + "  B: b\n  C: c\n"
    done = place.write({"secrets.yaml": manifests(wanted)})
    assert place.read("secrets.yaml") == (
        "# note\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n"
        "stringData:\n  A: mine\n  C: c\ndata:\n  B: Yg==\n"
    )
    assert done.differing == ("secrets.yaml: s/A",)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param("a: [", "it is not YAML in line", id="not-yaml"),
        pytest.param("kind: ConfigMap\n", "something other than Secrets", id="another-kind"),
        pytest.param("kind: Secret\n", "a Secret without a name", id="no-name"),
        pytest.param(
            "kind: Secret\nmetadata: {name: s}\ndata: x\n", "not a mapping", id="no-mapping"
        ),
    ],
)
def test_manifests_that_cannot_be_read_are_refused_not_replaced(
    place: Place, text: str, cause: str
) -> None:
    place.write({"secrets.yaml": manifests(SECRET.format(a="x"))})
    place.edit("secrets.yaml", text)
    with pytest.raises(OutputError, match=cause):
        place.write({"secrets.yaml": manifests(SECRET.format(a="x"))})
    assert place.read("secrets.yaml") == text


def test_values_are_readable_by_their_owner_only(place: Place) -> None:
    place.write({"secrets.env": env("K=v\n")})
    assert stat.S_IMODE(os.stat(place.output / "secrets.env").st_mode) == 0o600
    leftover = place.output / ".mooring-part"
    leftover.write_text("of an interrupted run")
    leftover.chmod(0o644)
    place.write({"secrets.env": env("K=v\nL=w\n")})
    assert stat.S_IMODE(os.stat(place.output / "secrets.env").st_mode) == 0o600
    assert not leftover.exists()


def test_the_lock_knows_nothing_of_values(place: Place) -> None:
    place.write({"a": "a", "secrets.env": env("K=v\n"), "patches/p": users("x")})
    assert list(json.loads(place.lock.read_text())["files"]) == ["a"]


def test_a_file_as_output_is_refused(place: Place) -> None:
    place.output.write_text("a file")
    with pytest.raises(writing.ForeignOutput, match="is a file"):
        place.write({"a": "a"}, force=True)


def test_a_folder_that_is_not_ours_is_refused(place: Place) -> None:
    place.edit("theirs", "t")
    with pytest.raises(writing.ForeignOutput, match="did not write"):
        place.write({"a": "a"})
    assert place.files() == {"theirs": "t"}


def test_force_writes_beside_what_is_not_ours(place: Place) -> None:
    place.edit("theirs", "t")
    place.write({"a": "a"}, force=True)
    place.write({"a": "A"})
    assert place.files() == {"a": "A", "theirs": "t"}


def test_an_empty_folder_is_fine(place: Place) -> None:
    place.output.mkdir()
    place.write({"a": "a"})
    assert place.files() == {"a": "a"}


def test_the_lock_may_stand_inside_the_output(place: Place) -> None:
    place.lock = place.output / "mooring.lock"
    place.write({"a": "a"})
    place.write({"a": "b"})
    assert place.read("a") == "b"


def test_the_lock_of_another_output_does_not_make_a_folder_ours(place: Place) -> None:
    place.write({"a": "a"})
    place.output = place.root / "other"
    place.edit("a", "theirs")
    with pytest.raises(writing.ForeignOutput):
        place.write({"a": "a"})


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param("<<<<<<< HEAD\n", "it is damaged", id="a-merge-conflict"),
        pytest.param('{"version": 2}', "written by a newer mooring", id="a-newer-version"),
        pytest.param("[]", "it is damaged", id="another-form"),
        pytest.param(
            '{"version": 1, "output": "deploy", "files": {"../../etc/passwd": "x"}}',
            "no path inside the output",
            id="a-path-outside",
        ),
    ],
)
def test_a_lock_that_cannot_be_used_is_refused(place: Place, text: str, cause: str) -> None:
    place.write({"a": "a"})
    place.lock.write_text(text)
    with pytest.raises(OutputError, match=cause):
        place.write({"a": "b"})
    assert place.read("a") == "a"


def test_an_interrupted_run_is_not_taken_for_edits(place: Place) -> None:
    place.write({"a": "1", "b": "1"})
    planned = writing.changes(
        FileTree({"a": File(b"2"), "b": File(b"2")}), str(place.output), lock=str(place.lock)
    )
    (place.output / "b").unlink()
    (place.output / "b").mkdir()
    with pytest.raises(OutputError, match=r"deploy/b: Is a directory"):
        writing.apply(planned, str(place.output), lock=str(place.lock))
    assert place.read("a") == "2"
    (place.output / "b").rmdir()
    place.write({"a": "3", "b": "3"})
    assert place.files() == {"a": "3", "b": "3"}


def test_half_a_file_of_an_interrupted_run_is_not_taken_for_an_edit(place: Place) -> None:
    place.write({"a": "a"})
    place.write({})
    recorded = json.loads(place.lock.read_text())
    recorded["pending"] = {"a": writing.locks.digest(b"whole")}
    place.lock.write_text(json.dumps(recorded))
    place.edit("a", "who")
    place.write({"a": "whole"})
    assert place.files() == {"a": "whole"}


def test_what_the_file_system_refuses_is_an_error_with_the_path(place: Place) -> None:
    place.write({"a": "a"})
    place.edit("b", "not a folder")
    with pytest.raises(OutputError, match=r"deploy/b"):
        place.write({"a": "a", "b/c": "c"})


def test_deciding_changes_nothing(place: Place) -> None:
    tree = FileTree({"a": File(b"a")})
    planned = writing.changes(tree, str(place.output), lock=str(place.lock))
    assert [change.path for change in planned.write] == ["a"]
    assert not place.output.exists()
    assert not place.lock.exists()


@pytest.mark.parametrize("path", ["/a", "../a", "a/../b", "a//b", "./a", "", "a/", "a\\b", "a\0b"])
def test_a_tree_has_paths_inside_only(path: str) -> None:
    with pytest.raises(ValueError, match="no path inside"):
        FileTree({path: File(b"")})


def test_a_path_cannot_be_a_file_and_a_folder() -> None:
    with pytest.raises(ValueError, match="'a' is a file and a folder"):
        FileTree({"a": File(b""), "a/b/c": File(b"")})


def test_no_representation_shows_contents() -> None:
    file = env("K=hunter2\n")
    tree = FileTree({"secrets.env": file})
    change = writing.Change("secrets.env", file.content, 0o600)
    assert "hunter2" not in f"{file!r} {tree!r} {change!r}"
