"""
Settings from the environment.

A secret may stand in a file instead: ``NAME_FILE`` names it, as the official images do it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class MissingSetting(Exception):
    """A setting that has no default is not set."""


@dataclass(frozen=True)
class Database:
    """Where the orders are kept."""

    host: str
    port: int
    name: str
    user: str
    password: str


@dataclass(frozen=True)
class Storage:
    """Where the receipts are kept: a bucket of a store that speaks S3."""

    url: str
    bucket: str
    access_key: str
    secret_key: str


@dataclass(frozen=True)
class Mail:
    """How receipts are sent; without a host none are."""

    host: str
    port: int
    sender: str
    user: str
    password: str


class Environment:
    """Reads settings; the names are those of the environment."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables

    def text(self, name: str, default: str | None = None) -> str:
        """
        Return the setting ``name``; an empty one counts as unset.

        Raises:
            MissingSetting: it is unset and has no default.
        """
        value = self._variables.get(name) or default
        if value is None:
            raise MissingSetting(f"{name} is not set")
        return value

    def number(self, name: str, default: int) -> int:
        """Return the setting ``name`` as a whole number."""
        return int(self.text(name, str(default)))

    def secret(self, name: str, default: str | None = None) -> str:
        """Return the secret ``name``, from the file that ``NAME_FILE`` names where that is set."""
        file = self._variables.get(f"{name}_FILE")
        if file:
            return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        return self.text(name, default)

    def database(self) -> Database:
        """Return the settings that begin with ``DATABASE_``."""
        return Database(
            host=self.text("DATABASE_HOST"),
            port=self.number("DATABASE_PORT", 5432),
            name=self.text("DATABASE_NAME"),
            user=self.text("DATABASE_USER"),
            password=self.secret("DATABASE_PASSWORD"),
        )

    def storage(self) -> Storage:
        """Return the settings that begin with ``STORAGE_``."""
        return Storage(
            url=self.text("STORAGE_URL"),
            bucket=self.text("STORAGE_BUCKET", "receipts"),
            access_key=self.text("STORAGE_ACCESS_KEY"),
            secret_key=self.secret("STORAGE_SECRET_KEY"),
        )

    def mail(self) -> Mail | None:
        """Return the settings that begin with ``SMTP_``, or None without ``SMTP_HOST``."""
        host = self.text("SMTP_HOST", "")
        if not host:
            return None
        return Mail(
            host=host,
            port=self.number("SMTP_PORT", 25),
            sender=self.text("MAIL_FROM", "orders@localhost"),
            user=self.text("SMTP_USER", ""),
            password=self.secret("SMTP_PASSWORD", ""),
        )
