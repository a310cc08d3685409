"""
Which database a container asks for, and as whom: what its variables say of it.

An address in one variable (`postgres://app@db:5432/shop?sslmode=require`) says all of it.  Where
parts stand in variables of their own, those of one beginning belong together: `DB_HOST`, `DB_USER`
and `DB_NAME`.  What refers to a variable, as `$(DB_USER)`, has its value; what nobody knows is
None.
"""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from mooring.check.bundle import Bundle
from mooring.check.dialling import Dialled
from mooring.check.pods import Container, Pod
from mooring.patterns import LazyPattern
from mooring.semantics.views import Service


class DataSource(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What the variable ``dialled.named`` of a container asks of a database.

    ``options`` are those of the address, as text.
    """

    dialled: Dialled
    scheme: str | None = None
    user: str | None = None
    database: str | None = None
    options: str = ""

    @property
    def container(self) -> Container:
        """The container that asks."""
        return self.dialled.container

    def option(self, *names: str) -> str | None:
        """Return the value of the first option of these names that is given."""
        for pair in self.options.split("&"):
            name, _, value = pair.partition("=")
            if name in names:
                return value
        return None


_URL = LazyPattern(
    r"(?:jdbc:)?(?P<scheme>[a-z][a-z0-9]*)(?:\+[a-z0-9_]+)?://"
    r"(?:(?P<user>[^:@/\s]*)(?::[^@/\s]*)?@)?(?P<host>[\w.-]+)(?::(?P<port>\d+))?"
    r"(?:/(?P<database>[^?#\s\"']*))?(?:\?(?P<options>[^\s\"'#]*))?"
)
_REFERENCE = LazyPattern(r"\$\(([A-Za-z_]\w*)\)")
_HOST_WORDS = ("HOSTNAME", "HOST", "SERVER", "ADDRESS", "ADDR")
_USER_WORDS = ("USER", "USERNAME", "USER_NAME", "LOGIN")
_DATABASE_WORDS = ("DB", "DATABASE", "NAME", "DBNAME", "DB_NAME", "DATABASE_NAME")


@lru_cache(maxsize=4)
def data_sources(bundle: Bundle) -> tuple[DataSource, ...]:
    """Return what the variables of the containers of ``bundle`` ask of databases, in order."""
    return tuple(
        found
        for one in bundle.dialled
        if one.service is not None or one.is_certain or one.address.scheme
        if (found := _source(one)) is not None
    )


def served_by(bundle: Bundle, source: DataSource) -> tuple[Service, tuple[Pod, ...]] | None:
    """Return the Service that ``source`` leads to, and the pods behind it; None for no such."""
    one = source.dialled
    service = bundle.names.service(one.namespace, one.service) if one.service else None
    return (service, bundle.behind(service)) if service is not None else None


def _source(one: Dialled) -> DataSource | None:
    written = one.container.variable.get(one.named)
    if written is None or not written.value:
        return None
    text = _resolved(written.value, one.container)
    if text is None:
        return None
    if "://" not in text:
        return _of_parts(one, one.named)
    for match in _URL.finditer(text):
        if match["host"].lower() == one.address.host:
            return DataSource(
                dialled=one,
                scheme=match["scheme"],
                user=_known(match["user"]),
                database=_known(match["database"]),
                options=match["options"] or "",
            )
    return None


def _of_parts(one: Dialled, named: str) -> DataSource | None:
    """Return what stands beside the variable ``named``, which holds a host."""
    word = next((word for word in _HOST_WORDS if named.upper().endswith(word)), None)
    if word is None:
        return None
    beginning = named[: -len(word)]

    def beside(words: tuple[str, ...]) -> str | None:
        for other in words:
            found = one.container.variable.get(beginning + other)
            if found is not None:
                return _known(_resolved(found.value or "", one.container))
        return None

    user, database = beside(_USER_WORDS), beside(_DATABASE_WORDS)
    if user is None and database is None:
        return None
    return DataSource(dialled=one, user=user, database=database)


def _resolved(text: str, container: Container) -> str | None:
    """Return ``text`` with the variables that it refers to, None where one is not known."""
    if "$(" not in text:
        return text
    unknown = False

    def value(match: "object") -> str:
        nonlocal unknown
        found = container.variable.get(match[1])  # type: ignore[index]
        if found is None or found.value is None:
            # Of what is not known only the place is kept: a password says nothing of the rest.
            unknown = unknown or found is None
            return _UNKNOWN
        return found.value

    resolved = _REFERENCE.sub(value, text)
    return None if unknown else resolved


_UNKNOWN = "\x00"


def _known(part: str | None) -> str | None:
    """Return a part of an address where it is a plain name."""
    if not part or any(sign in part for sign in (_UNKNOWN, "$", "%", "{", "/", ";")):
        return None
    return part


def every_script(bundle: Bundle, namespace: str) -> Iterator[str]:
    """Yield the texts of a namespace that may make a database: commands, and files in objects."""
    yield from _scripts(bundle).get(namespace, ())


@lru_cache(maxsize=4)
def _scripts(bundle: Bundle) -> dict[str, tuple[str, ...]]:
    from mooring.check import environment
    from mooring.semantics import kinds

    found: dict[str, list[str]] = {}
    for container in bundle.containers:
        if _makes(container.words):
            found.setdefault(container.pod.namespace, []).append(container.words)
    for item in bundle.of_kind(kinds.CONFIG_MAP, kinds.SECRET):
        for _, text, _ in environment.texts(item):
            if _makes(text):
                found.setdefault(item.namespace, []).append(text)
    return {namespace: tuple(texts) for namespace, texts in found.items()}


_MAKING = ("create database", "createdb", "create role", "create user", "createuser", "alter role")


def _makes(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _MAKING)
