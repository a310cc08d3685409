#!/usr/bin/env python3
"""
What it costs to start: `mooring --version` and `--help`, beside a Python that does nothing.

Usage: .venv/bin/python benchmarks/startup.py [--runs N] [--write]

Process time (user and system) is what counts, since wall time depends on who else runs.  The
commands take turns; the least of all runs is what an idle core would take, the median is what
one sees.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import measuring
from benchmarks.measuring import Cost, Failed

RUNS = 30
AIMS_MS = {"mooring --version": 30, "mooring --help": 90}


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0].strip())
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--mooring", type=Path, help="the program, instead of this Python's")
    parser.add_argument("--write", action="store_true", help="write the figures to README.md")
    options = parser.parse_args(arguments)
    try:
        text = _report(_measure(options.runs, measuring.mooring(options.mooring)), options.runs)
    except Failed as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(text)
    if options.write:
        measuring.write_section("startup", text)
    return 0


def _measure(runs: int, mooring: Path) -> dict[str, list[Cost]]:
    python = mooring.with_name("python")
    commands: dict[str, list[str | Path]] = {
        "python -c pass": [python, "-c", "pass"],
        "python -c 'import yaml'": [python, "-c", "import yaml"],
        "mooring --version": [mooring, "--version"],
        "mooring --help": [mooring, "--help"],
    }
    for command in commands.values():
        measuring.run(command)  # Compiles modules and fills caches.
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            costs[name].append(measuring.run(command))
    return costs


def _report(costs: dict[str, list[Cost]], runs: int) -> str:
    rows = []
    for name, measured in costs.items():
        cpu = [cost.cpu_seconds * 1000 for cost in measured]
        wall = [cost.wall_seconds * 1000 for cost in measured]
        aim = AIMS_MS.get(name)
        rows.append(
            [
                f"`{name}`",
                f"{min(cpu):.0f}",
                f"{statistics.median(cpu):.0f}",
                f"{min(wall):.0f}",
                f"{statistics.median(wall):.0f}",
                f"{statistics.median(cost.peak_mib for cost in measured):.0f}",
                "" if aim is None else f"under {aim}: {'yes' if min(cpu) < aim else 'NO'}",
            ]
        )
    head = ["command", "CPU ms, least", "median", "wall ms, least", "median", "peak MiB"]
    return (
        f"{measuring.machine()}; {measuring.load()}; {runs} runs of each.  "
        "The aims are for the least process time.\n\n"
        f"{measuring.table([*head, 'aim'], rows)}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
