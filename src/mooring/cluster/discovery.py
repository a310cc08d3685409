"""
Where each kind lives: asked of the server in two requests, kept on disk, asked again when in doubt.

A server that aggregates tells all kinds at once (Kubernetes 1.26 and later); others are asked group
by group.  What was kept holds for one server, authority and version.  It is never trusted against
the server: a kind that is not in it, and a path that is not there, make it be asked again, once.

Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
"""

import asyncio
import os
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from mooring import digests
from mooring.cluster.changes import KindName
from mooring.cluster.connection import JSON, Connection, Request
from mooring.cluster.errors import NotFound, Refused, UnknownKind

_AGGREGATED: Final = ",".join(
    (
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
        JSON,
    )
)
_FORMAT: Final = 1


class ApiResource(msgspec.Struct, frozen=True, gc=False):
    """
    One kind as a server serves it.

    ``plural`` is its word in paths, ``verbs`` what can be done with it.
    """

    api_version: str
    kind: str
    plural: str
    is_namespaced: bool
    verbs: tuple[str, ...]

    @property
    def name(self) -> KindName:
        """Its name in manifests."""
        return KindName(self.api_version, self.kind)

    @property
    def group(self) -> str:
        """The group, empty for the core."""
        return self.api_version.rpartition("/")[0]

    @property
    def prefix(self) -> str:
        """The path before namespace and plural."""
        return (
            f"/apis/{self.api_version}" if "/" in self.api_version else f"/api/{self.api_version}"
        )


class Served(msgspec.Struct, frozen=True):
    """All kinds that a server serves, in its order of preference, and what it cannot say now."""

    resources: tuple[ApiResource, ...]
    silent: tuple[str, ...] = ()
    """Group versions whose own server does not answer (an aggregated API that is down)."""


class _Kept(msgspec.Struct):
    form: int
    server: str
    served: Served


