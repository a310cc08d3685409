"""
libyaml as PyYAML binds it, without the half of PyYAML that is written in Python.

`import yaml` compiles patterns and fills tables for a reader, a resolver and constructors of its
own, none of which we call; that takes a seventh of a small conversion.  The binding wants nothing
but classes of the package.  So it gets classes, and the package is loaded whole for the first who
asks it for anything else.
"""

import sys
from _frozen_importlib import module_from_spec  # as importlib.util has it, without importing that
from _frozen_importlib_external import PathFinder
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace


@contextmanager
def _only_the_binding() -> Iterator[None]:
    """Let `yaml._yaml` be imported before the rest of `yaml`, unless that is there already."""
    spec = None if "yaml" in sys.modules else PathFinder.find_spec("yaml")
    if spec is None or spec.loader is None:
        yield
        return
    package = module_from_spec(spec)
    load = spec.loader.exec_module

    def load_whole(name: str) -> object:
        """Answer for what the package does not have yet (PEP 562)."""
        del package.__dict__["__getattr__"]
        load(package)
        return getattr(package, name)

    sys.modules["yaml"] = package
    stand_ins = {}
    try:
        stand_ins = _modules_of_errors()
        package.__dict__.update(stand_ins)
        yield
    finally:
        for module in stand_ins:
            delattr(package, module)
        package.__dict__["__getattr__"] = load_whole


def _modules_of_errors() -> dict[str, SimpleNamespace]:
    """Return stand-ins for the modules of which the binding wants one class of errors each."""
    # The modules imported here hold little but classes, and become attributes of the package.
    from yaml import error, events, nodes, tokens  # noqa: F401

    class ReaderError(error.YAMLError):
        """A byte or a character that YAML cannot have, where, and why."""

        def __init__(
            self, name: str, position: int, character: int, encoding: str, reason: str
        ) -> None:
            super().__init__(f"{reason}, at {position}")
            self.name, self.encoding, self.reason = name, encoding, reason
            self.position, self.character = position, character

    classes: dict[str, type[Exception]] = {"reader": ReaderError}
    for module in ("scanner", "parser", "composer", "constructor"):
        classes[module] = type(f"{module.title()}Error", (error.MarkedYAMLError,), {})
    for module in ("emitter", "serializer", "representer"):
        classes[module] = type(f"{module.title()}Error", (error.YAMLError,), {})
    return {module: SimpleNamespace(**{one.__name__: one}) for module, one in classes.items()}


with _only_the_binding():
    from yaml._yaml import CParser as CParser
    from yaml._yaml import ReaderError as ReaderError  # type: ignore[attr-defined]
    from yaml.error import MarkedYAMLError as MarkedYAMLError
    from yaml.error import YAMLError as YAMLError
    from yaml.events import AliasEvent as AliasEvent
    from yaml.events import CollectionEndEvent as CollectionEndEvent
    from yaml.events import CollectionStartEvent as CollectionStartEvent
    from yaml.events import DocumentStartEvent as DocumentStartEvent
    from yaml.events import MappingStartEvent as MappingStartEvent
    from yaml.events import ScalarEvent as ScalarEvent
    from yaml.events import StreamEndEvent as StreamEndEvent
