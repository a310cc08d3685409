"""
Shows a deployment while it goes on: a live table, lines, or JSON, after who is reading.

The table is painted over itself on the error stream; results go to standard output.
"""

import shutil
import sys
import time
from collections.abc import Callable

import msgspec

from mooring.cli import terminal
from mooring.deploy import happenings
from mooring.deploy.happenings import Happening
from mooring.deploy.order import Graph
from mooring.deploy.plan import Plan
from mooring.report import deployment_lines, deployment_table
from mooring.report.palette import Palette

_PAINT_SECONDS = 0.1


def emitter(
    form: str, plan: Plan, graph: Graph, palette: Palette, *, verbosity: int
) -> Callable[[Happening], None]:
    """Return what is to be told of each happening, in the form ``form``."""
    if form == "json":
        return _as_json
    if terminal.is_terminal(sys.stderr) and palette.coloured:
        return Table(plan, graph, palette)
    return lambda happening: _as_line(happening, palette, verbosity=verbosity)


def _as_json(happening: Happening) -> None:
    terminal.print_result(msgspec.json.encode(happening).decode())
    if sys.stdout is not None:
        sys.stdout.flush()


def _as_line(happening: Happening, palette: Palette, *, verbosity: int) -> None:
    text = deployment_lines.line(happening, palette, is_verbose=verbosity > 0)
    if text and (verbosity >= 0 or isinstance(happening, happenings.Failed)):
        terminal.say(text)


class Table:
    """
    Paints a table of the objects that are under way, at most ten times a second.

    ``ends`` is how many deployments it shows together.
    """

    def __init__(self, plan: Plan, graph: Graph, palette: Palette, *, ends: int = 1) -> None:
        self._ends = ends
        self._rows = deployment_table.Rows(plan, graph)
        self._palette = palette
        self._painted = 0
        self._painted_at = 0.0

    def __call__(self, happening: Happening) -> None:
        """Take in ``happening`` and paint."""
        self._rows.take(happening)
        lasting = isinstance(happening, happenings.Failed | happenings.Waits | happenings.Pruned)
        self._ends -= isinstance(happening, happenings.Ended)
        is_last = self._ends == 0
        now = time.monotonic()
        if not (lasting or is_last) and now - self._painted_at < _PAINT_SECONDS:
            return
        self._painted_at = now
        self._wipe()
        if lasting:
            terminal.say(deployment_lines.line(happening, self._palette))
        size = shutil.get_terminal_size()
        lines = self._rows.lines(
            self._palette, width=size.columns, height=max(size.lines - 4, 5), at=happening.at
        )
        terminal.say("\n".join(lines))
        self._painted = 0 if is_last else len(lines)
        if sys.stderr is not None:
            sys.stderr.flush()

    def _wipe(self) -> None:
        if self._painted and sys.stderr is not None:
            sys.stderr.write(f"\x1b[{self._painted}F\x1b[J")
