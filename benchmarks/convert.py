#!/usr/bin/env python3
"""
Mooring against Kompose: what it costs to convert one Compose file, as a whole process.

Usage: .venv/bin/python benchmarks/convert.py [--sizes 12,100,...] [--runs N] [--write]

Both convert the same stacks (`stacks.py`) into folders, one after the other in turns, so that
whatever else the machine does falls on both.  What they wrote is checked after each run: a
converter that leaves out services is no faster one.  Kompose writes one set of manifests;
Mooring writes a base and three environments.
"""

import argparse
import math
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import measuring, stacks
from benchmarks.measuring import Cost, Failed
from tests.support import gotools

SIZES = (12, 100, 300, 1000, 3000)
RUNS = 5
SMALL = 100
"""Below this many services starting the process is most of the cost; growth is fitted above."""

_WORKLOADS = tuple(
    f"kind: {kind}\n".encode() for kind in ("Deployment", "StatefulSet", "DaemonSet", "Job", "Pod")
)

_PATCHES = "differences"
"""The folder of an environment in which Mooring writes what differs there from the base."""


class Output(NamedTuple):
    """What a run wrote."""

    files: int
    objects: int
    workloads: int


class Pair(NamedTuple):
    """One run of each, one right after the other."""

    mooring: Cost
    kompose: Cost


class Result(NamedTuple):
    """All runs over one stack."""

    services: int
    pairs: list[Pair]
    mooring_output: Output
    kompose_output: Output

    def median(self, converter: str, quantity: str) -> float:
        """Return the middle of a quantity of `Cost` over the runs of a converter."""
        costs = (getattr(pair, converter) for pair in self.pairs)
        return statistics.median(getattr(cost, quantity) for cost in costs)

    def ratio(self, quantity: str) -> float:
        """Return the middle of Mooring's cost divided by Kompose's, pair by pair."""
        return statistics.median(
            getattr(pair.mooring, quantity) / getattr(pair.kompose, quantity) for pair in self.pairs
        )


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0].strip())
    parser.add_argument("--sizes", type=_sizes, default=SIZES, metavar="N,N,...")
    parser.add_argument("--runs", type=int, default=RUNS, help="pairs of runs for each size")
    parser.add_argument("--mooring", type=Path, help="the program, instead of this Python's")
    parser.add_argument("--write", action="store_true", help="write the figures to README.md")
    options = parser.parse_args(arguments)
    try:
        text = _report(_measure(options.sizes, options.runs, measuring.mooring(options.mooring)))
    except (Failed, gotools.GoToolUnavailable, gotools.GoToolBroken) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(text)
    if options.write:
        measuring.write_section("convert", text)
    return 0


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _measure(sizes: Sequence[int], runs: int, mooring: Path) -> list[Result]:
    kompose = gotools.tool("kompose")
    results = []
    with tempfile.TemporaryDirectory(prefix="mooring-benchmark-") as name:
        folder = Path(name)
        for services in sizes:
            print(f"{services} services ...", file=sys.stderr, flush=True)
            stack = folder / f"stack-{services}"
            file = stacks.write(services, stack)
            results.append(_measure_stack(services, runs, file, mooring, kompose, folder))
    return results


def _measure_stack(
    services: int, runs: int, file: Path, mooring: Path, kompose: Path, folder: Path
) -> Result:
    def of_mooring() -> tuple[Cost, Output]:
        return _run([mooring, "convert", "-f", file, "-o"], folder, services)

    def of_kompose() -> tuple[Cost, Output]:
        return _run([kompose, "convert", "-f", file, "-o"], folder, services)

    # The first runs fill caches (compiled modules, pages of the programs) and do not count.
    _, mooring_output = of_mooring()
    _, kompose_output = of_kompose()
    pairs = []
    for number in range(runs):
        # Who begins changes, so that neither always follows the other.
        if number % 2:
            kompose_run, mooring_run = of_kompose(), of_mooring()
        else:
            mooring_run, kompose_run = of_mooring(), of_kompose()
        if (mooring_run[1], kompose_run[1]) != (mooring_output, kompose_output):
            raise Failed(f"{services} services: two runs wrote different files")
        pairs.append(Pair(mooring_run[0], kompose_run[0]))
    return Result(services, pairs, mooring_output, kompose_output)


