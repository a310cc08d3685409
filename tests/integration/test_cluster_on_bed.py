"""The client against real controllers, a scheduler and kubelets that kwok plays."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

import pytest
from tests.support.bed import BedClient, Note, Stage, behaving

from mooring.cluster import collecting, errors
from mooring.cluster.changes import Change, KindName
from mooring.cluster.client import Client
from mooring.cluster.connecting import connected
from mooring.facts import declared
from mooring.refs import ObjectRef

pytestmark = pytest.mark.real

Act = Callable[[Client, str], Awaitable[None]]
_LIMIT_SECONDS = 120.0


def during(bed: BedClient, act: Act) -> None:
    """Let a client act in a namespace of its own."""

    async def run(namespace: str) -> None:
        environment = {"KUBECONFIG": str(bed.kubeconfig)}
        async with (
            asyncio.timeout(_LIMIT_SECONDS),
            connected(environment=environment, warn=lambda _: None) as client,
        ):
            await act(client, namespace)

    with bed.namespace("client") as namespace:
        asyncio.run(run(namespace))


def template(stage: Stage, **details: Any) -> dict[str, Any]:
    """Return a pod template, without the empty annotations that no server keeps."""
    made = behaving(stage, **details)
    return {**made, "metadata": {"labels": made["metadata"]["labels"]}}


def deployment(namespace: str, replicas: int = 2) -> dict[str, Any]:
    """Return a Deployment whose pods become ready."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": template(Stage.READY),
        },
    }


def pod(namespace: str, stage: Stage, notes: dict[Note, str] | None = None) -> dict[str, Any]:
    """Return a pod."""
    part = behaving(stage, notes=notes or {})
    metadata = {**part["metadata"], "name": "web", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": part["spec"]}


async def started(client: Client, namespace: str, restarts: int = 0) -> ObjectRef:
    """Return the pod `web` once its container has run, and has been restarted so often."""
    ref = ObjectRef("v1", "Pod", "web", namespace)
    while True:
        live = await client.get(ref)
        statuses = ((live or {}).get("status") or {}).get("containerStatuses") or ()
        if any(
            one["restartCount"] >= restarts and (restarts or "running" in one["state"])
            for one in statuses
        ):
            return ref
        await asyncio.sleep(0.1)


def test_a_rollout_is_seen_in_watches_from_before_it_began(bed: BedClient) -> None:
    async def act(client: Client, namespace: str) -> None:
        kind = KindName("apps/v1", "Deployment")
        before = await client.list(kind, namespace=namespace)
        await client.apply(deployment(namespace))
        ready = []
        watch = client.watch(kind, namespace=namespace, since=before.resource_version)
        async with aclosing(watch) as events:  # type: ignore[type-var]
            async for event in events:
                ready.append((event.item.get("status") or {}).get("readyReplicas", 0))
                if ready[-1] == 2:
                    break
        assert ready[0] == 0
        first = await client.apply(deployment(namespace))
        assert first["metadata"]["generation"] == 1, "its state made no conflict and no change"
        await client.delete(ObjectRef("apps/v1", "Deployment", "web", namespace))
        gone = client.watch(
            KindName("v1", "Pod"), namespace=namespace, since=first["metadata"]["resourceVersion"]
        )
        async with aclosing(gone) as events:  # type: ignore[type-var]
            left = 2
            async for event in events:
                left -= event.change is Change.DELETED
                if not left:
                    break

    during(bed, act)


def test_logs_of_now_and_before(bed: BedClient) -> None:
    bed.write_log("for-the-client", "one\ntwo\n")

    async def act(client: Client, namespace: str) -> None:
        await client.apply(pod(namespace, Stage.CRASH, {Note.LOGS: "for-the-client"}))
        ref = await started(client, namespace, restarts=1)
        assert await client.logs(ref, "web") == "one\ntwo\n"
        assert await client.logs(ref, "web", tail=1) == "two\n"
        assert await client.logs(ref, "web", previous=True) == "one\ntwo\n"
        with pytest.raises(errors.Invalid, match="not valid"):
            await client.logs(ref, "other")

    during(bed, act)


def test_a_command_runs_in_a_container(bed: BedClient) -> None:
    async def act(client: Client, namespace: str) -> None:
        await client.apply(pod(namespace, Stage.READY))
        ref = await started(client, namespace)
        # The bed's nodes never tell a command that its input ended, so this one does not wait.
        words = ["sh", "-c", "head -c 2; echo no >&2; exit 3"]
        done = await client.exec(ref, "web", words, stdin=b"in")
        assert (done.stdout, done.stderr) == (b"in", b"no\n")
        assert done.status is None, (
            "kwok tells the exit status in words, where kubelets do it as data"
        )
        assert "exit status 3" in done.error
        assert (await client.exec(ref, "web", ["true"])).status == 0

    during(bed, act)


def test_a_port_of_a_pod_is_reached(bed: BedClient) -> None:
    async def act(client: Client, namespace: str) -> None:
        await client.apply(pod(namespace, Stage.READY))
        ref = await started(client, namespace)
        async with client.port_forward(ref, 80) as local:
            for _ in range(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", local)
                writer.write(b"hello")
                assert await reader.readexactly(5) == b"hello", "the bed's nodes echo"
                writer.close()

    during(bed, act)


def test_of_what_controllers_made_nothing_is_declared(bed: BedClient) -> None:
    async def act(client: Client, namespace: str) -> None:
        service = {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "web", "namespace": namespace},
            "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
        }
        job = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "once", "namespace": namespace},
            "spec": {"template": template(Stage.COMPLETE, name="once", restartPolicy="Never")},
        }
        for item in (deployment(namespace, 3), service, job):
            await client.apply(item)
        while not await _is_ready(client, namespace):
            await asyncio.sleep(0.1)
        found = await collecting.collected(client, namespace=namespace)
        assert found.unread == ()
        seen = declared.declared(found.objects)
        names = {
            f"{one['kind']}/{one['metadata']['name']}"
            for one in seen.manifests
            if one["metadata"].get("namespace") == namespace and one["kind"] != "Logs"
        }  # kwok keeps its own Logs
        assert names == {"Deployment/web", "Service/web", "Job/once", "ServiceAccount/default"}
        specs = {
            one["kind"]: one["spec"]
            for one in seen.manifests
            if one["metadata"].get("namespace") == namespace and "spec" in one
        }
        for item in (deployment(namespace, 3), service, job):
            assert specs[item["kind"]] == item["spec"]

    during(bed, act)


async def _is_ready(client: Client, namespace: str) -> bool:
    live = await client.get(ObjectRef("apps/v1", "Deployment", "web", namespace))
    done = await client.get(ObjectRef("batch/v1", "Job", "once", namespace))
    return ((live or {}).get("status") or {}).get("readyReplicas") == 3 and bool(
        ((done or {}).get("status") or {}).get("succeeded")
    )
