"""Our modules are found in a shorter way, and are the same as Python's own finders would give."""

import importlib.util
import os
import py_compile
import subprocess
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

import pytest

from mooring.cli.own_modules import OwnModules

SUFFIX = f".{sys.implementation.cache_tag}.pyc"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a package `ours` with a compiled module and a compiled package inside."""
    folder = tmp_path / "ours"
    (folder / "inner").mkdir(parents=True)
    for name, text in {
        "__init__.py": "",
        "module.py": '"""What it is."""\n\nVALUE = 1\n',
        "inner/__init__.py": "VALUE = 2\n",
    }.items():
        (folder / name).write_text(text)
        py_compile.compile(str(folder / name))
    return folder


def _found(name: str, path: Sequence[str] | None) -> ModuleSpec | None:
    return OwnModules("ours", SUFFIX).find_spec(name, path)


@pytest.mark.parametrize(
    "name",
    [pytest.param("ours.module", id="a-module"), pytest.param("ours.inner", id="a-package")],
)
def test_a_module_is_as_python_finds_it(package: Path, name: str) -> None:
    spec = _found(name, [str(package)])
    usual = PathFinder.find_spec(name, [str(package)])
    assert spec is not None
    assert usual is not None
    module, expected = (importlib.util.module_from_spec(one) for one in (spec, usual))
    for one in (module, expected):
        assert one.__spec__ is not None
        assert one.__spec__.loader is not None
        one.__spec__.loader.exec_module(one)
    for attribute in ("__file__", "__cached__", "__name__", "__package__", "__doc__", "VALUE"):
        assert getattr(module, attribute) == getattr(expected, attribute)
    assert getattr(module, "__path__", None) == getattr(expected, "__path__", None)


def _change_the_size(package: Path) -> None:
    (package / "module.py").write_text("VALUE = 1111\n")


def _change_the_time(package: Path) -> None:
    os.utime(package / "module.py", (1, 1))


def _compile_by_content(package: Path) -> None:
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    py_compile.compile(str(package / "module.py"), invalidation_mode=mode)


def _compile_nothing(package: Path) -> None:
    (package / "__pycache__" / f"module{SUFFIX}").unlink()


def _remove_the_source(package: Path) -> None:
    (package / "module.py").unlink()


def _cut_the_compiled_file(package: Path) -> None:
    compiled = package / "__pycache__" / f"module{SUFFIX}"
    compiled.write_bytes(compiled.read_bytes()[:10])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_change_the_size, id="a-source-of-another-size"),
        pytest.param(_change_the_time, id="a-source-of-another-time"),
        pytest.param(_compile_by_content, id="compiled-for-a-content-instead-of-a-time"),
        pytest.param(_compile_nothing, id="not-compiled-yet"),
        pytest.param(_remove_the_source, id="without-a-source"),
        pytest.param(_cut_the_compiled_file, id="compiled-in-part"),
    ],
)
def test_what_is_not_simple_is_left_to_python(package: Path, change: object) -> None:
    assert callable(change)
    change(package)
    assert _found("ours.module", [str(package)]) is None


@pytest.mark.parametrize(
    ("name", "has_path"),
    [
        pytest.param("theirs.module", True, id="a-module-of-others"),
        pytest.param("ours", False, id="the-package-itself"),
        pytest.param("ours.absent", True, id="a-module-that-is-not-there"),
    ],
)
def test_what_is_not_ours_is_left_to_python(package: Path, name: str, has_path: bool) -> None:
    assert _found(name, [str(package)] if has_path else None) is None


PROGRAM = """
import sys
from mooring.cli.own_modules import OwnModules
sys.path.insert(0, {folder!r})
from ours import seen
sys.meta_path.insert(0, OwnModules("ours", {suffix!r}))
{statements}
"""


@pytest.mark.parametrize(
    ("modules", "statements"),
    [
        pytest.param(
            {
                "top.py": "import ours\nimport ours.middle\nours.seen.append(__name__)\n",
                "middle.py": "import ours\nfrom ours.deep.end import VALUE\n"
                "ours.seen.append(__name__)\n",
                "deep/__init__.py": "import ours\nours.seen.append(__name__)\n",
                "deep/end.py": "import ours\nVALUE = 1\nours.seen.append(__name__)\n",
            },
            "import ours.top\n"
            "assert seen == ['ours.deep', 'ours.deep.end', 'ours.middle', 'ours.top'], seen\n"
            "end = sys.modules['ours.deep.end']\n"
            "assert ours.deep.end is end and end.__package__ == 'ours.deep'\n"
            "assert ours.deep.__path__ and end.__spec__.loader is end.__loader__\n"
            "import inspect; assert 'VALUE' in inspect.getsource(end)",
            id="what-a-module-imports-runs-before-it",
        ),
        pytest.param(
            {
                "top.py": "from ours.bad import VALUE\n",
                "bad.py": "import ours\nours.seen.append(1)\nraise KeyError('bad')",
            },
            "for _ in range(2):\n"
            "    try: import ours.top\n"
            "    except KeyError: pass\n"
            "assert seen == [1, 1] and not {'ours.top', 'ours.bad'} & set(sys.modules)",
            id="a-module-that-fails-leaves-nothing",
        ),
        pytest.param(
            {
                "top.py": "from typing import TYPE_CHECKING\n"
                "if TYPE_CHECKING:\n    from ours.other import VALUE\n",
                "other.py": "VALUE = 1\n",
            },
            "import ours.top; assert 'ours.other' not in sys.modules",
            id="what-only-types-need-is-not-imported",
        ),
        pytest.param(
            {
                "top.py": "from ours.first import VALUE\n"
                "TYPE_CHECKING = False\n"
                "if TYPE_CHECKING:\n    from ours.other import VALUE\n"
                "import ours\nours.seen.append(__name__)\n",
                "first.py": "import ours\nVALUE = 1\nours.seen.append(__name__)\n",
                "other.py": "VALUE = 1\n",
            },
            "import ours.top; assert 'ours.other' not in sys.modules and seen[0] == 'ours.first'",
            id="what-stands-above-what-only-types-need-is-imported",
        ),
        pytest.param(
            {
                "deep/__init__.py": "",
                "deep/end.py": "import ours\nours.seen.append(__name__)\n",
                "deep/bad.py": "raise AttributeError('bad')\n",
                "deep/round.py": "from ours.deep import round as me\nVALUE = me.__name__\n",
            },
            "from ours.deep import end, round\n"
            "import ours.deep\n"
            "assert ours.deep.end is end is sys.modules['ours.deep.end']\n"
            "assert seen == [end.__name__]\n"
            "assert round.VALUE == 'ours.deep.round'\n"
            "assert not hasattr(ours.deep, 'absent') and not hasattr(ours.deep, '__wrapped__')\n"
            "try: from ours.deep import bad\n"
            "except AttributeError as error: assert str(error) == 'bad'\n"
            "else: raise AssertionError\n"
            "assert 'ours.deep.bad' not in sys.modules",
            id="modules-that-are-taken-from-their-package",
        ),
        pytest.param(
            {"top.py": "import ours.other\n", "other.py": "def __getattr__(name): return name\n"},
            "import ours.top; from ours.other import anything; assert anything == 'anything'",
            id="a-module-that-makes-its-attributes",
        ),
        pytest.param(
            {"top.py": "import ours.other\n", "other.py": "VALUE = 1\n"},
            "import ours.top, ours.other\n"
            "assert not hasattr(ours.other, 'absent') and ours.other.VALUE == 1\n"
            "try: from ours.other import absent\n"
            "except ImportError as error: assert 'absent' in str(error)\n"
            "else: raise AssertionError",
            id="what-a-module-does-not-have",
        ),
    ],
)
def test_modules_that_import_one_another(
    tmp_path: Path, modules: dict[str, str], statements: str
) -> None:
    (tmp_path / "ours" / "deep").mkdir(parents=True)
    (tmp_path / "ours" / "__init__.py").write_text("seen = []\n")
    for name, text in modules.items():
        (tmp_path / "ours" / name).write_text(text)
        py_compile.compile(str(tmp_path / "ours" / name))
    program = PROGRAM.format(folder=str(tmp_path), suffix=SUFFIX, statements=statements)
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": source},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
