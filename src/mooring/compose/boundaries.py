"""
References that leave the project's directory.

They are followed, as Docker Compose follows them; the user should know, because a converted
project takes their content along.
"""

import os

from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.source_files import SourceFiles
from mooring.findings import Finding, Rule, Severity
from mooring.sources import Position

OUTSIDE_PROJECT = Rule(id="file-outside-project", severity=Severity.WARNING, since="0.1")


class Boundary:
    """The project's directory, and what was found to reach out of it."""

    def __init__(self, directory: str, files: SourceFiles) -> None:
        self._directory = directory
        self._prefix = directory if directory.endswith(os.sep) else directory + os.sep
        self._files = files
        self._seen: set[tuple[str, Position | None]] = set()
        self.findings: list[Finding] = []

    def check(self, path: str, what: str, position: Position | None) -> None:
        """Report the absolute ``path``, asked for at ``position``, where it is outside."""
        if path.startswith(self._prefix) or path == self._directory or path == "/dev/null":
            return
        if (path, position) in self._seen:
            return
        self._seen.add((path, position))
        self.findings.append(
            OUTSIDE_PROJECT.finding(
                position,
                f'{what} "{self._files.shown(path)}" lies outside the project directory',
                remedy="keep what belongs to the project below its directory",
            )
        )

    def check_references(self, root: Mapping) -> None:
        """Report the env, label, config and secret files of the typed model ``root``."""
        for service in _mappings(root.get("services")):
            for item in _items(service.get("env_file")):
                if isinstance(item, Mapping):
                    self._check_text(item.get("path"), "env file")
            for item in _items(service.get("label_file")):
                self._check_text(item, "label file")
        for kind in ("configs", "secrets"):
            for definition in _mappings(root.get(kind)):
                self._check_text(definition.get("file"), f"{kind[:-1]} file")

    def _check_text(self, node: Node | None, what: str) -> None:
        if isinstance(node, Scalar) and isinstance(node.value, str) and os.path.isabs(node.value):
            self.check(node.value, what, node.position)


def _mappings(node: Node | None) -> list[Mapping]:
    if not isinstance(node, Mapping):
        return []
    return [value for value in node.entries.values() if isinstance(value, Mapping)]


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()
