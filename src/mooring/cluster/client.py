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

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, quote

import msgspec

from mooring.cluster import refusals, watching
from mooring.cluster.changes import Event, KindName, Listing, Manifest
from mooring.cluster.connection import Connection, Reply, Request
from mooring.cluster.discovery import ApiResource, Discovery
from mooring.cluster.errors import NotFound, UnknownKind
from mooring.cluster.execution import Answer, Executed, Reached
from mooring.cluster.watching import Query
from mooring.refs import ObjectRef

FIELD_MANAGER: Final = "mooring"
_APPLY: Final = "application/apply-patch+yaml"  # JSON is YAML.
_DEFINITION: Final = "CustomResourceDefinition"

Propagation = Literal["Background", "Foreground", "Orphan"]


class Client:
    """
    A cluster as one user sees it; made by `connecting.connected`, which also closes it.

    ``namespace`` is where namespaced objects go that name none: that of the context, or "default".
    ``warn`` is told what the server warns of, each text once.
    """

    def __init__(
        self, connection: Connection, discovery: Discovery, *, warn: Callable[[str], None]
    ) -> None:
        self._connection = connection
        self._discovery = discovery
        self._warn = warn
        self._warned: set[str] = set()
        self.namespace = connection.access.namespace

    async def get(self, ref: ObjectRef) -> Manifest | None:
        """
        Return the object as it is now, None where there is none.

        Raises:
            UnknownKind: the server does not serve the kind.
        """
        kind = KindName(ref.api_version, ref.kind)
        try:
            reply = await self._where_it_lives(
                kind,
                lambda where: Request(
                    method="GET", path=self._path(where, ref.namespace, ref.name)
                ),
            )
        except NotFound:
            return None
        return _object(reply)

    async def list(
        self,
        kind: KindName,
        *,
        namespace: str | None = None,
        labels: str | None = None,
        fields: str | None = None,
        metadata_only: bool = False,
    ) -> Listing:
        """
        Return all objects of ``kind``, of all namespaces unless one is named.

        ``labels`` is a selector such as "app.kubernetes.io/part-of=coffee", ``fields`` one over
        the few fields that the kind allows, such as "involvedObject.name=web" of Events.  Pages of
        500 are read until there are no more; a list that expires half-way is read again from its
        start.

        Raises:
            UnknownKind: the server does not serve the kind.
        """
        query = Query(kind, namespace, labels, metadata_only, fields)
        where = await self._discovery.resource(kind)
        try:
            return await watching.listed(self._connection, query, where)
        except NotFound:
            where = await self._moved(kind)
            return await watching.listed(self._connection, query, where)

    def watch(
        self,
        kind: KindName,
        *,
        since: str,
        namespace: str | None = None,
        labels: str | None = None,
        fields: str | None = None,
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
        query = Query(kind, namespace, labels, metadata_only, fields)
        return watching.changes(self._connection, query, self._discovery, since)

    async def apply(
        self,
        manifest: Manifest,
        *,
        dry_run: bool = False,
        force: bool = False,
        check: Callable[[], None] | None = None,
    ) -> Manifest:
        """
        Create or change the object so that the fields of ``manifest`` are as it says.

        Fields of an earlier apply that are no longer in it are removed.  Returns the object as the
        server has it now (with ``dry_run``, would have it): take uid, generation and
        resourceVersion from there.  Safe to repeat, and repeated by itself when an answer is lost.
        ``check`` is called right before each try goes out, and raises where it must not any more.

        Raises:
            FieldConflict: others hold fields with other values, and ``force`` is not set.
            Conflict: the object carries a `metadata.uid` or `resourceVersion` that is not current.
            Invalid: the server does not accept it; `is_immutable` says when only recreating helps.
            NotFound: its namespace does not exist.
            UnknownKind: the server does not serve the kind.
        """
        flags = (("force", "true"),) if force else ()
        reply = await self._write(
            manifest,
            "PATCH",
            flags,
            dry_run=dry_run,
            content_type=_APPLY,
            is_repeatable=True,
            check=check,
        )
        if manifest.get("kind") == _DEFINITION and not dry_run:
            self._discovery.forget()
        return _object(reply)

    async def create(self, manifest: Manifest, *, dry_run: bool = False) -> Manifest:
        """
        Create the object, or let the server name it after `metadata.generateName`.

        Raises:
            AlreadyExists: there is one.
            OutcomeUnknown: the answer was lost; it may have been created.
        """
        return _object(await self._write(manifest, "POST", (), dry_run=dry_run))

    async def replace(self, manifest: Manifest, *, dry_run: bool = False) -> Manifest:
        """
        Replace the object that has the manifest's `metadata.resourceVersion`.

        Raises:
            Conflict: it has changed since, or was deleted and made again.
            NotFound: there is none.
            OutcomeUnknown: the answer was lost; it may have been replaced.
        """
        return _object(await self._write(manifest, "PUT", (), dry_run=dry_run))

    async def delete(
        self,
        ref: ObjectRef,
        *,
        uid: str | None = None,
        propagation: Propagation = "Background",
        dry_run: bool = False,
        check: Callable[[], None] | None = None,
    ) -> bool:
        """
        Delete the object; return False where there was none.

        ``check`` is called right before each try goes out, and raises where it must not any more.
        It is gone only when `get` says so: finalizers and Foreground propagation take time.

        Raises:
            Conflict: the object of that name has another ``uid``.
        """
        options: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "propagationPolicy": propagation,
        }
        if uid is not None:
            options["preconditions"] = {"uid": uid}
        if dry_run:
            options["dryRun"] = ["All"]
        try:
            await self._where_it_lives(
                KindName(ref.api_version, ref.kind),
                lambda where: Request(
                    method="DELETE",
                    path=self._path(where, ref.namespace, ref.name),
                    body=msgspec.json.encode(options),
                    check=check,
                ),
            )
        except NotFound:
            return False
        if ref.kind == _DEFINITION and not dry_run:
            self._discovery.forget()
        return True

    async def serves(self, kind: KindName, *, anew: bool = False) -> bool:
        """Return whether the server serves ``kind``; with ``anew`` it is asked again."""
        if anew:
            await self._discovery.ask_again()
        try:
            await self._discovery.resource(kind)
        except UnknownKind:
            return False
        return True

    async def is_namespaced(self, kind: KindName) -> bool:
        """
        Return whether objects of ``kind`` live in namespaces.

        Raises:
            UnknownKind: the server does not serve the kind.
        """
        return (await self._discovery.resource(kind)).is_namespaced

    async def kinds(self) -> Sequence[KindName]:
        """Return all kinds that can be listed, each in the version that the server prefers."""
        served = await self._discovery.served()
        found: dict[tuple[str, str], KindName] = {}
        for one in served.resources:
            if "list" in one.verbs:
                found.setdefault((one.group, one.kind), one.name)
        return tuple(found.values())

    async def silent(self) -> Sequence[str]:
        """Return the group versions of which the server cannot say now what it serves."""
        return (await self._discovery.served()).silent

    async def version(self) -> str:
        """Return the version that the server calls itself, such as "v1.36.3"."""
        return await self._discovery.version()

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
        from mooring.cluster import logs

        return await logs.text(
            self._connection, self._pod(pod), container, previous=previous, tail=tail
        )

    def follow_logs(
        self, pod: ObjectRef, container: str, *, tail: int | None = None
    ) -> AsyncIterator[str]:
        """Yield lines as they are written, without line breaks, until the container ends."""
        from mooring.cluster import logs

        return logs.followed(self._connection, self._pod(pod), container, tail=tail)

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
        from mooring.cluster import executing

        return await executing.executed(
            self._connection,
            self._pod(pod),
            container,
            command,
            stdin=stdin,
            timeout_seconds=timeout_seconds,
        )

    def port_forward(self, pod: ObjectRef, port: int) -> AbstractAsyncContextManager[int]:
        """
        Yield a port of 127.0.0.1 whose connections go to ``port`` of the pod.

        Connections that the pod refuses are closed; nothing is raised for them.
        """
        from mooring.cluster import forwarding

        return forwarding.forwarded(self._connection, self._pod(pod), port)

    async def reach(
        self, pod: ObjectRef, port: int, *, said: bytes = b"", seconds: float = 1.0
    ) -> Reached:
        """
        Return what comes of a connection to ``port`` of the pod on which ``said`` is sent.

        Where nothing is said, silence for ``seconds`` means that somebody listens.

        Raises:
            ClusterError: ports are not forwarded for us.
        """
        from mooring.cluster import reaching

        return await reaching.reached(
            self._connection, self._pod(pod), port, said=said, seconds=seconds
        )

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
        words = {"Service": "services", "Pod": "pods", "Node": "nodes"}
        where = ApiResource("v1", service.kind, words[service.kind], service.kind != "Node", ())
        name = f"{'https:' if scheme == 'https' else ''}{service.name}:{port}"
        base = self._path(where, service.namespace, name)
        inner, _, query = path.partition("?")
        request = Request(
            method="GET",
            path=f"{base}/proxy/{quote(inner.lstrip('/'), safe='/%:@')}",
            query=tuple(parse_qsl(query, keep_blank_values=True)),
            accept="*/*",
            is_typical=False,
            once=True,
            answer_seconds=timeout_seconds,
        )
        return await self._connection.answer(request)

    async def _write(
        self,
        manifest: Manifest,
        method: str,
        flags: tuple[tuple[str, str], ...],
        *,
        dry_run: bool,
        content_type: str = "application/json",
        is_repeatable: bool = False,
        check: Callable[[], None] | None = None,
    ) -> Reply:
        metadata = manifest.get("metadata") or {}
        query = (
            ("fieldManager", FIELD_MANAGER),
            ("fieldValidation", "Strict"),
            *flags,
            *((("dryRun", "All"),) if dry_run else ()),
        )
        name = "" if method == "POST" else str(metadata.get("name") or "")
        body = msgspec.json.encode(manifest)

        def request(where: ApiResource) -> Request:
            return Request(
                method=method,
                path=self._path(where, metadata.get("namespace"), name),
                query=query,
                body=body,
                content_type=content_type,
                is_repeatable=is_repeatable or dry_run,
                secrets=refusals.secrets_of(manifest),
                check=check,
            )

        kind = KindName(str(manifest.get("apiVersion")), str(manifest.get("kind")))
        reply = await self._where_it_lives(kind, request)
        for text in reply.warnings:
            if text not in self._warned:
                self._warned.add(text)
                self._warn(text)
        return reply

    async def _where_it_lives(
        self, kind: KindName, request: Callable[[ApiResource], Request]
    ) -> Reply:
        """
        Return the answer to the request; a path that is not there is looked up once more.

        Raises:
            NotFound: the object, or its namespace, is not there.
        """
        where = await self._discovery.resource(kind)
        try:
            return await self._connection.request(request(where))
        except NotFound as error:
            if error.about:
                raise
        return await self._connection.request(request(await self._moved(kind)))

    async def _moved(self, kind: KindName) -> ApiResource:
        """Return where ``kind`` lives now that it is not where it was."""
        await self._discovery.ask_again(unless_after=self._discovery.asked)
        return await self._discovery.resource(kind)

    def _path(self, where: ApiResource, namespace: str | None, name: str) -> str:
        parts = [where.prefix]
        if where.is_namespaced:
            parts += ("namespaces", quote(namespace or self.namespace, safe=""))
        parts.append(where.plural)
        if name:
            parts.append(quote(name, safe=":"))
        return "/".join(parts)

    def _pod(self, ref: ObjectRef) -> str:
        """Return the path of a pod."""
        return self._path(_POD, ref.namespace, ref.name)


_POD: Final = ApiResource("v1", "Pod", "pods", True, ())


def _object(reply: Reply) -> dict[str, Any]:
    value: dict[str, Any] = msgspec.json.decode(reply.body)
    return value
