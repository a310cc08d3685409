"""Patterns come from where an earlier run left them, and are those that Python compiles."""

import gc
import importlib
import marshal
import pkgutil
import re
import sys
from pathlib import Path

import pytest

import mooring
from mooring.cli.pattern_cache import PatternCache
from mooring.patterns import LazyPattern


@pytest.fixture(autouse=True)
def bytecode_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Python keep what it compiles, whatever the caller's environment says."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


NAMED = (r"(?P<first>a+)|(?P<second>[^\w\d]{2,})(?i:x)", re.MULTILINE)


def _all_patterns() -> list[tuple[str, int]]:
    for module in pkgutil.walk_packages(mooring.__path__, "mooring."):
        if not module.name.endswith("__main__"):  # that runs the program
            importlib.import_module(module.name)
    gc.unfreeze()  # What was frozen is not listed (tests/conftest.py).
    lazy = [one for one in gc.get_objects() if isinstance(one, LazyPattern)]
    gc.freeze()
    return [(one._pattern, one._flags) for one in lazy]


def test_every_pattern_of_ours_is_the_one_that_python_compiles(tmp_path: Path) -> None:
    asked = _all_patterns()
    assert len(asked) > 100
    path = str(tmp_path / "kept")
    first = PatternCache(path)
    for pattern, flags in asked:
        first.compile(pattern, flags)
    first.save()
    second = PatternCache(path)
    different = [
        pattern
        for pattern, flags in asked
        # Equal patterns have the same flags and the same code.
        if second.compile(pattern, flags) != re.compile(pattern, flags)
    ]
    assert different == []


def test_groups_keep_their_names(tmp_path: Path) -> None:
    path = str(tmp_path / "kept")
    first = PatternCache(path)
    first.compile(*NAMED)
    first.save()
    found = PatternCache(path).compile(*NAMED).search("- aa")
    assert found is not None
    assert found.lastgroup == "first"
    assert found.groupdict() == {"first": "aa", "second": None}


def test_what_is_known_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    first = PatternCache(str(path))
    first.compile(*NAMED)
    first.save()
    path.chmod(0o444)
    written = path.stat()
    second = PatternCache(str(path))
    second.compile(*NAMED)
    second.save()
    assert path.stat() == written
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="an-empty-file"),
        pytest.param(b"\x00garbage", id="garbage"),
        pytest.param(
            marshal.dumps(("another Python", {(NAMED[0], 8): ()})), id="that-of-another-python"
        ),
        pytest.param(marshal.dumps(3), id="another-form"),
    ],
)
def test_what_cannot_be_used_is_compiled_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept"
    path.write_bytes(content)
    assert PatternCache(str(path)).compile(*NAMED) == re.compile(*NAMED)


def test_a_damaged_entry_is_compiled_anew(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    first = PatternCache(str(path))
    first.compile(*NAMED)
    first.save()
    made_by, known = marshal.loads(path.read_bytes())
    flags, code, *rest = known[NAMED[0], int(NAMED[1])]
    for damaged in (code[:-8], code[:-1], b"\xff" * len(code)):
        entry = {(NAMED[0], int(NAMED[1])): (flags, damaged, *rest)}
        path.write_bytes(marshal.dumps((made_by, entry)))
        assert PatternCache(str(path)).compile(*NAMED) == re.compile(*NAMED)


def test_a_place_where_nothing_can_be_written_is_no_fault(tmp_path: Path) -> None:
    cache = PatternCache(str(tmp_path / "absent" / "kept"))
    assert cache.compile(*NAMED) == re.compile(*NAMED)
    cache.save()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_kept_where_python_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    cache = PatternCache(str(tmp_path / "kept"))
    cache.compile(*NAMED)
    cache.save()
    assert list(tmp_path.iterdir()) == []


def test_a_pattern_that_python_refuses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(re.error):
        PatternCache(str(tmp_path / "kept")).compile("(", 0)
