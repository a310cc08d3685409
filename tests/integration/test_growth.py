"""A stack that is four times as large takes four times the work: nothing compares all with all."""

import sys
from collections import Counter
from pathlib import Path
from types import FrameType

from benchmarks import stacks

from mooring.cli.main import run

FEW, MANY = 36, 144
NEGLIGIBLE = 0.001
"""Of all work: what a function may take more than its share, as sorting does."""


def _work(services: int, folder: Path) -> Counter[str]:
    """Return how many lines of each function run to convert that many services."""
    file = stacks.write(services, folder / f"stack-{services}")
    lines: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: object) -> object:
        if event == "line":
            lines[f"{frame.f_code.co_filename}: {frame.f_code.co_qualname}"] += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        status = run(["convert", "-f", str(file), "-o", str(folder / f"output-{services}")])
    finally:
        sys.settrace(before)
    assert status == 0
    return lines


def test_no_function_grows_faster_than_the_stack(tmp_path: Path) -> None:
    _work(12, tmp_path)  # loads modules and fills caches
    few, many = _work(FEW, tmp_path), _work(MANY, tmp_path)
    allowed = many.total() * NEGLIGIBLE
    grown = {
        name: (few[name], lines)
        for name, lines in many.items()
        if lines - few[name] * MANY / FEW > allowed
    }
    assert grown == {}
