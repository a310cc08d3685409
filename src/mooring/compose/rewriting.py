"""
Rules that rewrite a model at certain attributes, put together from small ones.

A rule takes a node and returns it, or what stands in its place.  `record` and `each` say where in
a model a rule applies, so that a phase of loading reads as one table of attributes, and a service
costs one dictionary look-up per attribute that it has.
"""

from collections.abc import Callable
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping, Node, Sequence
from mooring.errors import InputError, InputErrors

Rule = Callable[[Node], Node]


def record(rules: ReadOnly[str, Rule]) -> Rule:
    """
    Return the rule that applies each of ``rules`` to the attribute of its name, where it stands.

    It raises InputErrors with all the errors that the rules raised.
    """

    def rewrite(node: Node) -> Node:
        if not isinstance(node, Mapping):
            return node
        changed: dict[str, Node] = {}
        errors: list[InputError] = []
        for name, value in node.entries.items():
            rule = rules.get(name)
            if rule is None:
                continue
            try:
                made = rule(value)
            except InputError as error:
                errors.append(error)
                continue
            except InputErrors as several:
                errors += several.errors
                continue
            if made is not value:
                changed[name] = made
        if errors:
            raise InputErrors(errors)
        if not changed:
            return node
        return Mapping({**node.entries, **changed}, node.position, node.keys)

    return rewrite


def each(rule: Rule) -> Rule:
    """
    Return the rule that applies ``rule`` to every entry of a list or a mapping.

    It raises InputErrors with all the errors that ``rule`` raised.
    """

    def rewrite(node: Node) -> Node:
        if isinstance(node, Mapping):
            return record(dict.fromkeys(node.entries, rule))(node)
        if not isinstance(node, Sequence):
            return node
        items: list[Node] = []
        errors: list[InputError] = []
        for item in node.items:
            try:
                items.append(rule(item))
            except InputError as error:
                errors.append(error)
            except InputErrors as several:
                errors += several.errors
        if errors:
            raise InputErrors(errors)
        if all(made is item for made, item in zip(items, node.items, strict=True)):
            return node
        return Sequence(tuple(items), node.position)

    return rewrite


def rewritten(root: Mapping, rule: Rule) -> Mapping:
    """
    Return ``root`` as ``rule`` rewrites it.

    Raises:
        InputErrors: what ``rule`` refuses; all of it at once.
    """
    made = rule(root)
    assert isinstance(made, Mapping), "a rule made something else of a whole model"
    return made


def added(node: Mapping, entries: ReadOnly[str, Node]) -> Mapping:
    """Return ``node`` with those of ``entries`` whose names it does not have."""
    missing = {name: value for name, value in entries.items() if name not in node.entries}
    return Mapping({**node.entries, **missing}, node.position, node.keys) if missing else node
