"""libyaml without the rest of PyYAML, which stays whole for whoever else uses it."""

import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
FIRST = "from mooring.compose import libyaml; import sys; assert 'yaml.reader' not in sys.modules; "
LATER = "import yaml, yaml.reader; from mooring.compose import libyaml; "
USE = {
    "its-parser-in-python-reads": "import yaml; assert yaml.safe_load('a: 1') == {'a': 1}",
    "its-parser-in-c-reads": (
        "import yaml; assert yaml.load('a: [1, 2]', Loader=yaml.CSafeLoader) == {'a': [1, 2]}"
    ),
    "it-writes": "import yaml; assert yaml.dump({'a': 1}, Dumper=yaml.CSafeDumper) == 'a: 1\\n'",
    "its-modules-are-its-attributes": (
        "import yaml; [getattr(yaml, name).__file__ for name in ('reader', 'scanner', 'nodes')]"
    ),
    "its-errors-are-caught-by-their-base": (
        "import yaml\ntry:\n  yaml.load('a: [', Loader=yaml.CSafeLoader)\n"
        "except yaml.MarkedYAMLError: pass\nelse: raise AssertionError"
    ),
    "a-name-that-it-lacks-is-an-error": (
        "import yaml\ntry:\n  yaml.nothing\nexcept AttributeError: pass\nelse: raise AssertionError"
    ),
    "what-it-exports-can-be-imported-by-name": "from yaml import SafeLoader, reader, safe_load",
    "a-control-character-is-a-reader-error": (
        "try:\n  libyaml.CParser(b'a: \\x01').raw_parse()\n"
        "except libyaml.ReaderError as error: assert (error.position, error.character) == (3, 1)\n"
        "else: raise AssertionError"
    ),
    "a-wrong-bracket-is-a-marked-error": (
        "try:\n  libyaml.CParser(b'a: ]').raw_parse()\n"
        "except libyaml.MarkedYAMLError as error: assert error.problem_mark.column == 3\n"
        "else: raise AssertionError"
    ),
}


@pytest.mark.parametrize("begin", [FIRST, LATER], ids=["ours-first", "pyyaml-first"])
@pytest.mark.parametrize("use", list(USE.values()), ids=list(USE))
def test_both_ways_of_loading(begin: str, use: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{begin}\n{use}"],
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
