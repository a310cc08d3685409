"""How much work something is, counted in lines that run: the same on every machine."""

import sys
from collections import Counter
from collections.abc import Callable
from types import CodeType, FrameType


def lines_of(work: Callable[[], object]) -> Counter[str]:
    """Return how many lines of each function, named with its file, run while ``work`` does."""
    codes: dict[int, CodeType] = {}
    lines: Counter[int] = Counter()

    def count(frame: FrameType, event: str, argument: object) -> object:
        # The hash of a code object is made of all that is in it, each time anew.
        if event == "line":
            lines[id(frame.f_code)] += 1
        elif event == "call":
            codes[id(frame.f_code)] = frame.f_code
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    named: Counter[str] = Counter()
    for key, code in codes.items():
        named[f"{code.co_filename}: {code.co_qualname}"] += lines[key]
    return named
