"""
What was told of the Compose project already, and need not be told of its objects again.

The source comes first: there the user mends it.  One defect has several faces: a password that
everybody knows is an open question about a variable, and a finding about a key of a Secret.
"""

import bisect
from collections.abc import Iterable, Iterator

from mooring.check.bundle import Bundle, origin
from mooring.decisions import OpenQuestion
from mooring.findings import Finding
from mooring.patterns import LazyPattern
from mooring.sources import Position

_OF_KEYS = frozenset({"default-password", "secret-empty", "placeholder-left"})
"""Rules about one key of a Secret or ConfigMap."""

_OF_HOSTS = "host-unknown"
_OF_ADDRESSES = frozenset({"service-port-unknown", "localhost-of-a-peer"})
_DIALLING = {"its command": "command"}
"""What a rule calls what dials, where that is no variable -> the last word of a subject."""

_NEEDED = "required-setting-missing"

_ASKED = {
    "image": frozenset({"image-without-version", "image-without-digest", "image-in-no-registry"}),
    "runtime": frozenset({"runtime-class-missing"}),
}
"""Rules about what a question about a service is about, too, by the last word of its subject."""

_UNSET = "unset-variable"
_NAME = LazyPattern(r'"([A-Za-z_][A-Za-z0-9_]*)"')


def about_project(
    findings: Iterable[Finding], questions: Iterable[OpenQuestion]
) -> Iterator[Finding]:
    """Yield those of ``findings`` in Compose files that no open question asks about."""
    asked = {one.subject.removeprefix("variables.") for one in questions}
    for one in findings:
        name = _NAME.search(one.message) if one.rule == _UNSET else None
        if name is None or name[1] not in asked:
            yield one


class Before:
    """What is known before the objects of ``bundle`` are looked at."""

    def __init__(
        self, bundle: Bundle, findings: Iterable[Finding], questions: Iterable[OpenQuestion]
    ) -> None:
        self._starts = _starts(bundle)
        self._told = {
            (one.rule, start)
            for one in findings
            if one.position is not None and (start := self._start(one.position)) is not None
        }
        self._told_of = {(one.rule, one.ref) for one in findings if one.ref is not None}
        self._keys: set[str] = set()
        self._hosts: set[str] = set()
        self._asked: set[tuple[str, tuple[str, int]]] = set()
        for question in questions:
            kind, _, host = question.subject.partition(".")
            last = question.subject.rpartition(".")[2]
            if kind == "hosts":
                self._hosts.add(host)
            elif last not in _ASKED:
                self._keys.add(last)
            elif question.position is not None:
                start = self._start(question.position)
                if start is not None:
                    self._asked.update((rule, start) for rule in _ASKED[last])

    def tells(self, finding: Finding, *, with_questions: bool = True) -> bool:
        """
        Return whether ``finding``, about an object, was told before.

        Where the questions are not shown (``with_questions`` is False), they tell nothing.
        """
        if (finding.rule, finding.ref) in self._told_of:
            return True
        if with_questions and self._asks(finding):
            return True
        start = self._start(finding.position) if finding.position is not None else None
        return start is not None and (finding.rule, start) in self._told

    def _asks(self, finding: Finding) -> bool:
        """Return whether a question is about what ``finding`` says."""
        if finding.rule == _OF_HOSTS:
            return any(f" the host {one}, " in finding.message for one in self._hosts)
        if finding.rule in _OF_ADDRESSES:
            named = finding.message.partition(" dials ")[0]
            return _DIALLING.get(named, named) in self._keys
        if finding.rule == _NEEDED:
            return any(f" needs {one} " in f"{finding.message} " for one in self._keys)
        if finding.rule in _OF_KEYS:
            key = _NAME.search(finding.message)
            return key is not None and any(_names(one, key[1]) for one in self._keys)
        start = self._start(finding.position) if finding.position is not None else None
        return start is not None and (finding.rule, start) in self._asked

    def _start(self, position: Position) -> tuple[str, int] | None:
        """Return where the service begins in which ``position`` stands, as file and line."""
        lines = self._starts.get(position.file, [])
        index = bisect.bisect_right(lines, position.line)
        return (position.file, lines[index - 1]) if index else None


def _names(asked: str, key: str) -> bool:
    """Return whether ``key`` is where the value of the variable ``asked`` went."""
    return key == asked or key.endswith(f"_{asked}")


def _starts(bundle: Bundle) -> dict[str, list[int]]:
    """Return the lines on which the services begin that the objects were made of, by file."""
    found: dict[str, set[int]] = {}
    for item in bundle.objects:
        at = origin(item, bundle.origins_begin)
        if at is not None:
            found.setdefault(at.file, set()).add(at.line)
    return {file: sorted(lines) for file, lines in found.items()}
