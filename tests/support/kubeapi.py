"""
A small client of a real API server, which asks it about objects without keeping them.

Objects are applied server-side with `dryRun=All` and `fieldValidation=Strict`: admission, defaults
and validation all run, and an unknown or doubled field is an error.  Only namespaces are created
for real, because the server refuses everything in a namespace that it does not know.
"""

import http.client
import json
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import quote

import msgspec
from tests.support.controlplane import Endpoint

from mooring.refs import ObjectRef

KubeObject = Mapping[str, Any]

_THREADS = 4
_TIMEOUT_SECONDS = 60
_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_APPLY = "application/apply-patch+yaml"  # JSON is YAML.


class Verdict(NamedTuple):
    """What the server says of one object; ``error`` is None when it accepts the object."""

    ref: ObjectRef
    error: str | None
    warnings: tuple[str, ...] = ()
    """Its `Warning` headers: deprecated versions, pod security, doubled keys of lists."""


class _Resource(NamedTuple):
    """Where objects of a kind live."""

    prefix: str
    """`/api/v1` or `/apis/<group>/<version>`."""
    plural: str
    namespaced: bool


class _Reply(NamedTuple):
    status: int
    body: bytes
    warnings: tuple[str, ...]

    @property
    def error(self) -> str | None:
        """The message of the Status that refuses a request."""
        if self.status < http.client.MULTIPLE_CHOICES:
            return None
        try:
            return str(json.loads(self.body)["message"])
        except (ValueError, KeyError, TypeError):
            return f"status {self.status}: {self.body[:500].decode(errors='replace')}"


