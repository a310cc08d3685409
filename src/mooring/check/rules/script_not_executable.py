"""
A mounted script that is started and may not be executed.

## What it does
Finds commands, probes and hooks that start a file of a ConfigMap or Secret by its path, while the
volume gives its files no right of execution: without `defaultMode` that is 0644.  What a shell is
given as its script is read and not executed.

## Why it matters
The container does not start: `permission denied`.

## Example
    command: [/scripts/start.sh]
    volumes: [{name: scripts, configMap: {name: scripts}}]      # defaultMode: 0755

Set defaultMode: 0755 on the volume, or run it by a shell: `[sh, /scripts/start.sh]`.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#configmap
"""

from collections.abc import Iterator

from mooring.check import mounts
from mooring.check.bundle import Bundle
from mooring.check.mounts import Mount
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="script-not-executable", severity=Severity.ERROR, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each start of a file that may not be executed."""
    for container in bundle.containers:
        if not container.mounts:
            continue
        held: list[Mount] | None = None
        for field, path in _started(container):
            if held is None:
                held = [one for one in mounts.of(container) if one.kind in ("configMap", "secret")]
            # The longest path is the mount on top.
            over = [one for one in held if one.covers(path)]
            if not over:
                continue
            mount = max(over, key=lambda one: len(one.path))
            file = mount.sub_path or path.removeprefix(mount.path).lstrip("/")
            mode = mount.mode(file)
            if mode & 0o111:
                continue
            yield RULE.finding(
                container.owner,
                f"the container {container.name} starts {path}, which {mount.shown} gives the mode "
                f"{mode:04o}: nobody may execute it",
                field=field,
                remedy="set defaultMode: 0755 on the volume, or run it by a shell",
            )


def _started(container: Container) -> Iterator[tuple[str, str]]:
    """Yield the files that are started by their path, with the fields that say so."""
    words = (*container.command, *container.args) if container.command else ()
    yield from _of(words, f"{container.path}.command")
    for name in ("readinessProbe", "livenessProbe", "startupProbe"):
        exec_words = fields.texts(fields.at(container.probe(name), "exec", "command"))
        yield from _of(exec_words, f"{container.path}.{name}.exec.command")
    for hook in ("postStart", "preStop"):
        exec_words = fields.texts(fields.at(container.raw, "lifecycle", hook, "exec", "command"))
        yield from _of(exec_words, f"{container.path}.lifecycle.{hook}.exec.command")


def _of(words: tuple[str, ...], field: str) -> Iterator[tuple[str, str]]:
    if not words:
        return
    if words[0].startswith("/"):
        yield field, words[0]
    if words[0].rpartition("/")[2] in ("sh", "bash", "ash", "dash") and len(words) > 2:
        flags, script = words[1], words[2]
        if flags.startswith("-") and flags.endswith("c"):
            for line in script.splitlines():
                first = line.strip().removeprefix("exec ").split(" ")[0].rstrip(";")
                if first.startswith("/"):
                    yield field, first