def _run(command: list[str | Path], folder: Path, services: int) -> tuple[Cost, Output]:
    """
    Run a converter into a new folder in ``folder``, and check that it converted every service.

    All outputs stay until the end: ext4 takes ten times as long to make a file while it has
    others that were removed in the last seconds.
    """
    output = Path(tempfile.mkdtemp(prefix="output-", dir=folder))
    # With a slash at its end, Kompose takes a name for a folder.
    cost = measuring.run([*command, f"{output}/"], directory=folder)
    written = _written(output)
    if written.workloads != services:
        line = " ".join(map(str, command))
        raise Failed(f"{line}: {written.workloads} workloads for {services} services")
    return cost, written


def _written(folder: Path) -> Output:
    """Return what is in ``folder``, file by file so that little of it is in memory."""
    files = objects = workloads = 0
    for path in folder.rglob("*"):
        if path.is_file():
            files += 1
            text = b"\n" + path.read_bytes()
            # A patch changes an object that is counted where it is defined.
            is_patch = _PATCHES in path.relative_to(folder).parts
            if path.suffix == ".yaml" and path.name != "kustomization.yaml" and not is_patch:
                objects += text.count(b"\nkind: ")
                workloads += sum(text.count(b"\n" + kind) for kind in _WORKLOADS)
    return Output(files, objects, workloads)


def _report(results: list[Result]) -> str:
    head = ["services", "wall s", "Kompose", "ratio", "CPU s", "Kompose", "ratio", "peak MiB"]
    head += ["Kompose", "ratio"]
    rows = []
    for result in results:
        row = [str(result.services)]
        for quantity, form in (
            ("wall_seconds", ".3f"),
            ("cpu_seconds", ".3f"),
            ("peak_mib", ".0f"),
        ):
            of_both = (result.median(converter, quantity) for converter in Pair._fields)
            row += [*(format(one, form) for one in of_both), f"{result.ratio(quantity):.2f}"]
        rows.append(row)
    parts = [
        f"{measuring.machine()}; {measuring.load()}; {len(results[0].pairs)} pairs of runs.  "
        "Medians; a ratio is the median over pairs of Mooring's cost divided by Kompose's.",
        measuring.table(head, rows),
    ]
    large = [result for result in results if result.services >= SMALL]
    if len(large) > 1:
        growth = ", ".join(
            f"{converter} {_exponent(large, converter, 'cpu_seconds'):.2f} (CPU) and "
            f"{_exponent(large, converter, 'wall_seconds'):.2f} (wall)"
            for converter in Pair._fields
        )
        parts.append(
            f"Growth exponents, fitted over {large[0].services} to {large[-1].services} services "
            f"(1 is linear): {growth}."
        )
    written = "; ".join(
        f"{one.services} services: {one.mooring_output.files} files with "
        f"{one.mooring_output.objects} objects by Mooring, {one.kompose_output.files} with "
        f"{one.kompose_output.objects} by Kompose"
        for one in results
    )
    parts.append(f"Written: {written}.")
    parts.append(_aims(results))
    return "\n\n".join(parts) + "\n"


def _exponent(results: list[Result], converter: str, quantity: str) -> float:
    """Return b of the cost a·n^b that fits the medians best (least squares of logarithms)."""
    x = [math.log(result.services) for result in results]
    y = [math.log(result.median(converter, quantity)) for result in results]
    return statistics.linear_regression(x, y).slope


def _aims(results: list[Result]) -> str:
    """Return the aims of the project that these results can answer, and whether they are met."""
    lines = []
    for result in results:
        wall = result.ratio("wall_seconds")
        if result.services < SMALL:
            lines.append((f"{result.services} services: at most 1.5 times Kompose", wall, 1.5))
        elif result.services == 1000:
            lines.append((f"{result.services} services: at least 3 times faster", wall, 1 / 3))
        else:
            lines.append((f"{result.services} services: faster than Kompose", wall, 1.0))
        peak = result.median("mooring", "peak_mib")
        if result is results[-1]:
            lines.append((f"{result.services} services: under 300 MB at its peak", peak, 286.0))
    large = [result for result in results if result.services >= SMALL]
    if len(large) > 1:
        growth = _exponent(large, "mooring", "cpu_seconds")
        lines.append(("linear growth: exponent of CPU at most 1.05", growth, 1.05))
    rows = [
        [aim, f"{found:.2f}", f"{limit:.2f}", "yes" if found <= limit else "NO"]
        for aim, found, limit in lines
    ]
    return measuring.table(["aim", "found", "limit", "met"], rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
