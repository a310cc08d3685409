"""Circles in a graph: who waits for whom, until somebody waits for the first."""

from collections.abc import Iterator, Mapping, Sequence


def cycles(graph: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """
    Yield the cycles that a walk along ``graph`` meets, each once, from its smallest name on.

    At least one cycle of every strongly connected part is yielded; not all of them, which may be
    more than can be counted.  Names without an entry of their own lead nowhere.  The walk keeps its
    own stack: a chain may be longer than Python's.
    """
    finished: set[str] = set()
    found: set[tuple[str, ...]] = set()
    for start in graph:
        if start in finished:
            continue
        trail = [start]
        on_trail = {start: 0}
        pending = [iter(graph[start])]
        while pending:
            name = next(pending[-1], None)
            if name is None:
                pending.pop()
                last = trail.pop()
                del on_trail[last]
                finished.add(last)
            elif name in on_trail:
                cycle = _from_smallest(trail[on_trail[name] :])
                if cycle not in found:
                    found.add(cycle)
                    yield cycle
            elif name in graph and name not in finished:
                on_trail[name] = len(trail)
                trail.append(name)
                pending.append(iter(graph[name]))


def _from_smallest(cycle: list[str]) -> tuple[str, ...]:
    start = cycle.index(min(cycle))
    return (*cycle[start:], *cycle[:start])
