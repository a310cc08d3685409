"""Rules that hold in every file of the house."""

import ast
import os
import re
import subprocess
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "mooring"
MODULES = sorted(SOURCE.rglob("*.py"))
LOOK_TWICE, TOO_LONG = 400, 600

_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

EXITS = {"sys.exit", "os._exit", "os.abort", "exit", "quit", "SystemExit"}
# beside.py ends a process that no user started.
MAY_EXIT = {"__main__.py", "beside.py", "cli/main.py"}
PRINTS = {"print", "click.echo"}
MAY_PRINT = {"cli/main.py"}


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """The syntax tree of each module, under its path within the package."""
    return {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in MODULES
    }


def test_errors_become_exit_statuses_in_one_place(trees: dict[str, ast.Module]) -> None:
    found = [f"{name}: {use}" for name, tree in trees.items() for use in _uses(tree, EXITS)]
    assert [use for use in found if use.partition(":")[0] not in MAY_EXIT] == []


def test_rooms_do_not_print(trees: dict[str, ast.Module]) -> None:
    found = [f"{name}: {use}" for name, tree in trees.items() for use in _uses(tree, PRINTS)]
    assert [use for use in found if use.partition(":")[0] not in MAY_PRINT] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("import sys\nsys.exit(1)", ["line 2: sys.exit"], id="a-call"),
        pytest.param("raise SystemExit(2)", ["line 1: SystemExit"], id="a-raise"),
        pytest.param("raise SystemExit", ["line 1: SystemExit"], id="a-raise-of-the-class"),
        pytest.param("handler = sys.exit", ["line 1: sys.exit"], id="a-mention"),
        pytest.param("self.exit(1)\nexited()", [], id="others-of-that-name-are-fine"),
    ],
)
def test_an_exit_is_seen(source: str, found: list[str]) -> None:
    assert list(_uses(ast.parse(source), EXITS)) == found


def _uses(tree: ast.Module, names: set[str]) -> Iterator[str]:
    """Yield where ``tree`` uses one of the dotted ``names``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            used = node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used = f"{node.value.id}.{node.attr}"
        else:
            continue
        if used in names:
            yield f"line {node.lineno}: {used}"


def test_modules_are_small() -> None:
    lengths = {
        path.relative_to(SOURCE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
    }
    for name, length in lengths.items():
        if length > LOOK_TWICE:
            warnings.warn(f"{name} has {length} lines: look twice", stacklevel=1)
    assert {name: length for name, length in lengths.items() if length > TOO_LONG} == {}


def test_everything_public_says_what_it_is_for(trees: dict[str, ast.Module]) -> None:
    silent = [
        f"{module}: {name}"
        for module, tree in trees.items()
        for name, node in _public(tree, "the module")
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_silence_is_seen() -> None:
    tree = ast.parse(
        "def told():\n  'x'\n  def inner(): ...\ndef silent(): ...\ndef _private(): ...\n"
        "class Told:\n  'x'\n  def silent_method(self): ...\n  def __len__(self): ..."
    )
    silent = [name for name, node in _public(tree, "module") if not ast.get_docstring(node)]
    assert silent == ["module", "silent", "silent_method"]


def _public(node: ast.AST, name: str) -> Iterator[tuple[str, _Documented]]:
    """Yield what others may use of ``node``: itself, and the public definitions in it."""
    if not isinstance(node, _Documented) or name.startswith("_"):
        return
    if any(ast.unparse(each).endswith("overload") for each in getattr(node, "decorator_list", ())):
        return
    yield name, node
    if isinstance(node, ast.Module | ast.ClassDef):
        for child in node.body:
            yield from _public(child, getattr(child, "name", ""))


FORBIDDEN_TEXT = {
    "a path of somebody's machine": re.compile(
        r"/work/(?:main|shared|tmp)\b|/root/(?:go|\.pyenv|\.cache/(?:uv|mooring))\b|/opt/wheels"
        r"|/Users/\w+/|C:\\Users"
    ),
    "the address of a package index or proxy": re.compile(
        r"https?://(?:[\w.-]*pypi[\w.-]*/simple|files\.pythonhosted\.org|proxy\.golang\.org"
        r"|registry\.npmjs\.org)|--(?:extra-)?index-url\b(?!\s*\||`)|--find-links [/h]"
    ),
}


def _committed() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git checkout: nothing says which files are committed")
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path != Path(__file__)]


def _own_index_hosts() -> set[str]:
    """Return the hosts of package indexes that this machine is set up for."""
    names = ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "GOPROXY", "npm_config_registry")
    found = (re.search(r"//([^/,@\s]+)", os.environ.get(name, "")) for name in names)
    return {match.group(1) for match in found if match} - {"pypi.org", "proxy.golang.org"}


def test_committed_files_name_no_machine() -> None:
    found = []
    hosts = _own_index_hosts()
    for path in _committed():
        try:
            content = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for what, pattern in FORBIDDEN_TEXT.items():
            found += [
                f"{path.relative_to(ROOT)}: {what}: {m[0]}" for m in pattern.finditer(content)
            ]
        found += [f"{path.relative_to(ROOT)}: {host}" for host in hosts if host in content]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("see /work/main/src", id="a-checkout"),
        pytest.param("--index-url https://mirror.example/simple", id="an-index-option"),
        pytest.param("https://pypi.org/simple/click", id="an-index"),
    ],
)
def test_a_machine_is_recognised(text: str) -> None:
    assert any(pattern.search(text) for pattern in FORBIDDEN_TEXT.values())


def test_every_dependency_has_its_decision() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for group in project["dependency-groups"].values():
        lines += group
    names = {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in lines}
    decided = "\n".join(
        path.read_text(encoding="utf-8").lower() for path in (ROOT / "docs/decisions").glob("*.md")
    )
    assert {name for name in names if f"`{name}`" not in decided} == set()


@pytest.mark.parametrize("lock", ["run", "build", "dev"])
def test_locked_versions_have_hashes(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^(\S+?)==\S+(?: ;[^\\\n]*)? \\\n    --hash=sha256:", text, re.MULTILINE)
    assert pins
    assert re.findall(r"^([a-zA-Z0-9]\S*?)(?:==|>=| @)", text, re.MULTILINE) == pins


def test_the_runtime_lock_holds_the_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    names = {re.split(r"[<>=]", line)[0].lower() for line in project["project"]["dependencies"]}
    assert names <= set(re.findall(r"^(\S+?)==", text, re.MULTILINE))
