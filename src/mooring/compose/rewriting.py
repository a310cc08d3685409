"""
Rules that rewrite a model at certain attributes, put together from small ones.

A rule takes a node and returns it, or what stands in its place; it raises InputError or Faults.
`record` and `each` say where in a model a rule applies, so that a phase of loading reads as one
table of attributes, and a service costs one dictionary look-up per attribute that it has.
"""

from collections.abc import Callable
from collections.abc import Mapping as ReadOnly

from mooring.compose.faults import Collector, Faults, with_paths
from mooring.compose.nodes import Mapping, Node, Sequence
from mooring.errors import InputError

Rule = Callable[[Node], Node]


def record(rules: ReadOnly[str, Rule]) -> Rule:
    """Return the rule that applies each of ``rules`` to the attribute of its name."""

    def rewrite(node: Node) -> Node:
        if not isinstance(node, Mapping):
            return node
        changed: dict[str, Node] = {}
        errors = None
        for name, value in node.entries.items():
            rule = rules.get(name)
            if rule is None:
                continue
            try:
                made = rule(value)
            except (InputError, Faults) as raised:
                errors = errors or Collector()
                errors.add(name, raised, node.keys.get(name))
                continue
            if made is not value:
                changed[name] = made
        if errors:
            errors.raise_all()
        if not changed:
            return node
        return Mapping({**node.entries, **changed}, node.position, node.keys)

    return rewrite


def each(rule: Rule) -> Rule:
    """Return the rule that applies ``rule`` to every entry of a list or a mapping."""

    def rewrite(node: Node) -> Node:
        if isinstance(node, Mapping):
            return record(dict.fromkeys(node.entries, rule))(node)
        if not isinstance(node, Sequence):
            return node
        items: list[Node] = []
        errors = Collector()
        for index, item in enumerate(node.items):
            try:
                items.append(rule(item))
            except (InputError, Faults) as raised:
                errors.add(index, raised, node.position)
        errors.raise_all()
        if all(made is item for made, item in zip(items, node.items, strict=True)):
            return node
        return Sequence(tuple(items), node.position)

    return rewrite


def rewritten(root: Mapping, rule: Rule) -> Mapping:
    """
    Return ``root`` as ``rule`` rewrites it.

    Raises:
        InputErrors: what ``rule`` refuses, with paths; all of it at once.
    """
    try:
        made = rule(root)
    except (InputError, Faults) as raised:
        raise with_paths(raised) from None
    assert isinstance(made, Mapping), "a rule made something else of a whole model"
    return made


def added(node: Mapping, entries: ReadOnly[str, Node]) -> Mapping:
    """Return ``node`` with those of ``entries`` whose names it does not have."""
    missing = {name: value for name, value in entries.items() if name not in node.entries}
    return Mapping({**node.entries, **missing}, node.position, node.keys) if missing else node
