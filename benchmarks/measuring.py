"""
What a whole process costs, as the system counts it, and where the figures are written.

Only the standard library is imported and little is kept in memory, because Linux counts the
memory of the process that starts another into the peak of the started one.
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parent / "README.md"


class Failed(Exception):
    """A measured command failed, or did not do its work."""


class Cost(NamedTuple):
    """What one process cost, its threads and the children that it waited for included."""

    wall_seconds: float
    cpu_seconds: float
    """User and system time."""
    peak_mib: float
    """The most memory that was resident: of the process, or of one that it waited for."""


def run(
    command: Sequence[str | Path],
    *,
    directory: Path | None = None,
    statuses: frozenset[int] = frozenset({0}),
) -> Cost:
    """
    Run ``command`` to its end and return what it cost; its output goes to a file, as in CI.

    Raises:
        Failed: the command ended with a status not among ``statuses``; the message has what it
            said.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in statuses:
            output.seek(0)
            said = output.read().decode(errors="replace").strip()[-1000:]
            line = " ".join(map(str, command))
            raise Failed(f"{line}\nended with status {process.returncode}: {said}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def mooring(given: Path | None) -> Path:
    """
    Return the `mooring` that is measured: ``given``, else the one installed beside this Python.

    Raises:
        Failed: there is none.
    """
    program = given or Path(sys.executable).with_name("mooring")
    if not program.exists():
        raise Failed(f"{program} is not there; `scripts/test --fast` installs it, or use --mooring")
    return program.absolute()


def machine() -> str:
    """Return what the figures depend on: processor, cores, system, Python."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        text = cpuinfo.read_text(encoding="utf-8")
        if found := re.search(r"^model name\s*: (.+)$", text, re.MULTILINE):
            model = found[1]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{model}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def load() -> str:
    """Return how busy the machine is: other work makes wall times longer."""
    return f"load average {os.getloadavg()[0]:.1f}"


def write_section(name: str, text: str) -> None:
    """Put ``text`` between the marks of section ``name`` in README.md."""
    begin, end = f"<!-- {name}: written by --write -->\n", f"<!-- end of {name} -->"
    page = README.read_text(encoding="utf-8")
    before, _, rest = page.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise Failed(f"{README} has no section {name}")
    README.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns are aligned; the first is text, others numbers."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [
        [
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in (head, *rows)
    ]
    lines.insert(1, rule)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
