"""msgspec is loaded without what we never ask of it, and answers all the same when asked."""

import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "assert msgspec.inspect.type_info(int) == msgspec.inspect.IntType()", id="inspect"
        ),
        pytest.param("assert msgspec.json.schema(int) == {'type': 'integer'}", id="schemas"),
        pytest.param("assert msgspec.msgpack.decode(msgspec.msgpack.encode(1)) == 1", id="msgpack"),
        pytest.param(
            "import textwrap; assert textwrap.dedent('  a') == 'a'; "
            "assert 'msgspec' not in textwrap.__file__",
            id="a-module-of-the-library",
        ),
        pytest.param("import platform; assert platform.machine()", id="the-whole-platform"),
        pytest.param(
            "import uuid; one = uuid.uuid4(); "
            "assert msgspec.json.decode(msgspec.json.encode(one), type=uuid.UUID) == one",
            id="uuids",
        ),
        pytest.param(
            "import typing_extensions; assert typing_extensions.TypedDict", id="typing-extensions"
        ),
    ],
)
def test_what_was_left_out_is_there_when_asked_for(statement: str) -> None:
    prepare = "from mooring.cli import light_msgspec; light_msgspec.prepare()"
    subprocess.run(
        [sys.executable, "-c", f"{prepare}; import msgspec; {statement}"],
        env={"PYTHONPATH": str(SOURCE)},
        timeout=60,
        check=True,
    )
