"""
Ask a cluster and write to it: objects by ref, lists and watches by kind, logs, exec, proxies.

Where a kind lives comes from discovery, never from a table of ours, so custom kinds are as good as
built-in ones.  Writes are server-side applies under the field manager `mooring` with strict field
validation; what needs optimistic concurrency (a Lease, the journal) is created and replaced.  Each
call is safe to cancel.  At most 64 requests are in flight; watches, followed logs, exec and
forwarded ports take none of these places.

Every call raises `errors.Unreachable`, `errors.Unauthorized`, `errors.Forbidden` and
`errors.ServerFault`; the docstrings name what comes beside these.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal

import msgspec

from mooring.cluster.changes import Event, KindName, Listing, Manifest
from mooring.refs import ObjectRef

FIELD_MANAGER = "mooring"

Propagation = Literal["Background", "Foreground", "Orphan"]


class Executed(msgspec.Struct, frozen=True):
    """What a command in a container did; a command that could not be started has no ``status``."""

    status: int | None
    stdout: bytes
    stderr: bytes
    error: str = ""
    """What the kubelet says where there is no exit status."""


class Answer(msgspec.Struct, frozen=True):
    """What a Service answered through the API server's proxy; any HTTP status is an answer."""

    status: int
    body: bytes
    content_type: str = ""


class Client:
    """
    A cluster as one user sees it; made by `connecting.connected`, which also closes it.

    ``namespace`` is where namespaced objects go that name none: that of the context, or "default".
    """

    namespace: str

    async def get(self, ref: ObjectRef) -> Manifest | None:
        """
        Return the object as it is now, None where there is none.

        Raises:
            UnknownKind: the server does not serve the kind.
        """
        raise NotImplementedError

    async def list(
        self,
        kind: KindName,
        *,
        namespace: str | None = None,
        labels: str | None = None,
        metadata_only: bool = False,
    ) -> Listing:
        """
        Return all objects of ``kind``, of all namespaces unless one is named.

        ``labels`` is a selector such as "app.kubernetes.io/part-of=coffee".  Pages of 500 are
        read until there are no more; a list that expires half-way is read again from its start.

        Raises:
            UnknownKind: the server does not serve the kind.
        """
        raise NotImplementedError

    def watch(
        self,
        kind: KindName,
        *,
        since: str,
        namespace: str | None = None,
        labels: str | None = None,
        metadata_only: bool = False,
    ) -> AsyncIterator[Event]:
        """
        Yield the changes after ``since``, a listing's resource version, without end.

        A connection that breaks, ends, or says nothing for 60 s is made again from the last
        resource version seen; where that is too old the kind is listed anew and yielded as one
        RELISTED event.  Close it (`contextlib.aclosing`) when done.

        Raises:
            UnknownKind: the server does not serve the kind.
            Unreachable: the server could not be reached again.
        """
        raise NotImplementedError

    async def apply(
        self, manifest: Manifest, *, dry_run: bool = False, force: bool = False
    ) -> Manifest:
        """
        Create or change the object so that the fields of ``manifest`` are as it says.

        Fields of an earlier apply that are no longer in it are removed.  Returns the object as the
        server has it now (with ``dry_run``, would have it): take uid, generation and
        resourceVersion from there.  Safe to repeat, and repeated by itself when an answer is lost.

        Raises:
            FieldConflict: others hold fields with other values, and ``force`` is not set.
            Conflict: the object carries a `metadata.uid` or `resourceVersion` that is not current.
            Invalid: the server does not accept it; `is_immutable` says when only recreating helps.
            NotFound: its namespace does not exist.
            UnknownKind: the server does not serve the kind.
        """
        raise NotImplementedError

    async def create(self, manifest: Manifest, *, dry_run: bool = False) -> Manifest:
        """
        Create the object, or let the server name it after `metadata.generateName`.

        Raises:
            AlreadyExists: there is one.
            OutcomeUnknown: the answer was lost; it may have been created.
        """
        raise NotImplementedError

    async def replace(self, manifest: Manifest, *, dry_run: bool = False) -> Manifest:
        """
        Replace the object that has the manifest's `metadata.resourceVersion`.

        Raises:
            Conflict: it has changed since, or was deleted and made again.
            NotFound: there is none.
            OutcomeUnknown: the answer was lost; it may have been replaced.
        """
        raise NotImplementedError

    async def delete(
        self,
        ref: ObjectRef,
        *,
        uid: str | None = None,
        propagation: Propagation = "Background",
        dry_run: bool = False,
    ) -> bool:
        """
        Delete the object; return False where there was none.

        It is gone only when `get` says so: finalizers and Foreground propagation take time.

        Raises:
            Conflict: the object of that name has another ``uid``.
        """
        raise NotImplementedError

    async def serves(self, kind: KindName, *, anew: bool = False) -> bool:
        """Return whether the server serves ``kind``; with ``anew`` it is asked again."""
        raise NotImplementedError

    async def is_namespaced(self, kind: KindName) -> bool:
        """
        Return whether objects of ``kind`` live in namespaces.

        Raises:
            UnknownKind: the server does not serve the kind.
        """
        raise NotImplementedError

    async def kinds(self) -> Sequence[KindName]:
        """Return all kinds that can be listed, each in the version that the server prefers."""
        raise NotImplementedError

    async def version(self) -> str:
        """Return the version that the server calls itself, such as "v1.36.3"."""
        raise NotImplementedError

    async def logs(
        self,
        pod: ObjectRef,
        container: str,
        *,
        previous: bool = False,
        tail: int | None = None,
    ) -> str:
        """
        Return the log of a container, its last ``tail`` lines, at most 1 MiB.

        ``previous`` is the run before the last restart.

        Raises:
            NotFound: there is no such pod.
            Invalid: the container has not started, or has no previous run.
        """
        raise NotImplementedError

    def follow_logs(
        self, pod: ObjectRef, container: str, *, tail: int | None = None
    ) -> AsyncIterator[str]:
        """Yield lines as they are written, without line breaks, until the container ends."""
        raise NotImplementedError

    async def exec(
        self,
        pod: ObjectRef,
        container: str,
        command: Sequence[str],
        *,
        stdin: bytes = b"",
        timeout_seconds: float = 30,
    ) -> Executed:
        """
        Run ``command`` in a running container and return what came of it.

        Raises:
            Unreachable: it did not end within ``timeout_seconds``.
            NotFound, Invalid: there is no such pod or container.
        """
        raise NotImplementedError

    def port_forward(self, pod: ObjectRef, port: int) -> AbstractAsyncContextManager[int]:
        """
        Yield a port of 127.0.0.1 whose connections go to ``port`` of the pod.

        Connections that the pod refuses are closed; nothing is raised for them.
        """
        raise NotImplementedError

    async def proxy_get(
        self,
        service: ObjectRef,
        port: int | str,
        path: str = "/",
        *,
        scheme: Literal["http", "https"] = "http",
        timeout_seconds: float = 10,
    ) -> Answer:
        """
        GET ``path`` of a Service (or Pod) through the API server.

        Raises:
            NotFound: there is no such object.
            ServerFault: it has no ready endpoint (503), or nobody answers at it (502).
        """
        raise NotImplementedError
