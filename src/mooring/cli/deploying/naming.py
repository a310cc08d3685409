"""
How what is deployed is named on the command line, so that a command that is told can be typed.

After `mooring up dev --manifests k8s/` the next command needs `--manifests k8s/`, too.
"""

import shlex
from collections.abc import Iterator, Sequence

from mooring.cli.deploying.options import WHERE

_NAMES = (*(name for option in WHERE for name in option.flags), "-p", "--project-name")


def words(environment: str, arguments: Sequence[str]) -> str:
    """Return ``environment`` and those of ``arguments`` that say what is deployed, and where."""
    return shlex.join((environment, *_kept(arguments)))


def _kept(arguments: Sequence[str]) -> Iterator[str]:
    given = iter(arguments)
    for one in given:
        if one in _NAMES:
            yield one
            yield from (value for value in (next(given, None),) if value is not None)
        elif any(one.startswith(f"{name}=" if name.startswith("--") else name) for name in _NAMES):
            yield one
