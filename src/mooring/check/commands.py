"""
What a container starts without a shell of its own: its command, and those of probes and hooks.

The kubelet starts the first word and hands it the others as they are; no shell splits them, joins
them or looks into them, unless the first word is one.

Source: https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
"""

from collections.abc import Iterator
from typing import NamedTuple

from mooring.check.pods import Container
from mooring.semantics import fields

PROBES = ("readinessProbe", "livenessProbe", "startupProbe")


class Command(NamedTuple):
    """Words that are started: where they stand, and what they are to the container."""

    words: tuple[str, ...]
    field: str
    what: str

    @property
    def program(self) -> str:
        """The name of the program without its folder."""
        return self.words[0].rpartition("/")[2]


def started(container: Container) -> Iterator[Command]:
    """Yield what is started in ``container`` where the first word is known."""
    if container.command:
        words = container.command + container.args
        yield Command(words, f"{container.path}.command", "the command")
    yield from asked(container)
    for name in ("postStart", "preStop"):
        words = fields.texts(fields.at(container.raw, "lifecycle", name, "exec", "command"))
        if words:
            field = f"{container.path}.lifecycle.{name}.exec.command"
            yield Command(words, field, f"the {name} hook")


def asked(container: Container) -> Iterator[Command]:
    """Yield what the probes of ``container`` start."""
    for name in PROBES:
        words = fields.texts(fields.at(container.probe(name), "exec", "command"))
        if words:
            yield Command(words, f"{container.path}.{name}.exec.command", f"the {name}")


SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh", "busybox", "pwsh", "cmd.exe", "cmd"})