class Discovery:
    """
    The kinds of one server; ``folder`` is where they are kept from run to run, "" for nowhere.
    """

    def __init__(self, connection: Connection, *, folder: str) -> None:
        self._connection = connection
        self._folder = folder
        self._lock = asyncio.Lock()
        self._served: Served | None = None
        self._by_name: dict[KindName, ApiResource] = {}
        self._is_fresh = False
        self._version: str | None = None
        self._asked = 0

    async def resource(self, kind: KindName) -> ApiResource:
        """
        Return where objects of ``kind`` live.

        Raises:
            UnknownKind: the server, asked in this very run, does not serve it.
        """
        await self._load()
        found = self._by_name.get(kind)
        if found is None:
            asked = self._asked
            await self.ask_again(unless_after=asked)
            found = self._by_name.get(kind)
        if found is None:
            raise UnknownKind(
                f"the cluster does not know the kind {kind.kind} of {kind.api_version}",
                code=404,
                reason="NotFound",
                remedy="install its CustomResourceDefinition first, or correct apiVersion and kind",
            )
        return found

    async def served(self) -> Served:
        """Return everything that the server serves, asked in this very run."""
        await self._load()
        if not self._is_fresh:
            await self.ask_again(unless_after=self._asked)
        assert self._served is not None
        return self._served

    async def ask_again(self, *, unless_after: int | None = None) -> None:
        """
        Ask the server, and keep the answer.

        Callers that found the same answer wanting are served by one request: ``unless_after`` is
        how often had been asked when they looked.
        """
        async with self._lock:
            if unless_after is not None and self._asked != unless_after:
                return
            self._take(await self._asked_of_server())
            self._is_fresh = True
            self._asked += 1
            self._keep()

    @property
    def asked(self) -> int:
        """How often the server was asked."""
        return self._asked

    def forget(self) -> None:
        """Take what is known for out of date: a definition was applied or deleted."""
        self._served = None
        self._is_fresh = False
        if file := self._file():
            try:
                os.remove(file)
            except OSError:
                return

    async def version(self) -> str:
        """Return the version that the server calls itself."""
        if self._version is None:
            reply = await self._connection.request(Request(method="GET", path="/version"))
            told = msgspec.json.decode(reply.body)
            self._version = str(told.get("gitVersion", "")) if isinstance(told, dict) else ""
        return self._version

    async def _load(self) -> None:
        if self._served is not None:
            return
        if self._folder:
            await self.version()
        async with self._lock:
            if self._served is not None:
                return
            kept = self._kept()
            if kept is not None:
                self._take(kept)
                return
        await self.ask_again(unless_after=self._asked)

    def _take(self, served: Served) -> None:
        self._served = served
        self._by_name = {one.name: one for one in reversed(served.resources)}  # the first counts

    async def _asked_of_server(self) -> Served:
        core, others = await asyncio.gather(self._part("/api"), self._part("/apis"))
        return Served(
            (*core.resources, *others.resources),
            (*core.silent, *others.silent),
        )

    async def _part(self, path: str) -> Served:
        answer = await self._document(path, _AGGREGATED)
        if answer.get("kind") == "APIGroupDiscoveryList":
            return _aggregated(answer)
        if path == "/api":
            versions = [str(one) for one in answer.get("versions") or ()]
        else:
            versions = list(_group_versions(answer))
        prefix = path if path == "/api" else "/apis"
        documents = await asyncio.gather(
            *(self._document(f"{prefix}/{version}", JSON, absent={}) for version in versions)
        )
        resources: list[ApiResource] = []
        silent = []
        for version, document in zip(versions, documents, strict=True):
            if document:
                resources += _plain(version, document)
            else:
                silent.append(version)
        return Served(tuple(resources), tuple(silent))

    async def _document(
        self, path: str, accept: str, *, absent: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        request = Request(method="GET", path=path, accept=accept, is_typical=False)
        try:
            reply = await self._connection.request(request)
        except Refused as error:
            if absent is not None and (isinstance(error, NotFound) or error.code >= 500):
                return absent
            raise
        answer = msgspec.json.decode(reply.body)
        return answer if isinstance(answer, dict) else {}

    def _server(self) -> str:
        access = self._connection.access
        return " ".join(
            (access.server, self._version or "", digests.hexadecimal(access.authority or b""))
        )

    def _file(self) -> str:
        if not self._folder:
            return ""
        return os.path.join(self._folder, f"{digests.hexadecimal(self._server().encode())}.json")

    def _kept(self) -> Served | None:
        try:
            with open(self._file(), "rb") as file:
                kept = msgspec.json.decode(file.read(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return None
        return kept.served if kept.form == _FORMAT and kept.server == self._server() else None

    def _keep(self) -> None:
        if not self._folder or self._served is None or self._version is None:
            return
        file = self._file()
        temporary = f"{file}.{os.getpid()}"
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(msgspec.json.encode(_Kept(_FORMAT, self._server(), self._served)))
            os.replace(temporary, file)
        except OSError:
            return  # nobody may write there: each run asks


def _aggregated(answer: dict[str, Any]) -> Served:
    resources: list[ApiResource] = []
    silent = []
    for group in answer.get("items") or ():
        name = (group.get("metadata") or {}).get("name") or ""
        for version in group.get("versions") or ():
            api_version = f"{name}/{version['version']}" if name else version["version"]
            if version.get("freshness") == "Stale":
                silent.append(api_version)
            resources += (
                ApiResource(
                    api_version,
                    one["responseKind"]["kind"],
                    one["resource"],
                    one.get("scope") == "Namespaced",
                    tuple(one.get("verbs") or ()),
                )
                for one in version.get("resources") or ()
                if (one.get("responseKind") or {}).get("kind")
            )
    return Served(tuple(resources), tuple(silent))


def _group_versions(answer: dict[str, Any]) -> Iterator[str]:
    """Yield the group versions of an APIGroupList, the preferred version of each group first."""
    for group in answer.get("groups") or ():
        found = [str(one.get("groupVersion")) for one in group.get("versions") or ()]
        preferred = (group.get("preferredVersion") or {}).get("groupVersion")
        yield from sorted(found, key=lambda one, first=preferred: one != first)  # type: ignore[misc]


def _plain(version: str, document: dict[str, Any]) -> Iterable[ApiResource]:
    for one in document.get("resources") or ():
        if "/" not in one["name"]:  # a subresource is no kind of its own
            yield ApiResource(
                version,
                one["kind"],
                one["name"],
                bool(one.get("namespaced")),
                tuple(one.get("verbs") or ()),
            )
