"""
JSON Patch on plain values: add, replace, remove, move, copy and test.

Source: https://www.rfc-editor.org/rfc/rfc6902
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

Operation = Mapping[str, object]


class PatchFailed(LookupError):
    """A path of the patch is not there, or a test of it does not hold."""


def patched(value: Any, patch: Iterable[Operation], prefix: tuple[str | int, ...] = ()) -> Any:
    """
    Return a copy of ``value`` with ``patch`` carried out; its paths begin below ``prefix``.

    Raises:
        PatchFailed: the patch does not fit.
    """
    made = deepcopy(value)
    for operation in patch:
        try:
            _carry_out(made, operation, prefix)
        except (LookupError, TypeError, ValueError) as error:
            told = f"{operation.get('op')} {operation.get('path')} does not fit"
            raise PatchFailed(told) from error
    return made


def _carry_out(made: Any, operation: Operation, prefix: tuple[str | int, ...]) -> None:
    path = _parts(operation["path"])
    match operation["op"]:
        case "add":
            _add(_holder(made, prefix, path), path[-1], deepcopy(operation["value"]))
        case "replace":
            holder, last = _holder(made, prefix, path), path[-1]
            step = int(last) if isinstance(holder, list) else last
            _ = holder[step]
            holder[step] = deepcopy(operation["value"])
        case "remove":
            holder, last = _holder(made, prefix, path), path[-1]
            del holder[int(last) if isinstance(holder, list) else last]
        case "move" | "copy" as word:
            source = _parts(operation["from"])
            holder, last = _holder(made, prefix, source), source[-1]
            step = int(last) if isinstance(holder, list) else last
            moved = deepcopy(holder[step])
            if word == "move":
                del holder[step]
            _add(_holder(made, prefix, path), path[-1], moved)
        case "test":
            holder, last = _holder(made, prefix, path), path[-1]
            if holder[int(last) if isinstance(holder, list) else last] != operation["value"]:
                raise ValueError("the test does not hold")
        case _:
            raise ValueError("there is no such operation")


def _parts(pointer: object) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in str(pointer).split("/")[1:]]


def _holder(made: Any, prefix: tuple[str | int, ...], path: list[str]) -> Any:
    holder = made
    for step in prefix:
        holder = holder[step]
    for part in path[:-1]:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    return holder


def _add(holder: Any, last: str, value: object) -> None:
    if isinstance(holder, list):
        index = len(holder) if last == "-" else int(last)
        if index > len(holder):
            raise IndexError(index)
        holder.insert(index, value)
    else:
        holder[last] = value
