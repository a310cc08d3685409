"""Settings and files that a container is given."""

import msgspec

from mooring.app.process import Reference
from mooring.app.replicas import Own
from mooring.sensitive import Sensitive
from mooring.sources import Position

NOBODY = ""
"""In the place of a container: what is meant is a document, by its name."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """
    One environment variable with its final, literal value.

    A secret's value is held as `Sensitive`; ``is_placeholder`` tells that the value cannot be
    meant for production (empty because a variable was unset, or a text such as "changeme").
    ``key`` is what a secret is called where its values are kept; None: like the variable.  With a
    ``source``, the container and the setting that it is of, it is the same secret as that one, or
    as that of a document, which belongs to `NOBODY`.  With ``embedded`` it is a text in which
    secrets stand, as an address with its password: for each password that `mooring.credentials`
    finds in it, whose it is.
    With ``own`` it holds what only the replica itself knows, and ``value`` is empty; with
    ``references`` the value has such settings of the container in it, which stand before it.
    """

    name: str
    value: str | Sensitive[str]
    position: Position | None = None
    is_placeholder: bool = False
    key: str | None = None
    source: tuple[str, str] | None = None
    embedded: tuple[tuple[str, str], ...] = ()
    own: Own | None = None
    references: tuple[Reference, ...] = ()

    @property
    def is_secret(self) -> bool:
        """Whether the value may not appear in clear text."""
        return isinstance(self.value, Sensitive)

    @property
    def is_of_replica(self) -> bool:
        """Whether each replica has a value of its own."""
        return self.own is not None or bool(self.references)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """
    A set of files with their content, given to one or more containers.

    ``files`` maps a relative path to its bytes; ``name`` is unique among the documents of an
    application.  Content is None where the file exists only outside (an external secret) or is
    not there yet (``missing``).  With ``looks_up_names`` the program that reads it asks the
    cluster's DNS itself for some of the hosts in it, which have to be whole names.  What is meant
    ``needs_file`` where what stands there now is a single line in its place.
    """

    name: str
    files: dict[str, bytes | Sensitive[bytes]]
    is_secret: bool = False
    external_name: str | None = None
    missing: tuple[str, ...] = ()
    looks_up_names: bool = False
    needs_file: bool = False
    position: Position | None = None

    @property
    def single_line(self) -> tuple[str, str] | None:
        """Path and text of a secret that is one line in one file, as a password is; else None."""
        if not self.is_secret or len(self.files) != 1 or self.needs_file:
            return None
        ((path, content),) = self.files.items()
        raw = content.reveal() if isinstance(content, Sensitive) else content
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return None
        return (path, text) if text.isprintable() else None


class DocumentMount(msgspec.Struct, frozen=True, kw_only=True):
    """
    A document, or one file of it, at a path of a container.

    With ``file`` the path is that of the single file, and the folder around it stays the
    image's.  ``mode`` holds permission bits (0o444).  With ``own_copy`` the container gets a copy
    that belongs to its process, which may change it; it is made anew for each replica.
    """

    document: str
    path: str
    file: str | None = None
    mode: int | None = None
    own_copy: bool = False
    position: Position | None = None
