"""
Mappings and sequences while they are read: keys, duplicates, and what is merged in with ``<<``.

A merge key takes a mapping or a list of mappings; the entries written out win over merged ones, and
a mapping earlier in the list over a later one.

Source: https://yaml.org/type/merge.html; go-yaml 4.0.0-rc.4 where that leaves a choice.
"""

from mooring.compose.nodes import Mapping, Node, Sequence
from mooring.compose.yaml_anchors import Anchor, TagName
from mooring.errors import InputError
from mooring.sources import Position


class Collection:
    """A mapping or sequence of which the end has not been read."""

    __slots__ = (
        "_bases",
        "anchor",
        "deepest_before",
        "entries",
        "errors_before",
        "is_base",
        "items",
        "keys",
        "merging",
        "name",
        "position",
        "size_before",
        "tag",
        "tags_before",
    )

    def __init__(self, position: Position, *, is_mapping: bool, is_base: bool = False) -> None:
        self.position = position
        self.items: list[Node] = []
        self.entries: dict[str, Node] | None = {} if is_mapping else None
        """None in a sequence."""
        self.keys: dict[str, Position] = {}
        self.name: str | None = None
        """The key whose value comes next; None where a key comes next, and in a sequence."""
        self.merging = False
        """Whether that key is a merge key."""
        self.is_base = is_base
        """Whether it is written below a merge key, and so is nowhere else."""
        self.anchor: Anchor | None = None
        self.tag: TagName | None = None
        self.size_before = self.deepest_before = self.tags_before = self.errors_before = 0
        self._bases: list[Mapping] = []

    @property
    def next_part(self) -> str | int:
        """What the path of the value that comes next ends with."""
        return len(self.items) if self.entries is None else self.name or ""

    def name_next(self, name: str, position: Position) -> InputError | None:
        """Take ``name`` as the key of the value that comes next; return what is wrong with it."""
        self.name = name
        first = self.keys.setdefault(name, position)
        if first is position:
            return None
        return InputError(
            f'"{name}" is given twice in the same mapping: '
            f"first in line {first.line}, again in line {position.line}",
            position=position,
            remedy="keep one of the two",
        )

    def put(self, node: Node | None) -> None:
        """Take ``node`` as the value that comes next; None stands for one that is reset."""
        if self.entries is None:
            if node is not None:
                self.items.append(node)
            return
        if node is not None and self.name is not None:
            self.entries[self.name] = node
        self.name = None

    def merge(self, node: Node | None) -> list[InputError]:
        """Take ``node`` as the value of the merge key; return what is wrong with it."""
        key = self.keys.get(self.name or "", self.position)
        self.name = None
        self.merging = False
        if node is None:
            return []
        bases = node.items if isinstance(node, Sequence) else (node,)
        self._bases += [base for base in bases if isinstance(base, Mapping)]
        return [
            InputError(
                'the merge key "<<" takes a mapping, or a list of mappings',
                position=key,
                remedy='give it the alias of a mapping, as in "<<: *defaults"',
            )
            for base in bases
            if not isinstance(base, Mapping)
        ]

    def finished(self) -> Node:
        """Return the collection, which has come to its end."""
        if self.entries is None:
            return Sequence(tuple(self.items), self.position)
        entries, keys = self.entries, self.keys
        for base in self._bases:
            for name, value in base.entries.items():
                if name not in entries:
                    entries[name] = value
                    if name in base.keys:
                        keys[name] = base.keys[name]
        if len(keys) > len(entries):  # merge keys, and keys of values that are reset
            keys = {name: at for name, at in keys.items() if name in entries}
        return Mapping(entries, self.position, keys)
