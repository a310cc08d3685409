"""A YAML 1.2 reading for tests: PyYAML's parser with the scalars of the 1.2 core schema."""

import re
from typing import Any

import yaml


class CoreSchemaLoader(yaml.SafeLoader):
    """Resolves plain scalars as YAML 1.2 does (chapter 10.3.2), not as YAML 1.1."""

    yaml_implicit_resolvers: dict[Any, Any] = {}


def _resolve(tag: str, pattern: str) -> None:
    CoreSchemaLoader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern})$"), None)


_resolve("tag:yaml.org,2002:null", r"null|Null|NULL|~|")
_resolve("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE")
_resolve("tag:yaml.org,2002:int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_resolve(
    "tag:yaml.org,2002:float",
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
)


def _integer(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    text = node.value
    if text.startswith("0o"):
        return int(text[2:], 8)
    return int(text, 16) if text.startswith("0x") else int(text)


def _float(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> float:
    return float(node.value.lower().replace(".inf", "inf").replace(".nan", "nan"))


CoreSchemaLoader.add_constructor("tag:yaml.org,2002:int", _integer)
CoreSchemaLoader.add_constructor("tag:yaml.org,2002:float", _float)


def load(text: str) -> Any:
    """Return the one document of ``text`` as YAML 1.2 reads it."""
    return yaml.load(text, Loader=CoreSchemaLoader)