class KubeApi:
    """
    A client with a few kept connections, for any number of threads.

    Raises:
        OSError: a request could not be made at all; what the server refuses is a `Verdict`.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._tls = endpoint.tls()
        self._of_thread = threading.local()
        self._connections: list[http.client.HTTPSConnection] = []
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="kubeapi")
        self._resources = {
            key: where for part in ("/api", "/apis") for key, where in self._discover(part)
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection; the client is of no use afterwards."""
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()

    def get(self, path: str) -> Any:
        """Return the JSON at ``path``, such as `/version`."""
        reply = self._request("GET", path)
        if reply.error is not None:
            raise OSError(f"GET {path}: {reply.error}")
        return json.loads(reply.body)

    def apply(self, objects: Sequence[KubeObject], *, manager: str = "mooring") -> list[Verdict]:
        """Apply each of ``objects`` in order as ``manager``; their namespaces must exist."""
        return [
            self._judge(item, dry_run=False, manager=manager)
            for each in objects
            for item in _flattened(each)
        ]

    def patch(self, path: str, merge: Mapping[str, Any]) -> Any:
        """Change the object at ``path`` by a merge patch, and return it."""
        headers = {"Content-Type": "application/merge-patch+json"}
        reply = self._request("PATCH", path, msgspec.json.encode(merge), headers)
        if reply.error is not None:
            raise OSError(f"PATCH {path}: {reply.error}")
        return json.loads(reply.body)

    def delete(self, path: str) -> None:
        """Ask for the deletion of the object at ``path``; one that is gone already is fine."""
        reply = self._request("DELETE", path)
        if reply.error is not None and reply.status != http.client.NOT_FOUND:
            raise OSError(f"DELETE {path}: {reply.error}")

    def dry_run(self, objects: Sequence[KubeObject]) -> list[Verdict]:
        """
        Return what the server says of each of ``objects``, in their order, and keep none.

        Exceptions to "keep none": the Namespaces among ``objects``, and those that are named in
        `metadata.namespace`, are created and stay; tests that run at once use different ones.
        Items of a `List` are judged one by one.  A kind that the server does not have, an object
        without a name and the like have a verdict with an error, as everything else does.
        """
        flat = [item for each in objects for item in _flattened(each)]
        given = {_ref(each).name: each for each in flat if each.get("kind") == "Namespace"}
        named = {namespace for each in flat if (namespace := _ref(each).namespace)}
        wanted = [given.get(name) or _namespace(name) for name in sorted(named | given.keys())]
        list(self._pool.map(self._create_namespace, wanted))
        return list(self._pool.map(self._judge, flat))

    def _judge(
        self, wanted: KubeObject, *, dry_run: bool = True, manager: str = "mooring"
    ) -> Verdict:
        ref = _ref(wanted)
        where = self._resources.get((ref.api_version, ref.kind))
        if where is None:
            return Verdict(ref, f"the server knows no kind {ref.kind!r} in {ref.api_version!r}")
        if not ref.name:
            return Verdict(ref, "metadata.name is missing")
        reply = self._apply(wanted, ref, where, dry_run=dry_run, manager=manager)
        return Verdict(ref, reply.error, reply.warnings)

    def _create_namespace(self, wanted: KubeObject) -> None:
        # Whether it worked is seen by what is in it, and by its own verdict when it was given.
        ref = _ref(wanted)
        self._apply(wanted, ref, self._resources["v1", "Namespace"], dry_run=False)

    def _apply(
        self,
        wanted: KubeObject,
        ref: ObjectRef,
        where: _Resource,
        *,
        dry_run: bool,
        manager: str = "mooring",
    ) -> _Reply:
        scope = (
            f"/namespaces/{quote(ref.namespace or 'default', safe='')}" if where.namespaced else ""
        )
        query = f"fieldManager={manager}&force=true&fieldValidation=Strict"
        if dry_run:
            query += "&dryRun=All"
        path = f"{where.prefix}{scope}/{where.plural}/{quote(ref.name, safe='')}?{query}"
        return self._request("PATCH", path, msgspec.json.encode(wanted), {"Content-Type": _APPLY})

    def _discover(self, part: str) -> Iterator[tuple[tuple[str, str], _Resource]]:
        reply = self._request("GET", part, headers={"Accept": _DISCOVERY})
        if reply.error is not None:
            raise OSError(f"GET {part}: {reply.error}")
        for group in json.loads(reply.body)["items"]:
            group_name = group["metadata"].get("name", "")
            for version in group["versions"]:
                name = version["version"]
                api_version = f"{group_name}/{name}" if group_name else name
                for each in version["resources"]:
                    namespaced = each["scope"] == "Namespaced"
                    where = _Resource(f"{part}/{api_version}", each["resource"], namespaced)
                    yield (api_version, each["responseKind"]["kind"]), where

    def _request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> _Reply:
        connection = self._connection()
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError):
            # The server closed an idle connection; every request here may be made again.
            connection.close()
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
        warnings = tuple(response.headers.get_all("Warning") or ())
        return _Reply(response.status, response.read(), tuple(map(_warning_text, warnings)))

    def _connection(self) -> http.client.HTTPSConnection:
        """Return the calling thread's connection."""
        connection: http.client.HTTPSConnection | None = getattr(self._of_thread, "it", None)
        if connection is None:
            connection = http.client.HTTPSConnection(
                self._endpoint.host,
                self._endpoint.port,
                context=self._tls,
                timeout=_TIMEOUT_SECONDS,
            )
            self._of_thread.it = connection
            self._connections.append(connection)
        return connection


def _flattened(wanted: KubeObject) -> Iterator[KubeObject]:
    if wanted.get("kind") == "List" and isinstance(wanted.get("items"), list):
        for item in wanted["items"]:
            yield from _flattened(item)
    else:
        yield wanted


def _ref(wanted: KubeObject) -> ObjectRef:
    """Return the identity of ``wanted``; parts that it lacks are empty."""
    metadata = wanted.get("metadata")
    if not isinstance(metadata, Mapping):
        metadata = {}
    return ObjectRef(
        api_version=str(wanted.get("apiVersion") or ""),
        kind=str(wanted.get("kind") or ""),
        name=str(metadata.get("name") or ""),
        namespace=str(metadata["namespace"]) if metadata.get("namespace") else None,
    )


def _namespace(name: str) -> KubeObject:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _warning_text(header: str) -> str:
    """Return the text of a header such as `299 - "unknown field"` (RFC 7234, section 5.5)."""
    return header.split(" ", 2)[-1].strip('"').replace('\\"', '"')
