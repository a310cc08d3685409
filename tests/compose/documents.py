"""Compose models for tests, read from text as the loader reads them."""

import textwrap
from collections.abc import Sequence

from mooring.compose import yaml_reader
from mooring.compose.nodes import Mapping, Node
from mooring.errors import InputError, InputErrors


def model(text: str) -> Mapping:
    """Return the one document that ``text`` holds, as `compose.yaml`."""
    (document,) = yaml_reader.read_documents(textwrap.dedent(text).encode(), "compose.yaml")
    assert isinstance(document.root, Mapping)
    return document.root


def value(text: str) -> Node:
    """Return the value that ``text`` is in YAML."""
    return model(f"value: {text}").entries["value"]


def service(text: str) -> Mapping:
    """Return a model with one service, web, with the attributes of ``text``."""
    attributes = textwrap.indent(textwrap.dedent(text), "    ")
    return model(f"services:\n  web:\n{attributes}")


def at(root: Node, *path: str | int) -> Node:
    """Return the node at ``path`` below ``root``."""
    for part in path:
        root = root.entries[str(part)] if isinstance(root, Mapping) else root.items[int(part)]  # type: ignore[union-attr]
    return root


def shown(errors: Sequence[InputError] | InputErrors) -> list[str]:
    """Return the errors as a user sees them."""
    found = errors.errors if isinstance(errors, InputErrors) else errors
    return [str(error) for error in found]
