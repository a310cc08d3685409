#!/usr/bin/env python3
"""
Mooring against kube-score and kubeconform: what it costs to check manifests, as a whole process.

Usage: .venv/bin/python benchmarks/check.py [--sizes 500,5000,...] [--runs N] [--write]

All read the same files (`manifests.py`), one after the other in turns.  Mooring runs with all of
its rules and as it is called by users; kube-score with the checks that are on by default;
kubeconform judges the schema alone.  A program that takes longer than the limit is ended, and its
time is then a lower bound.  Each of Mooring's runs must find the fault of each group, or it does
not count.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import manifests, measuring
from benchmarks.measuring import Cost, Failed
from tests.support import gotools, kubeconform

SIZES = (500, 5000, 50000)
RUNS = 3
LIMIT_SECONDS = 900

Measured = dict[str, list[Cost | None]]
"""The costs of each program's runs; None for a run that was ended at the limit."""


class Result(NamedTuple):
    """All runs over one number of objects."""

    objects: int
    measured: Measured
    findings: int

    def median(self, program: str, quantity: str) -> float | None:
        """Return the middle of a quantity of `Cost`, None where a run was ended at the limit."""
        costs = self.measured[program]
        if not costs or any(cost is None for cost in costs):
            return None
        return statistics.median(getattr(cost, quantity) for cost in costs)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0].strip())
    parser.add_argument("--sizes", type=_sizes, default=SIZES, metavar="N,N,...")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each at each size")
    parser.add_argument("--mooring", type=Path, help="the program, instead of this Python's")
    parser.add_argument("--write", action="store_true", help="write the figures to README.md")
    options = parser.parse_args(arguments)
    try:
        results = _measure(options.sizes, options.runs, measuring.mooring(options.mooring))
    except (Failed, gotools.GoToolUnavailable, gotools.GoToolBroken) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    text = _report(results, options.runs)
    print(text)
    if options.write:
        measuring.write_section("check", text)
    return 0


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _measure(sizes: Sequence[int], runs: int, mooring: Path) -> list[Result]:
    score, conform = gotools.tool("kube-score"), gotools.tool("kubeconform")
    location = kubeconform.schemas() / "{{.ResourceKind}}{{.KindSuffix}}.json"
    results = []
    with tempfile.TemporaryDirectory(prefix="mooring-benchmark-") as name:
        for objects in sizes:
            print(f"{objects} objects ...", file=sys.stderr, flush=True)
            folder = Path(name) / str(objects)
            files = manifests.write(objects, folder / "manifests")
            one_file = folder / "all.yaml"
            one_file.write_text("---\n".join(file.read_text() for file in files))
            output = folder / "found.json"
            programs: dict[str, Callable[[], Cost | None]] = {
                "mooring": lambda at=folder, to=output: _run(
                    [mooring, "check", at / "manifests", "--to", f"json={to}"], {0, 1}
                ),
                "kube-score": lambda file=one_file: _run([score, "score", file], {0, 1}),
                "kubeconform": lambda at=folder: _run(
                    [conform, "-strict", f"-schema-location={location}", at / "manifests"], {0}
                ),
            }
            measured: Measured = {program: [] for program in programs}
            for number in range(runs):
                names = list(programs)
                for program in names if number % 2 else reversed(names):
                    done = measured[program]
                    # What was too slow once is so again.
                    done.append(None if None in done else programs[program]())
            findings = len(json.loads(output.read_text())["findings"])
            if findings < objects // manifests.GROUP:
                raise Failed(f"mooring found {findings} of {objects // manifests.GROUP} faults")
            results.append(Result(objects, measured, findings))
    return results


def _run(command: Sequence[str | Path], statuses: set[int]) -> Cost | None:
    """Return the cost of ``command``, None where it took longer than the limit."""
    try:
        return measuring.run(
            ["timeout", str(LIMIT_SECONDS), *command], statuses=frozenset(statuses)
        )
    except Failed as error:
        if "status 124" in str(error):
            return None
        raise
    except subprocess.SubprocessError as error:
        raise Failed(str(error)) from error


def _report(results: list[Result], runs: int) -> str:
    programs = list(results[0].measured)
    rows = []
    for result in results:
        for program in programs:
            row = [f"{result.objects}", program]
            for quantity, form in (
                ("wall_seconds", ".2f"),
                ("cpu_seconds", ".2f"),
                ("peak_mib", ".0f"),
            ):
                value = result.median(program, quantity)
                own = result.median("mooring", quantity)
                shown = f"> {LIMIT_SECONDS}" if value is None else format(value, form)
                if value is None and quantity == "peak_mib":
                    shown = "?"
                ratio = "" if value is None or own is None else f"{own / value:.2f}"
                row += [shown, ratio if program != "mooring" else ""]
            rows.append(row)
    head = ["objects", "program", "wall s", "ours/its", "CPU s", "ours/its", "peak MiB", "ours/its"]
    found = ", ".join(f"{one.findings} in {one.objects} objects" for one in results)
    parts = [
        f"{measuring.machine()}; {measuring.load()}; {runs} runs of each.  Medians; a ratio is "
        "Mooring's cost divided by that program's.",
        measuring.table(head, rows),
        f"Findings of Mooring: {found}.",
    ]
    if len(results) > 1:
        first, last = results[0], results[-1]
        costs = [one.median("mooring", "cpu_seconds") for one in (first, last)]
        if all(costs):
            exponent = math.log(costs[1] / costs[0]) / math.log(last.objects / first.objects)
            parts.append(
                f"Growth exponent of Mooring's CPU time over {first.objects} to {last.objects} "
                f"objects (1 is linear): {exponent:.2f}."
            )
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
