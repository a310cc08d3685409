"""
Long forms made of short texts.

A part cut out of a short text has no position of its own: it points at the text, which is what a
user can change.  It keeps the variables that flowed into the text, whichever part they ended in.
"""

from mooring.compose.nodes import Mapping, Node, Scalar, ScalarValue, Sequence


def piece(source: Scalar, value: ScalarValue) -> Scalar:
    """Return ``value`` as something that ``source`` says."""
    return Scalar(value, source.position, source.variables)


def long_form(text: Scalar, /, **values: ScalarValue | Node) -> Mapping:
    """Return the mapping that ``text`` stands for; a value of None is left out."""
    entries: dict[str, Node] = {}
    for name, value in values.items():
        if isinstance(value, Scalar | Sequence | Mapping):
            entries[name] = value
        elif value is not None:
            entries[name] = Scalar(value, text.position, text.variables)
    return Mapping(entries, text.position)


def listed(node: Node) -> Node:
    """Return the list of one that a single text stands for; anything else as it is."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Sequence((node,), node.position)
    return node
