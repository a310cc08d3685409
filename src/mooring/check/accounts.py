"""
Accounts of servers in the input, and those with which its programs ask for them.

A server is made with the account that its variables name; a client names one in a URL, or in
variables beside the one that names the host.  A value that the input does not hold is unknown, and
nothing is said of it.

Source: the pages of the images on https://hub.docker.com/
"""

from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import unquote

import msgspec

from mooring.check import environment, mounts
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import kinds
from mooring.translate.discovery.addresses import Address
from mooring.translate.server_accounts import MADE_WITH


class Kind(StrEnum):
    """What is asked: an account of a database or broker, keys of a store, the key of an API."""

    ACCOUNT = "account"
    STORE = "store"
    API = "api"


class Used(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    An account that a program asks for at a Service; ``user`` is None where it names none.

    ``named`` is the variable that holds ``password``, at ``field`` of ``ref``; ``asks`` tells of
    what kind of server.
    """

    asks: "Kind"
    service: str
    namespace: str
    user: str | None
    password: str
    named: str
    ref: ObjectRef
    field: str


_KINDS = {"minio": Kind.STORE, "hasura": Kind.API}
"""What servers of a family are asked for where it is no account."""
_KEYS_OF_CLIENTS = frozenset({"HASURA_GRAPHQL_ADMIN_SECRET", "HASURA_ADMIN_SECRET"})
"""Variables in which clients hold the key of a server that they dial."""
_IN_WORDS = ("--requirepass",)


class Served:
    """The accounts with which the servers of a bundle are made."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._read: dict[tuple[str, str], dict[tuple[Kind, str | None], set[str]]] = {}

    def passwords(self, one: Used) -> set[str]:
        """
        Return the passwords of the account that is used; none where they are not known.

        Redis has an account without a name.
        """
        key = (one.namespace, one.service)
        if key not in self._read:
            self._read[key] = self._of(*key)
        found = self._read[key]
        own = found.get((one.asks, one.user), set())
        if not own and one.user in (None, "default"):
            return found.get((one.asks, None), set())
        return own

    def _of(self, namespace: str, service: str) -> dict[tuple[Kind, str | None], set[str]]:
        held = self._bundle.names.service(namespace, service)
        found: dict[tuple[Kind, str | None], set[str]] = {}
        for pod in self._bundle.behind(held) if held is not None else ():
            for container in pod.main_containers:
                known = container.known
                kind = _KINDS.get(known.family.name, Kind.ACCOUNT) if known else Kind.ACCOUNT
                for user, password in _made(self._bundle, container):
                    found.setdefault((kind, user), set()).add(password)
        return found


def _made(bundle: Bundle, container: Container) -> Iterator[tuple[str | None, str]]:
    known = container.known
    if known is None:
        return
    for user_name, usual, password_name in MADE_WITH.get(known.family.name, ()):
        password = value(bundle, container, password_name)
        if password is None:
            continue
        user = value(bundle, container, user_name) if user_name is not None else None
        # A name that the input does not hold is not the usual one.
        is_written = user_name is not None and (
            user_name in container.variable or f"{user_name}_FILE" in container.variable
        )
        if user is None and (is_written or container.imports_unknown):
            continue
        if user is None and usual is None and user_name is not None:
            continue
        yield user or usual, password
    if known.family.name in ("redis", "valkey"):
        words = (*container.command, *container.args)
        for option in _IN_WORDS:
            if option in words[:-1]:
                password = environment.expanded(words[words.index(option) + 1], container.variable)
                if password:
                    yield None, password


def used(bundle: Bundle) -> Iterator[Used]:
    """Yield the accounts that programs ask for at Services of the input, each place once."""
    told: set[tuple[ObjectRef, str, str]] = set()
    dialled: dict[int, dict[tuple[str, str], None]] = {}
    for each in bundle.dialled:
        if each.service is not None:
            dialled.setdefault(id(each.container), {})[each.namespace, each.service] = None
    for container in bundle.containers:
        places = tuple(dialled.get(id(container), ()))
        for one in (
            *_in_urls(bundle, container),
            *_in_parts(bundle, container),
            *_in_keys(bundle, container, places),
        ):
            key = (one.ref, one.field, one.service)
            if key not in told:
                told.add(key)
                yield one


_URL = LazyPattern(r"\b[A-Za-z][\w+.-]*://([^\s:/@,]*):([^\s@/]+)@([A-Za-z0-9][\w.-]*)")


def _in_urls(bundle: Bundle, container: Container) -> Iterator[Used]:
    for one in container.variables:
        if one.value is None or "@" not in one.value or "://" not in one.value:
            continue
        text = environment.expanded(one.value, container.variable)
        for user, password, host in _URL.findall(text) if text is not None else ():
            place = _service(bundle, container, host)
            if place is None:
                continue
            ref, field = one.place(container.owner)
            yield Used(
                asks=Kind.ACCOUNT,
                service=place[1],
                namespace=place[0],
                user=unquote(user) or None,
                password=unquote(password),
                named=one.name,
                ref=ref,
                field=field,
            )


def _in_parts(bundle: Bundle, container: Container) -> Iterator[Used]:
    for one in container.variables:
        prefix = one.name.removesuffix("HOST")
        if prefix == one.name or not one.value or not prefix.endswith(("_", "PG")):
            continue
        place = _service(bundle, container, one.value.partition(":")[0])
        if place is None:
            continue
        user = next(
            (
                found
                for word in ("USER", "USERNAME")
                if (found := value(bundle, container, f"{prefix}{word}"))
            ),
            None,
        )
        if user is None:
            continue
        for word in ("PASSWORD", "PASS", "PASSWD"):
            for name in (f"{prefix}{word}", f"{prefix}{word}_FILE"):
                variable = container.variable.get(name)
                password = value(bundle, container, f"{prefix}{word}")
                if variable is None or not password:
                    continue
                ref, field = variable.place(container.owner)
                yield Used(
                    asks=Kind.ACCOUNT,
                    service=place[1],
                    namespace=place[0],
                    user=user,
                    password=password,
                    named=name,
                    ref=ref,
                    field=field,
                )


def _in_keys(
    bundle: Bundle, container: Container, places: tuple[tuple[str, str], ...]
) -> Iterator[Used]:
    """Yield the keys with which a program asks one of the Services that it dials."""
    if not places:
        return
    for one in container.variables:
        name = one.name.removesuffix("_FILE")
        user: str | None = None
        if name.endswith(("SECRET_ACCESS_KEY", "SECRET_KEY")):
            stem = name.removesuffix("SECRET_ACCESS_KEY").removesuffix("SECRET_KEY")
            user = value(bundle, container, f"{stem}ACCESS_KEY_ID") or value(
                bundle, container, f"{stem}ACCESS_KEY"
            )
            if user is None:
                continue
        elif name not in _KEYS_OF_CLIENTS:
            continue
        password = value(bundle, container, name)
        if not password:
            continue
        ref, field = one.place(container.owner)
        for namespace, service in places:
            yield Used(
                asks=Kind.API if user is None else Kind.STORE,
                service=service,
                namespace=namespace,
                user=user,
                password=password,
                named=one.name,
                ref=ref,
                field=field,
            )


def _service(bundle: Bundle, container: Container, host: str) -> tuple[str, str] | None:
    """Return namespace and name of the Service that a host means, None where it means none."""
    from mooring.check import dialling

    one = dialling.placed(
        container, container.owner, "", "", Address(host=host.lower()), bundle.names
    )
    if one.service is None or bundle.names.service(one.namespace, one.service) is None:
        return None
    return one.namespace, one.service


def value(bundle: Bundle, container: Container, name: str) -> str | None:
    """Return what ``name`` holds, or the file that ``<name>_FILE`` names; None where unknown."""
    one = container.variable.get(name)
    if one is not None:
        # Some programs take the path of a file in the same variable.
        if one.value and one.value.startswith("/"):
            return _file(bundle, container, one.value)
        return environment.expanded(one.value, container.variable) if one.value else None
    path = container.variable.get(f"{name}_FILE")
    if path is None or not path.value:
        return None
    return _file(bundle, container, path.value)


def _file(bundle: Bundle, container: Container, path: str) -> str | None:
    """Return the content of a mounted file of a Secret or ConfigMap of the input."""
    for mount in mounts.of(container):
        kind = {"configMap": kinds.CONFIG_MAP, "secret": kinds.SECRET}.get(mount.kind)
        if kind is None or mount.name is None or not mount.covers(path):
            continue
        file = mount.sub_path or path.removeprefix(mount.path).lstrip("/")
        key = file if mount.files is None else mount.files.get(file)
        item = bundle.objects.find(kind, mount.name, container.pod.namespace)
        if item is None or key is None:
            return None
        texts = {held: text for held, text, _ in environment.texts(item)}
        content = texts.get(key)
        return content.strip() if content is not None else None
    return None
