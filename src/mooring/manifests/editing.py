"""
A JSON Patch carried out on the text of a document: comments, order and style stay as they are.

Only what the patch names is touched.  What cannot be changed without guessing at the author's text
(an alias, an anchor, a merge) is not changed: the patch is refused as a whole.

Source: https://www.rfc-editor.org/rfc/rfc6902 (add, replace, remove)
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from mooring.kube import emitter
from mooring.kube.manifest import Value
from mooring.manifests.places import Step
from mooring.manifests.tree import Mapping as MappingNode
from mooring.manifests.tree import Node, Sequence, at, tree


class CannotEdit(Exception):
    """The text does not allow the patch; the message says what stands in the way."""


def edited(
    content: bytes, patch: Iterable[Mapping[str, object]], *, prefix: tuple[Step, ...] = ()
) -> bytes:
    """
    Return the text ``content`` of one document with ``patch`` carried out.

    Paths of the patch begin at ``prefix`` within the document.

    Raises:
        CannotEdit: the text does not allow it.
    """
    lines = content.decode("utf-8").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    for operation in patch:
        root = tree("".join(lines).encode())
        if root is None:
            raise CannotEdit("the document cannot be read")
        path = (*prefix, *_path(str(operation["path"]), root, prefix))
        match operation["op"]:
            case "remove":
                _remove(lines, root, path)
            case "replace":
                _replace(lines, root, path, operation["value"])
            case "add":
                _add(lines, root, path, operation["value"])
            case other:
                raise CannotEdit(f"the operation {other} is not known")
    return "".join(lines).encode()


def _path(text: str, root: Node, prefix: tuple[Step, ...]) -> tuple[Step, ...]:
    found: list[Step] = []
    node = at(root, prefix)
    for part in text.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        step: Step = key
        if isinstance(node, Sequence):
            step = len(node.items) if key == "-" else int(key)
        found.append(step)
        node = at(node, (step,)) if node is not None else None
    return tuple(found)


def _holder(root: Node, path: tuple[Step, ...]) -> MappingNode | Sequence:
    holder = at(root, path[:-1])
    if not isinstance(holder, MappingNode | Sequence):
        raise CannotEdit(f"there is nothing that could hold {path[-1]}")
    return holder


def _replace(lines: list[str], root: Node, path: tuple[Step, ...], value: object) -> None:
    node = at(root, path)
    if node is None:
        raise CannotEdit(f"{path[-1]} is not there")
    is_block = isinstance(node, MappingNode | Sequence) and not node.flow
    if is_block or node.end[0] != node.begin[0]:
        holder = _holder(root, path)
        index = _index(holder, path[-1])
        _remove(lines, root, path)
        again = tree("".join(lines).encode())
        if again is None:
            raise CannotEdit("the document cannot be read")
        _add(lines, again, (*path[:-1], index if isinstance(path[-1], int) else path[-1]), value)
        return
    line = lines[node.begin[0]]
    if line[node.begin[1] : node.begin[1] + 1] in ("*", "&"):
        raise CannotEdit("the value is shared with another place of the document")
    lines[node.begin[0]] = line[: node.begin[1]] + _inline(value) + line[node.end[1] :]


def _index(holder: MappingNode | Sequence, step: Step) -> int:
    if isinstance(holder, Sequence):
        return int(step)
    return [name for name, _, _ in holder.entries].index(str(step))


def _add(lines: list[str], root: Node, path: tuple[Step, ...], value: object) -> None:
    holder = _holder(root, path)
    step = path[-1]
    if isinstance(holder, MappingNode) and holder.get(str(step)) is not None:
        _replace(lines, root, path, value)
        return
    if holder.flow:
        _add_in_flow(lines, holder, step, value)
        return
    if isinstance(holder, MappingNode):
        if not holder.entries:
            raise CannotEdit("an empty mapping without braces cannot be extended")
        text = emitter.emit({str(step): cast("Value", value)})
        indent = holder.entries[0][1].begin[1]
        place = holder.entries[-1][2].end[0] + 1
    else:
        if not holder.items:
            raise CannotEdit("an empty list without brackets cannot be extended")
        indent = _dash(lines, holder)
        text = emitter.emit([cast("Value", value)])
        at_end = int(step) >= len(holder.items)
        place = holder.items[-1].end[0] + 1 if at_end else holder.items[int(step)].begin[0]
    made = [f"{' ' * indent}{line}\n" for line in text.rstrip("\n").split("\n")]
    lines[place:place] = made


def _add_in_flow(
    lines: list[str], holder: MappingNode | Sequence, step: Step, value: object
) -> None:
    row, column = holder.end
    line = lines[row]
    text = _inline(value)
    if isinstance(holder, MappingNode):
        text = f"{_inline(str(step))}: {text}"
    filled = bool(holder.entries if isinstance(holder, MappingNode) else holder.items)
    inside = line[: column - 1]
    closing = line[column - 1 :]
    gap = inside[len(inside.rstrip()) :]
    separator = ", " if filled and not inside.rstrip().endswith(",") else ""
    lines[row] = f"{inside.rstrip()}{separator}{text}{gap}{closing}"


def _remove(lines: list[str], root: Node, path: tuple[Step, ...]) -> None:
    holder = _holder(root, path)
    node = at(root, path)
    if node is None:
        raise CannotEdit(f"{path[-1]} is not there")
    index = _index(holder, path[-1])
    if holder.flow:
        _remove_in_flow(lines, holder, index)
    elif isinstance(holder, MappingNode):
        _remove_entry(lines, root, path, holder, index)
    else:
        _remove_item(lines, root, path, holder, index)


def _remove_entry(
    lines: list[str], root: Node, path: tuple[Step, ...], holder: MappingNode, index: int
) -> None:
    if len(holder.entries) == 1:
        _empty(lines, root, path, holder, "{}")
        return
    key, value = holder.entries[index][1], holder.entries[index][2]
    head = lines[key.begin[0]][: key.begin[1]]
    first, last = key.begin[0], value.end[0]
    if head.strip():
        # The first entry of an item of a list: the dash goes to the entry after it.
        following = holder.entries[index + 1][1].begin[0] if index + 1 < len(holder.entries) else 0
        if not following:
            raise CannotEdit("the entry cannot be taken out of its line")
        lines[following] = head + lines[following].lstrip(" ")
    del lines[first : last + 1]


def _remove_item(
    lines: list[str], root: Node, path: tuple[Step, ...], holder: Sequence, index: int
) -> None:
    if len(holder.items) == 1:
        _empty(lines, root, path, holder, "[]")
        return
    node = holder.items[index]
    first = node.begin[0]
    _dash(lines, holder)
    if not lines[first][: node.begin[1]].rstrip().endswith("-"):
        raise CannotEdit("the item does not begin on the line of its dash")
    del lines[first : node.end[0] + 1]


def _dash(lines: list[str], holder: Sequence) -> int:
    """Return the column of the dashes of a list whose items stand on lines of their own."""
    row, column = holder.begin
    if lines[row][:column].strip():
        raise CannotEdit("a list that begins within the line of another is not changed")
    return column


def _empty(
    lines: list[str], root: Node, path: tuple[Step, ...], holder: Node, nothing: str
) -> None:
    """Write that ``holder``, whose only entry goes, is there and empty."""
    outer = at(root, path[:-2]) if len(path) > 1 else None
    first = holder.begin[0]
    head = lines[first][: holder.begin[1]]
    if head.strip():
        lines[first : holder.end[0] + 1] = [f"{head}{nothing}\n"]
        return
    if isinstance(outer, MappingNode):
        key = next(node for name, node, value in outer.entries if value is holder)
        row = key.end[0]
        lines[row] = f"{lines[row].rstrip()} {nothing}\n"
        del lines[first : holder.end[0] + 1]
        return
    raise CannotEdit("nothing would be left")


def _remove_in_flow(lines: list[str], holder: MappingNode | Sequence, index: int) -> None:
    if holder.begin[0] != holder.end[0]:
        raise CannotEdit("a collection in brackets over several lines is not changed")
    parts = (
        [(key.begin, value.end) for _, key, value in holder.entries]
        if isinstance(holder, MappingNode)
        else [(item.begin, item.end) for item in holder.items]
    )
    row = holder.begin[0]
    line = lines[row]
    begin, end = parts[index][0][1], parts[index][1][1]
    if index + 1 < len(parts):
        end = parts[index + 1][0][1]
    elif index:
        begin = parts[index - 1][1][1]
    lines[row] = line[:begin] + line[end:]


def _inline(value: Any) -> str:
    """Return ``value`` on one line, as it may stand within braces and brackets."""
    if isinstance(value, dict):
        entries = (f"{_inline(key)}: {_inline(one)}" for key, one in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, str) and "\n" in value:
        return json.dumps(value, ensure_ascii=False)  # which is YAML's form in double quotes
    text = emitter.emit({"k": value}).removeprefix("k: ").rstrip("\n")
    if "\n" in text:
        raise CannotEdit("a text of several lines cannot stand within a line")
    if isinstance(value, str) and any(mark in text for mark in ",[]{}") and text[0] not in "\"'":
        return f'"{text}"'
    return text
