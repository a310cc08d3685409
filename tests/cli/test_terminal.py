"""Who reads a stream, and what it may show."""

import io
from pathlib import Path

import pytest

from mooring.cli import terminal


class Screen(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "arguments", "environment", "coloured"),
    [
        pytest.param(Screen(), [], {}, True, id="a-terminal-has-colour"),
        pytest.param(io.StringIO(), [], {}, False, id="a-file-has-none"),
        pytest.param(None, [], {}, False, id="a-closed-stream-has-none"),
        pytest.param(Screen(), ["config", "--no-color"], {}, False, id="the-option-wins"),
        pytest.param(Screen(), [], {"NO_COLOR": "1"}, False, id="NO_COLOR-wins"),
        pytest.param(Screen(), [], {"NO_COLOR": ""}, True, id="an-empty-NO_COLOR-says-nothing"),
        pytest.param(Screen(), [], {"TERM": "dumb"}, False, id="a-dumb-terminal-has-none"),
    ],
)
def test_palette(
    stream: io.StringIO | None,
    arguments: list[str],
    environment: dict[str, str],
    coloured: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal.palette(stream, arguments).coloured is coloured


def test_excerpts_are_for_terminals_only(tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text("a\nb\n", encoding="utf-8")
    assert terminal.lines_of(io.StringIO()) is None
    lines_of = terminal.lines_of(Screen())
    assert lines_of is not None
    assert lines_of(str(file)) == ["a", "b", ""]
    assert lines_of(str(tmp_path)) is None
    assert lines_of(str(tmp_path / "missing")) is None


def test_a_result_ends_with_one_line_break(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_result("a")
    terminal.print_result("b\n")
    assert capsys.readouterr().out == "a\nb\n"
