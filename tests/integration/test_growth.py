"""A stack that is four times as large takes four times the work: nothing compares all with all."""

from collections import Counter
from pathlib import Path

from benchmarks import stacks
from tests.support.lines import lines_of

from mooring.cli.main import run

FEW, MANY = 36, 144
NEGLIGIBLE = 0.001
"""Of all work: what a function may take more than its share, as sorting does."""


def _work(services: int, folder: Path) -> Counter[str]:
    """Return how many lines of each function run to convert that many services."""
    file = stacks.write(services, folder / f"stack-{services}")
    arguments = ["convert", "-f", str(file), "-o", str(folder / f"output-{services}")]
    statuses: list[int] = []
    lines = lines_of(lambda: statuses.append(run(arguments)))
    assert statuses == [0]
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
