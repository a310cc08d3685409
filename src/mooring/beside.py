"""
Work that a second process does while this one goes on.

Python computes on one processor at a time.  A process that is forked has all that this one has at
that moment, so only what it makes has to travel; that pays for work of a few hundredths of a second
and more.  Where there is no second processor, where a system cannot fork, or where threads run, of
which a fork would be half, the work is done here when it is asked for.  So is work that failed
there, for whatever reason: what a user sees of it is what one process would have said.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from marshal import dumps, loads
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")

_MOST_TASKS = 256
"""So many numbers fit in a byte, and so many bytes in any pipe."""


def shared(tasks: Sequence[Callable[[], T]], *, pays: bool) -> list[T]:
    """
    Return what each of ``tasks``, of which there are at most 256, comes to, in their order.

    If that ``pays`` a second process does some of them: both take the next one when they are
    through with one, so neither waits for the other with much left to do.  What tasks return
    consists of texts, bytes, numbers, truths, None, and tuples, lists and mappings of these.
    """
    if not pays or not 1 < len(tasks) <= _MOST_TASKS or not _can_fork():
        return [task() for task in tasks]
    try:
        reading, writing = os.pipe()
    except OSError:
        return [task() for task in tasks]
    os.write(writing, bytes(range(len(tasks))))
    os.close(writing)

    def done_by_one() -> Iterator[tuple[int, T]]:
        while number := os.read(reading, 1):
            yield number[0], tasks[number[0]]()

    try:
        with Beside(lambda: dumps(dict(done_by_one())), pays=True) as other:
            try:
                made = dict(done_by_one())
            finally:
                os.read(reading, _MOST_TASKS)  # after a failure nobody needs what is left
            # As safe as our own memory: our own fork wrote it.
            made.update(loads(other.result()))  # noqa: S302
    finally:
        os.close(reading)
    # What the other took and failed at is left over.
    return [made[number] if number in made else task() for number, task in enumerate(tasks)]


class Beside:
    """
    What ``work`` returns, done by a second process if that ``pays``.

    ``work`` may be done twice, here after it failed there, so it has to come to the same both
    times.  The second process is gone when the context is left.
    """

    def __init__(self, work: Callable[[], bytes], *, pays: bool) -> None:
        self._work = work
        self._process = _forked(work) if pays and _can_fork() else None

    def __enter__(self) -> "Beside":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.end()

    def result(self) -> bytes:
        """Return what the work returns; to be asked once."""
        process, self._process = self._process, None
        made = None if process is None else process.result()
        return self._work() if made is None else made


class _Process:
    """A forked process, and where it writes what it made."""

    __slots__ = ("number", "output")

    def __init__(self, number: int, output: int) -> None:
        self.number = number
        self.output = output

    def result(self) -> bytes | None:
        """Return what the process made when it is through; None where it failed."""
        parts = []
        try:
            while part := os.read(self.output, 1 << 20):
                parts.append(part)
        finally:
            status = self.end()
        return b"".join(parts) if status == 0 else None

    def end(self) -> int:
        """Return the status with which the process ended, however far it came."""
        os.close(self.output)  # what it still writes fails
        return os.waitpid(self.number, 0)[1]


def _can_fork() -> bool:
    if not hasattr(os, "fork") or _processors() < 2:
        return False
    threading = sys.modules.get("threading")
    return threading is None or threading.active_count() == 1


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _forked(work: Callable[[], bytes]) -> _Process | None:
    """Return a process that does ``work``; None where the system refuses one."""
    try:
        reading, writing = os.pipe()
    except OSError:
        return None
    try:
        number = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if number == 0:
        _do(work, reading, writing)
    os.close(writing)
    return _Process(number, reading)


def _do(work: Callable[[], bytes], reading: int, writing: int) -> None:
    """Do ``work`` and end this process, without a word of anything that happens in it."""
    status = 1
    try:
        os.close(reading)
        made = memoryview(work())
        while made:
            made = made[os.write(writing, made) :]
        status = 0
    finally:
        os._exit(status)
