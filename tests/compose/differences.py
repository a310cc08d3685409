"""The places where two plain values differ, for tests that compare whole projects."""

from collections.abc import Iterator
from typing import Any


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Yield a line for each place where ``ours`` is not ``theirs``; types count."""
    if type(ours) is not type(theirs):
        yield f"{path}: {ours!r:.200} instead of {theirs!r:.200}"
    elif isinstance(ours, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            below = f"{path}.{name}"
            if name not in ours:
                yield f"{below}: missing, should be {theirs[name]!r:.200}"
            elif name not in theirs:
                yield f"{below}: {ours[name]!r:.200} should not be there"
            else:
                yield from differences(ours[name], theirs[name], below)
    elif isinstance(ours, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(*pair, f"{path}[{index}]")
    elif ours != theirs:
        yield f"{path}: {ours!r:.200} instead of {theirs!r:.200}"
