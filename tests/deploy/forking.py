"""
Mooring as a process of its own, again and again: loaded once, forked for each run.

What runs is the whole program from `main` on, in a process that has never run anything before and
that the system can kill, stop and continue like any other.  Only loading its modules is done once,
by the process that is forked: that takes longer than most deployments of a test.
"""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_MODULES = "MOORING_TEST_MODULES"
"""Where a run writes which modules it has loaded."""


class Process:
    """One run; ``told`` is what it printed, by both streams."""

    def __init__(self, forks: "Forks", number: int, output: Path) -> None:
        self._forks, self.number, self._output = forks, number, output
        self.handle = os.pidfd_open(number)
        self._status: int | None = None

    def end(self, seconds: float = 60.0) -> int:
        """
        Return its exit status, negative for the signal that ended it.

        Raises:
            AssertionError: it has not ended after so many seconds; it is killed then.
        """
        if not self._has_ended(seconds):
            told = self.told
            self.kill()
            raise AssertionError(f"it has not ended after {seconds} s: {told}")
        if self._status is None:
            self._status = self._forks.status_of(self.number)
        return self._status

    def kill(self) -> None:
        """Kill it, and return once it has come to its end."""
        self.signal(signal.SIGKILL)
        assert self._has_ended(30)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        signal.pidfd_send_signal(self.handle, number)

    def stop(self) -> None:
        """Stop it, and return once it no longer runs; `SIGCONT` lets it go on."""
        self.signal(signal.SIGSTOP)
        until = time.monotonic() + 30
        while _state(self.number) not in "TtZ":
            assert time.monotonic() < until
            time.sleep(0.001)

    @property
    def is_stopped(self) -> bool:
        """Whether it is stopped by a signal."""
        return _state(self.number) in "Tt"

    @property
    def told(self) -> str:
        """What it has printed so far."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    def _has_ended(self, seconds: float) -> bool:
        return bool(select.select([self.handle], [], [], seconds)[0])


class Forks:
    """
    The loaded program, inside a `with` block; ``folder`` is for what its runs print.

    Threads may start runs at the same time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._child: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._child is not None
        self._child.communicate(timeout=30)

    def start(self, words: Sequence[object], environment: Mapping[str, str]) -> Process:
        """Start `mooring` with the arguments ``words`` in the home of its ``environment``."""
        with self._lock:
            self._count += 1
            output = self._folder / f"run-{self._count}.txt"
        output.touch()
        number = self._ask(words=[*map(str, words)], environment=dict(environment),
                           output=str(output))  # fmt: skip
        return Process(self, int(number), output)

    def learn(self, words: Sequence[object], environment: Mapping[str, str]) -> Process:
        """Run `mooring` to its end, and load what it has loaded for all runs to come."""
        modules = self._folder / "modules.txt"
        process = self.start(words, {**environment, _MODULES: str(modules)})
        process.end()
        self._ask(load=modules.read_text(encoding="utf-8").split())
        return process

    def status_of(self, number: int) -> int:
        """Return the status of a process that has ended."""
        return int(self._ask(wait=number))

    def _ask(self, **what: Any) -> Any:
        assert self._child is not None
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with self._lock:
            self._child.stdin.write(f"{json.dumps(what)}\n")
            return json.loads(self._child.stdout.readline())


def first_to_end(processes: Mapping[str, Process], seconds: float = 60.0) -> str:
    """Return which of the named ``processes`` ends first, in so many seconds."""
    handles = {process.handle: name for name, process in processes.items()}
    ended, _, _ = select.select([*handles], [], [], seconds)
    assert ended, "none has ended"
    return handles[ended[0]]


def _state(number: int) -> str:
    """Return the letter by which the system tells how a process is."""
    text = Path(f"/proc/{number}/stat").read_text(encoding="utf-8")
    return text.rpartition(")")[2].split()[0]


def _serve() -> None:
    """Fork, wait and load as the lines of the input say, until they end."""
    for line in sys.stdin:
        what = json.loads(line)
        if "wait" in what:
            _, status = os.waitpid(what["wait"], 0)
            _answer(os.waitstatus_to_exitcode(status))
        elif "load" in what:
            for name in what["load"]:
                __import__(name)
            _answer(None)
        else:
            number = os.fork()
            if not number:
                _run(what["words"], what["environment"], what["output"])
            _answer(number)


def _answer(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


def _run(words: list[str], environment: dict[str, str], output: str) -> None:
    """Be the program, as if the system had just started it."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(environment["HOME"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    printed = os.open(output, os.O_WRONLY | os.O_APPEND)
    for place, stream in enumerate((nothing, printed, printed)):
        os.dup2(stream, place)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["mooring", *words]
    from mooring.cli import main

    modules = os.environ.pop(_MODULES, "")
    if modules:
        status = main.run(words)
        names = sorted(name for name in sys.modules if name.partition(".")[0] == "mooring")
        Path(modules).write_text("\n".join(names), encoding="utf-8")
        os._exit(status)
    main.main()


if __name__ == "__main__":
    _serve()
