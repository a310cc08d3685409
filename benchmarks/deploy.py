#!/usr/bin/env python3
"""
Mooring against kubectl and Helm: what it costs to deploy, as a whole process.

Usage: .venv/bin/python benchmarks/deploy.py [--sizes 500,1000] [--delays 0,10] [--runs N] [--write]

All deploy the same objects (`deployable.py`) to the same API server with its controllers, each into
a namespace of its own, in turns: for the first time, once more with nothing changed, and with one
object changed; and say what differs where nothing does.  Helm and Mooring wait until all is as it
should be, kubectl does not wait.  `bare` is one request for each object and nothing else
(`bare_applying.py`).  With a delay each byte takes that long in each direction (`delaying.py`).
After each run the namespace must hold all objects, and the change, or the run does not count.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import deployable, measuring
from benchmarks.measuring import Cost, Failed
from tests.support import gotools
from tests.support.bed.cluster import Bed
from tests.support.controlplane import free_ports

SIZES = (500, 1000)
DELAYS = (0, 10)
RUNS = 3
STEPS = ("first", "unchanged", "changed", "diff")
_KINDS = "configmap,secret,service,serviceaccount,deployment,networkpolicy,role,rolebinding"
_HERE = Path(__file__).resolve().parent


class Case(NamedTuple):
    """What is measured together: so many objects at so much delay."""

    objects: int
    delay: int
    """Milliseconds in each direction."""


Costs = dict[tuple[str, str], list[Cost]]
"""The costs of runs by program and step."""


class Result(NamedTuple):
    """All runs of one case."""

    case: Case
    costs: Costs
    connections: dict[str, int]
    """How many connections a program held at once, at most; empty without a delay."""

    def median(self, program: str, step: str, quantity: str) -> float | None:
        """Return the middle of a quantity of `Cost`, None for what a program does not do."""
        costs = self.costs.get((program, step))
        if not costs:
            return None
        return statistics.median(getattr(cost, quantity) for cost in costs)


class Tools(NamedTuple):
    """The binaries."""

    mooring: Path
    controlplane: Path
    helm: Path


class Programs:
    """The commands of each deployer; all take the cluster from ``kubeconfig``."""

    def __init__(self, tools: Tools, kubeconfig: Path) -> None:
        config = f"--kubeconfig={kubeconfig}"
        self._kubectl: list[str | Path] = [tools.controlplane, "kubectl", config]
        self._helm = [tools.helm, config]
        self._mooring = [tools.mooring]
        self._kubeconfig = kubeconfig

    def kubectl(self) -> list[str | Path]:
        """Return how kubectl is called."""
        return self._kubectl

    def names(self) -> tuple[str, ...]:
        """Return the programs in the order in which they are shown."""
        return ("mooring", "kubectl", "helm", "bare")

    def command(
        self, program: str, step: str, folder: Path, namespace: str
    ) -> Sequence[str | Path] | None:
        """Return what ``program`` is called with for ``step``, None where it has no such thing."""
        if program == "mooring":
            what = ["bench", "--manifests", folder, "-n", namespace, "-p", namespace]
            if step == "diff":
                return [*self._mooring, "diff", *what]
            # Nobody else holds what is ready for a while, either.
            return [*self._mooring, "up", *what, "--yes", "--hold", "0"]
        if program == "kubectl":
            if step == "diff":
                return [*self._kubectl, "diff", "--server-side", "-f", folder]
            return [*self._kubectl, "apply", "--server-side", "-f", folder]
        if program == "helm":
            if step == "diff":
                return None
            verb = "install" if step == "first" else "upgrade"
            chart = folder.with_name(f"{folder.name}-chart")
            return [*self._helm, verb, "shops", chart, "-n", namespace, "--wait"]
        if step != "first":
            return None
        script = _HERE / "bare_applying.py"
        return [sys.executable, script, self._kubeconfig, *sorted(folder.iterdir())]


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0].strip())
    parser.add_argument("--sizes", type=_numbers, default=SIZES, metavar="N,N,...")
    parser.add_argument("--delays", type=_numbers, default=DELAYS, metavar="MS,MS,...")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each in each case")
    parser.add_argument("--mooring", type=Path, help="the program, instead of this Python's")
    parser.add_argument("--write", action="store_true", help="write the figures to README.md")
    options = parser.parse_args(arguments)
    cases = [Case(objects, delay) for delay in options.delays for objects in options.sizes]
    results: list[Result] = []
    try:
        for result in _measure(cases, options.runs, measuring.mooring(options.mooring)):
            results.append(result)
            if options.write:  # It takes long: what is measured is kept if the rest is not.
                measuring.write_section("deploy", _report(results, options.runs))
    except (Failed, gotools.GoToolUnavailable, gotools.GoToolBroken) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(_report(results, options.runs))
    return 0


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _measure(cases: Sequence[Case], runs: int, mooring: Path) -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="mooring-benchmark-") as name:
        tools = Tools(mooring, gotools.tool("controlplane"), gotools.tool("helm"))
        with Bed(Path(name) / "cluster") as bed:
            # Caches and records of the programs: kept over the runs, as on a user's machine.
            os.environ["HOME"] = os.environ["XDG_CACHE_HOME"] = str(Path(name) / "home")
            direct = Path(bed.endpoint.kubeconfig)
            os.environ["KUBECONFIG"] = str(direct)
            admin = Programs(tools, direct)
            for case in cases:
                with _link(case.delay, bed.endpoint.port, direct, Path(name)) as (config, count):
                    os.environ["KUBECONFIG"] = str(config)
                    programs = Programs(tools, config)
                    yield _case(case, runs, programs, admin, Path(name), count)


@contextmanager
def _link(
    delay: int, server: int, direct: Path, folder: Path
) -> Iterator[tuple[Path, Callable[[], int]]]:
    """Yield the kubeconfig of the server behind ``delay``, and how many connections it had."""
    (port,) = free_ports(1)
    config, counted = direct.with_name(f"delayed-{delay}.kubeconfig"), folder / "connections"
    text = direct.read_text(encoding="utf-8")
    config.write_text(re.sub(r"(server: \S+):\d+", rf"\1:{port}", text), encoding="utf-8")
    command = [sys.executable, _HERE / "delaying.py", str(port), str(server), str(delay), counted]
    link: subprocess.Popen[bytes] | None = None

    def restarted() -> int:
        nonlocal link
        most = 0
        if link is not None:
            most = int(counted.read_text(encoding="utf-8") or "0")
            link.kill()
            link.wait()
        counted.unlink(missing_ok=True)
        link = subprocess.Popen(command)
        while not counted.exists():
            time.sleep(0.02)
        time.sleep(0.2)
        return most

    if delay == 0:
        yield direct, lambda: 0
        return
    restarted()
    try:
        yield config, restarted
    finally:
        if link is not None:
            link.kill()
            link.wait()


def _case(
    case: Case,
    runs: int,
    programs: Programs,
    admin: Programs,
    folder: Path,
    connections: Callable[[], int],
) -> Result:
    costs: Costs = {}
    most: dict[str, int] = {}
    for number in range(runs):
        order = programs.names() if number % 2 else tuple(reversed(programs.names()))
        for program in order:
            print(f"{case.objects} objects, {case.delay} ms, {program} ...", file=sys.stderr)
            namespace = f"bench-{case.delay}-{case.objects}-{number}-{program}"
            # It stays until the cluster is gone: nothing is cleaned up under the next run.
            create = [*admin.kubectl(), "create", "namespace", namespace]
            subprocess.run(create, check=True, capture_output=True)
            _run_all(case, program, programs, admin, folder / namespace, costs)
            most[program] = max(most.get(program, 0), connections())
    return Result(case, costs, most if case.delay else {})


def _run_all(
    case: Case, program: str, programs: Programs, admin: Programs, folder: Path, costs: Costs
) -> None:
    namespace = folder.name
    for step in STEPS:
        revision = 2 if step in ("changed", "diff") else 1
        deployable.write(case.objects, folder, namespace, revision=revision)
        chart = folder.with_name(f"{folder.name}-chart")
        deployable.write_chart(case.objects, chart, namespace, revision=revision)
        command = programs.command(program, step, folder, namespace)
        if command is None:
            continue
        cost = measuring.run(command)
        costs.setdefault((program, step), []).append(cost)
        _must_hold(admin, case, namespace, revision)


def _must_hold(admin: Programs, case: Case, namespace: str, revision: int) -> None:
    kubectl = admin.kubectl()
    labelled = [*kubectl, "get", _KINDS, "-n", namespace, "-l", "app", "-o", "name"]
    found = subprocess.run(labelled, check=True, capture_output=True, text=True).stdout.split()
    if len(found) != case.objects:
        raise Failed(f"{namespace} holds {len(found)} of {case.objects} objects")
    value = [*kubectl, "get", "configmap", "shop0", "-n", namespace, "-o=jsonpath={.data.REVISION}"]
    held = subprocess.run(value, check=True, capture_output=True, text=True).stdout
    if held != str(revision):
        raise Failed(f"{namespace} holds revision {held} in the place of {revision}")


def _report(results: list[Result], runs: int) -> str:
    rows = []
    for result in results:
        for step in STEPS:
            own = result.median("mooring", step, "wall_seconds")
            for program in ("mooring", "kubectl", "helm", "bare"):
                wall = result.median(program, step, "wall_seconds")
                if wall is None or own is None:
                    continue
                rows.append(
                    [
                        f"{result.case.objects}",
                        f"{result.case.delay}",
                        step,
                        program,
                        f"{wall:.2f}",
                        "" if program == "mooring" else f"{wall / own:.2f}",
                        f"{result.median(program, step, 'cpu_seconds'):.2f}",
                        f"{result.median(program, step, 'peak_mib'):.0f}",
                    ]
                )
    head = ["objects", "delay ms", "step", "program", "wall s", "its/ours", "CPU s", "peak MiB"]
    connections = "; ".join(
        f"{result.case.objects} objects: "
        + ", ".join(f"{program} {most}" for program, most in result.connections.items())
        for result in results
        if result.connections
    )
    return "\n\n".join(
        [
            f"{measuring.machine()}; {measuring.load()}; {runs} runs of each.  Medians; a ratio is "
            "that program's wall time divided by Mooring's: above 1 Mooring is faster.",
            measuring.table(head, rows),
            f"Most connections at once, one for each watch included: {connections}."
            if connections
            else "",
            measuring.table(["aim", "found", "limit", "met"], _aims(results)),
        ]
    )


_AIMS = (
    ("first, {0} ms: at most 1.3 times the bare requests", "first", None, "bare", 1 / 1.3),
    ("first, {0} ms: at least 2 times as fast as kubectl", "first", 10, "kubectl", 2),
    ("first, {0} ms: at least 4 times as fast as helm", "first", 10, "helm", 4),
    ("unchanged, {0} ms: at least 8 times as fast as kubectl", "unchanged", 10, "kubectl", 8),
    ("unchanged, {0} ms: at least 15 times as fast as helm", "unchanged", 10, "helm", 15),
)


def _aims(results: list[Result]) -> list[list[str]]:
    rows = []
    for result in results:
        objects, delay = result.case
        for text, step, at, program, limit in _AIMS:
            if at is not None and at != delay:
                continue
            own = result.median("mooring", step, "wall_seconds")
            its = result.median(program, step, "wall_seconds")
            if own is None or its is None:
                continue
            ratio = its / own
            rows.append(
                [
                    f"{objects} objects, {text.format(delay)}",
                    f"{ratio:.2f}",
                    f"{limit:.2f}",
                    "yes" if ratio >= limit else "NO",
                ]
            )
    peaks = [
        peak
        for result in results
        for step in STEPS
        if (peak := result.median("mooring", step, "peak_mib")) is not None
    ]
    if peaks:
        limit = 200 * 10**6 / 2**20
        met = "yes" if max(peaks) <= limit else "NO"
        rows.append(["under 200 MB at its peak", f"{max(peaks):.0f}", f"{limit:.0f}", met])
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
