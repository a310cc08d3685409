"""One entry of a kubeconfig: its values, and how files that it names are found and read."""

import base64
import binascii
import os
from typing import Any

import msgspec

from mooring.cluster.errors import AccessError
from mooring.sources import Position


class Entry(msgspec.Struct, frozen=True):
    """
    A cluster, user or context; ``file`` is where it stands, ``name`` what it is called in errors.
    """

    file: str
    name: str
    values: dict[str, Any]

    def __repr__(self) -> str:
        """Show no values: they are credentials."""
        return f"Entry({self.file!r}, {self.name!r})"

    def error(self, message: str, *, remedy: str | None = None) -> AccessError:
        """Return an error about this entry."""
        return AccessError(f"{self.name}: {message}", position=Position(self.file), remedy=remedy)

    def text(self, key: str) -> str:
        """
        Return a text, "" where there is none.

        Raises:
            AccessError: there is something else.
        """
        value = self.values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.error(f"{key} is no text", remedy="put it in quotes")
        return value

    def flag(self, key: str) -> bool:
        """Return whether a flag is set."""
        return self.values.get(key) is True

    def path(self, key: str) -> str:
        """Return the path that the entry names, seen from the folder of its file; "" for none."""
        value = self.text(key)
        folder = os.path.dirname(os.path.abspath(self.file))
        return os.path.normpath(os.path.join(folder, value)) if value else ""

    def content(self, key: str) -> bytes | None:
        """
        Return what stands in base64 under ``<key>-data``, else in the file that ``key`` names.

        Raises:
            AccessError: neither can be read.
        """
        encoded = self.text(f"{key}-data")
        if encoded:
            try:
                return base64.b64decode(encoded, validate=True)
            except binascii.Error:
                raise self.error(f"{key}-data is no base64") from None
        path = self.path(key)
        if not path:
            return None
        try:
            with open(path, "rb") as file:
                return file.read()
        except OSError as error:
            raise self.error(f"{key} {path} cannot be read: {error.strerror}") from error
