"""
What stands in a file and has no effect, without Docker Compose saying so.

A command after ``&&`` is dropped, a misspelt option of a volume is ignored, a size with a fraction
counts as none.  The project is loaded as Docker Compose loads it all the same; but its author meant
something, and is told.
"""

from collections.abc import Iterator

from mooring.compose import shell_words
from mooring.compose.attributes import volumes
from mooring.compose.nodes import Mapping, Node, Path, Scalar, Sequence, path_text
from mooring.errors import InputError
from mooring.findings import Finding, Rule, Severity

COMMAND_CUT_SHORT = Rule(id="command-cut-short", severity=Severity.WARNING, since="0.1")
VOLUME_OPTION_IGNORED = Rule(id="volume-option-ignored", severity=Severity.WARNING, since="0.1")
SIZE_IGNORED = Rule(id="size-ignored", severity=Severity.WARNING, since="0.1")

_COMMANDS = ("command", "entrypoint")
_SIZES = ("mem_limit", "memswap_limit", "shm_size")


def findings(root: Mapping) -> tuple[Finding, ...]:
    """
    Return what has no effect in ``root``, one interpolated document as it is written.

    A text that cannot be read at all is left to the phase that refuses it.
    """
    found: list[Finding] = []
    for kind in ("services", "jobs"):
        containers = root.get(kind)
        if isinstance(containers, Mapping):
            for name, container in containers.entries.items():
                if isinstance(container, Mapping):
                    found += _in_container(container, (kind, name))
    return tuple(found)


def _in_container(container: Mapping, path: Path) -> Iterator[Finding]:
    for attribute in _COMMANDS:
        yield from _cut_short(container.get(attribute), (*path, attribute))
    for attribute in _SIZES:
        size = container.get(attribute)
        if isinstance(size, Scalar) and isinstance(size.value, float):
            yield SIZE_IGNORED.finding(
                size.position,
                f"{path_text((*path, attribute))}: {size.value} is no whole number of bytes, "
                "so Compose sets no limit",
                remedy='write it with a unit, as in "512m"',
            )
    mounts = container.get("volumes")
    if isinstance(mounts, Sequence):
        for index, mount in enumerate(mounts.items):
            yield from _unknown_options(mount, (*path, "volumes", index))
    for hook_kind in ("pre_start", "post_start", "pre_stop"):
        hooks = container.get(hook_kind)
        if isinstance(hooks, Sequence):
            for index, hook in enumerate(hooks.items):
                if isinstance(hook, Mapping):
                    yield from _in_container(hook, (*path, hook_kind, index))


def _cut_short(node: Node | None, path: Path) -> Iterator[Finding]:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return
    try:
        rest = shell_words.dropped(node.value)
    except shell_words.UnbalancedQuotes:
        return
    if rest:
        yield COMMAND_CUT_SHORT.finding(
            node.position,
            f'{path_text(path)}: Compose drops "{rest}", since it runs no shell',
            remedy='run one: ["sh", "-c", "..."]',
        )


def _unknown_options(node: Node, path: Path) -> Iterator[Finding]:
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or ":" not in node.value:
        return
    try:
        options = volumes.unknown_options(node)
    except InputError:
        return
    for option in options:
        yield VOLUME_OPTION_IGNORED.finding(
            node.position,
            f'{path_text(path)}: Compose ignores the unknown option "{option}"',
            remedy='use "ro", "rw", "z", "Z", "nocopy" or a propagation such as "rslave"',
        )
