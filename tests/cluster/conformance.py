"""
What a Kubernetes API server does, as far as deploying rests on it: one table for both servers.

The client is held to it against the real API server, and so is the fake one: what the fake does
not do as the real one does, a test of deploying proves nothing about.  Each case is a function of a
client and of a namespace of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

import msgspec
import pytest

from mooring.cluster import errors
from mooring.cluster.changes import Change, Event, KindName
from mooring.cluster.client import Client
from mooring.cluster.connection import Request
from mooring.refs import ObjectRef

Manifest = dict[str, Any]
Case = Callable[[Client, str], Awaitable[None]]

CONFIG_MAP = KindName("v1", "ConfigMap")
_LIMIT_SECONDS = 60.0


def config_map(namespace: str, name: str = "a", **data: str) -> Manifest:
    """Return a ConfigMap."""
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def workload(namespace: str, kind: str = "Deployment", **spec: Any) -> Manifest:
    """Return a Deployment, or another workload with a pod template."""
    labels = {"app": "web"}
    container = {"name": "web", "image": "example.com/web:1", "env": [{"name": "A", "value": "1"}]}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    fields: Manifest = {"template": template, **spec}
    if kind == "Job":
        template["spec"]["restartPolicy"] = "Never"
    else:
        fields["selector"] = {"matchLabels": labels}
    if kind == "StatefulSet":
        fields["serviceName"] = "web"
    return {
        "apiVersion": "batch/v1" if kind == "Job" else "apps/v1",
        "kind": kind,
        "metadata": {"name": "web", "namespace": namespace},
        "spec": fields,
    }


def ref_of(item: Manifest) -> ObjectRef:
    """Return the ref of a manifest."""
    metadata = item["metadata"]
    return ObjectRef(item["apiVersion"], item["kind"], metadata["name"], metadata.get("namespace"))


async def applied_by(client: Client, manager: str, item: Manifest, *, path: str) -> None:
    """Apply ``item`` as another manager."""
    await client._connection.request(
        Request(
            method="PATCH",
            path=path,
            query=(("fieldManager", manager),),
            body=msgspec.json.encode(item),
            content_type="application/apply-patch+yaml",
        )
    )


def config_map_path(namespace: str, name: str = "a") -> str:
    """Return where a ConfigMap lives."""
    return f"/api/v1/namespaces/{namespace}/configmaps/{name}"


async def apply_creates(client: Client, namespace: str) -> None:
    """The answer has what a deployer goes on with, and says who manages which field."""
    item = await client.apply(config_map(namespace, x="1"))
    metadata = item["metadata"]
    assert metadata["uid"]
    assert metadata["resourceVersion"]
    (entry,) = metadata["managedFields"]
    assert (entry["manager"], entry["operation"]) == ("mooring", "Apply")
    assert entry["fieldsV1"] == {"f:data": {"f:x": {}}}
    assert await client.get(ref_of(config_map(namespace))) == item


async def apply_of_the_same_changes_nothing(client: Client, namespace: str) -> None:
    """Neither the version nor the time in managedFields; of a workload only its state changes."""
    first = await client.apply(config_map(namespace, x="1"))
    assert await client.apply(config_map(namespace, x="1")) == first
    before = await client.apply(workload(namespace))
    after = await client.apply(workload(namespace))
    assert after["spec"] == before["spec"]
    assert after["metadata"]["generation"] == before["metadata"]["generation"]


async def apply_counts_generations(client: Client, namespace: str) -> None:
    """A new spec is a new generation, new labels are none."""
    item = workload(namespace, replicas=2)
    first = await client.apply(item)
    item["metadata"]["labels"] = {"a": "b"}
    labelled = await client.apply(item)
    changed = await client.apply(workload(namespace, replicas=3))
    generations = [one["metadata"]["generation"] for one in (first, labelled, changed)]
    assert generations == [1, 1, 2]
    assert "labels" not in changed["metadata"]


async def apply_removes_what_is_no_longer_said(client: Client, namespace: str) -> None:
    """A variable of a container, and a key of a map."""
    item = workload(namespace)
    item["spec"]["template"]["spec"]["containers"][0]["env"].append({"name": "B", "value": "2"})
    await client.apply(item)
    after = await client.apply(workload(namespace))
    (container,) = after["spec"]["template"]["spec"]["containers"]
    assert container["env"] == [{"name": "A", "value": "1"}]
    await client.apply(config_map(namespace, x="1", y="2"))
    assert (await client.apply(config_map(namespace, x="1")))["data"] == {"x": "1"}


async def apply_leaves_what_others_added(client: Client, namespace: str) -> None:
    """A key of a map that somebody else manages stays."""
    await client.apply(config_map(namespace, x="1"))
    other = config_map(namespace, y="2")
    await applied_by(client, "other", other, path=config_map_path(namespace))
    assert (await client.apply(config_map(namespace, x="3")))["data"] == {"x": "3", "y": "2"}


async def apply_meets_other_managers(client: Client, namespace: str) -> None:
    """A value that others hold is a conflict, unless it is the same, or forced."""
    path = config_map_path(namespace)
    await applied_by(client, "other", config_map(namespace, x="1", y="1"), path=path)
    await client.apply(config_map(namespace, x="1"))
    with pytest.raises(errors.FieldConflict) as caught:
        await client.apply(config_map(namespace, x="1", y="2"))
    assert caught.value.held == {".data.y": "other"}
    forced = await client.apply(config_map(namespace, x="1", y="2"), force=True)
    assert forced["data"] == {"x": "1", "y": "2"}
    owned = {one["manager"]: one["fieldsV1"] for one in forced["metadata"]["managedFields"]}
    assert owned["other"] == {"f:data": {"f:x": {}}}


async def an_edit_takes_a_field(client: Client, namespace: str) -> None:
    """Who replaces an object manages what it changed, and applying the old value conflicts."""
    item = dict(await client.apply(workload(namespace, replicas=2)))
    item["spec"] = {**item["spec"], "replicas": 5}
    # Without a version: its controller may have told its state meanwhile.
    item["metadata"] = {k: v for k, v in item["metadata"].items() if k != "resourceVersion"}
    await client._connection.request(
        Request(
            method="PUT",
            path=f"/apis/apps/v1/namespaces/{namespace}/deployments/web",
            query=(("fieldManager", "kubectl-edit"),),
            body=msgspec.json.encode(item),
        )
    )
    with pytest.raises(errors.FieldConflict) as caught:
        await client.apply(workload(namespace, replicas=2))
    assert caught.value.held == {".spec.replicas": "kubectl-edit"}


async def dry_run_keeps_nothing(client: Client, namespace: str) -> None:
    """It answers with the defaults that the object would have."""
    item = await client.apply(workload(namespace), dry_run=True)
    assert item["spec"]["replicas"] == 1
    assert await client.get(ref_of(workload(namespace))) is None
    live = await client.apply(config_map(namespace, x="1"))
    changed = await client.apply(config_map(namespace, x="2"), dry_run=True)
    assert changed["data"] == {"x": "2"}
    assert await client.get(ref_of(config_map(namespace))) == live
    assert await client.delete(ref_of(config_map(namespace)), dry_run=True)
    assert await client.get(ref_of(config_map(namespace))) == live


async def what_cannot_be_is_refused(client: Client, namespace: str) -> None:
    """Each with the error that says what to do about it."""
    with pytest.raises(errors.NotFound) as missing:
        await client.apply(config_map("no-such-namespace"))
    assert missing.value.about == "no-such-namespace"
    with pytest.raises(errors.UnknownKind):
        await client.apply({**config_map(namespace), "apiVersion": "example.com/v1", "kind": "X"})
    with pytest.raises(errors.Invalid, match="field not declared"):
        await client.apply({**config_map(namespace), "dta": {}})
    with pytest.raises(errors.Invalid, match="expected string"):
        await client.apply({**config_map(namespace), "data": {"x": 1}})
    with pytest.raises(errors.Invalid, match=r"metadata\.name"):
        await client.apply(config_map(namespace, "Not_A_Name"))


async def what_is_immutable_says_so(client: Client, namespace: str) -> None:
    """A Job's template, a StatefulSet's service name, a Deployment's selector."""
    for kind in ("Job", "StatefulSet", "Deployment"):
        await client.apply(workload(namespace, kind))
    job = workload(namespace, "Job")
    job["spec"]["template"]["spec"]["containers"][0]["image"] = "example.com/web:2"
    stateful_set = workload(namespace, "StatefulSet", serviceName="other")
    stateful_set["spec"]["serviceName"] = "other"
    deployment = workload(namespace)
    deployment["spec"]["selector"]["matchLabels"]["more"] = "x"
    deployment["spec"]["template"]["metadata"]["labels"]["more"] = "x"
    for changed in (job, stateful_set, deployment):
        with pytest.raises(errors.Invalid) as caught:
            await client.apply(changed)
        assert caught.value.is_immutable, caught.value
    scaled = workload(namespace, "StatefulSet", replicas=2)
    assert (await client.apply(scaled))["spec"]["replicas"] == 2


async def create_and_replace_are_exclusive(client: Client, namespace: str) -> None:
    """As a lease needs it: one creates, and one with the newest version replaces."""
    first = await client.create(config_map(namespace, x="1"))
    with pytest.raises(errors.AlreadyExists):
        await client.create(config_map(namespace, x="2"))
    second = await client.replace({**first, "data": {"x": "2"}})
    assert second["data"] == {"x": "2"}
    assert second["metadata"]["resourceVersion"] != first["metadata"]["resourceVersion"]
    with pytest.raises(errors.Conflict):
        await client.replace({**first, "data": {"x": "3"}})
    with pytest.raises(errors.NotFound):
        await client.replace(config_map(namespace, "absent"))


async def names_are_made_up(client: Client, namespace: str) -> None:
    """After generateName, each time another."""
    item = config_map(namespace)
    item["metadata"] = {"generateName": "run-", "namespace": namespace}
    names = {(await client.create(item))["metadata"]["name"] for _ in range(2)}
    assert len(names) == 2
    assert all(name.startswith("run-") for name in names)


async def delete_heeds_the_uid(client: Client, namespace: str) -> None:
    """Of another object of the same name nothing is deleted."""
    item = await client.apply(config_map(namespace))
    ref = ref_of(config_map(namespace))
    with pytest.raises(errors.Conflict):
        await client.delete(ref, uid="another")
    assert await client.delete(ref, uid=item["metadata"]["uid"])
    assert await client.get(ref) is None
    assert not await client.delete(ref)


async def a_finalizer_holds(client: Client, namespace: str) -> None:
    """The object stays, marked, until the last finalizer is gone."""
    item = config_map(namespace)
    item["metadata"]["finalizers"] = ["example.com/hold"]
    await client.apply(item)
    ref = ref_of(item)
    assert await client.delete(ref)
    held = await client.get(ref)
    assert held is not None
    assert held["metadata"]["deletionTimestamp"]
    metadata = {key: held["metadata"][key] for key in held["metadata"] if key != "finalizers"}
    await client.replace({**held, "metadata": metadata})
    assert await client.get(ref) is None


async def foreground_marks_the_owner(client: Client, namespace: str) -> None:
    """Where nothing is owned only a controller lets it go, and until then it is marked."""
    await client.apply(config_map(namespace))
    assert await client.delete(ref_of(config_map(namespace)), propagation="Foreground")
    held = await client.get(ref_of(config_map(namespace)))
    assert held is None or held["metadata"]["finalizers"] == ["foregroundDeletion"]


async def lists_select(client: Client, namespace: str) -> None:
    """By namespace and labels; each item says its kind, and metadata alone is enough for some."""
    for name, value in (("a", "x"), ("b", "y"), ("c", "y")):
        item = config_map(namespace, name, key="value")
        item["metadata"]["labels"] = {"group": value, "of": namespace}
        await client.apply(item)
    listing = await client.list(CONFIG_MAP, namespace=namespace, labels="group=y")
    assert [one["metadata"]["name"] for one in listing.items] == ["b", "c"]
    assert {(one["apiVersion"], one["kind"]) for one in listing.items} == {("v1", "ConfigMap")}
    assert listing.resource_version
    everywhere = await client.list(CONFIG_MAP, labels=f"of={namespace}", metadata_only=True)
    assert [one["metadata"]["name"] for one in everywhere.items] == ["a", "b", "c"]
    assert {one["kind"] for one in everywhere.items} == {"ConfigMap"}
    assert not any("data" in one for one in everywhere.items)
    chosen = await client.list(CONFIG_MAP, namespace=namespace, labels="group in (x,z),!more")
    assert [one["metadata"]["name"] for one in chosen.items] == ["a"]
    named = await client.list(CONFIG_MAP, namespace=namespace, fields="metadata.name=b")
    assert [one["metadata"]["name"] for one in named.items] == ["b"]
    with pytest.raises(errors.UnknownKind):
        await client.list(KindName("example.com/v1", "Absent"))


async def a_watch_tells_what_happens(client: Client, namespace: str) -> None:
    """In order, from the listing on, also when an object comes to match and ceases to."""
    before = await client.list(CONFIG_MAP, namespace=namespace)
    item = config_map(namespace, x="1")
    item["metadata"]["labels"] = {"watched": "yes"}
    await client.apply(item)
    await client.apply({**item, "data": {"x": "2"}})
    await client.apply(config_map(namespace, x="2"))
    await client.apply(item)
    await client.delete(ref_of(item))
    events = await first_events(
        client, 5, namespace=namespace, labels="watched=yes", since=before.resource_version
    )
    assert [one.change for one in events] == [
        Change.ADDED,
        Change.MODIFIED,
        Change.DELETED,
        Change.ADDED,
        Change.DELETED,
    ]
    assert events[1].item["data"] == {"x": "2"}
    assert {one.item["kind"] for one in events} == {"ConfigMap"}


async def a_watch_from_too_long_ago_is_listed_anew(client: Client, namespace: str) -> None:
    """What happened meanwhile is told as one list; a new kind has no history to tell from."""
    kind = await defined(client, namespace)
    await client.apply(widget(kind, namespace))
    (event,) = await first_events(client, 1, kind, namespace=namespace, since="1")
    assert event.change is Change.RELISTED
    assert event.listing is not None
    assert [one["metadata"]["name"] for one in event.listing.items] == ["a"]


async def first_events(
    client: Client, count: int, kind: KindName = CONFIG_MAP, **where: Any
) -> list[Event]:
    """Return the first events of a watch."""
    found = []
    async with asyncio.timeout(_LIMIT_SECONDS), aclosing(client.watch(kind, **where)) as all_:  # type: ignore[type-var]
        while len(found) < count:
            found.append(await anext(all_))
    return found


async def secrets_are_encoded(client: Client, namespace: str) -> None:
    """What is given as text is kept in base64, and under the field that was given."""
    item = {**config_map(namespace), "kind": "Secret", "stringData": {"key": "value"}}
    del item["data"]
    live = await client.apply(item)
    assert live["data"] == {"key": "dmFsdWU="}
    assert live["type"] == "Opaque"


async def nothing_new_in_a_namespace_that_goes(client: Client, namespace: str) -> None:
    """It is refused as forbidden, and the namespace says that it is terminating."""
    name = f"{namespace}-going"
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    await client.apply(space)
    held = config_map(name, "held")
    held["metadata"]["finalizers"] = ["example.com/hold"]
    await client.apply(held)
    assert await client.delete(ref_of(space))
    live = await client.get(ref_of(space))
    assert live is not None
    assert live["status"]["phase"] == "Terminating"
    with pytest.raises(errors.Forbidden, match="being terminated"):
        await client.apply(config_map(name))


async def kinds_are_discovered(client: Client, namespace: str) -> None:
    """With their scope, and those of definitions once they are established."""
    assert (await client.version()).startswith("v1.")
    assert KindName("apps/v1", "Deployment") in await client.kinds()
    assert await client.is_namespaced(CONFIG_MAP)
    assert not await client.is_namespaced(KindName("v1", "Namespace"))
    kind = await defined(client, namespace)
    assert (await client.apply(widget(kind, namespace)))["spec"] == {"size": 1}
    assert len((await client.list(kind)).items) == 1
    crd = ref_of(definition(f"{namespace}.example.com"))
    live = await client.get(crd)
    assert live is not None
    told = {one["type"]: one["status"] for one in live["status"]["conditions"]}
    assert told["Established"] == "True"
    assert await client.delete(crd)


async def defined(client: Client, namespace: str) -> KindName:
    """Define a kind of the namespace's own and return it once it is served."""
    group = f"{namespace}.example.com"
    kind = KindName(f"{group}/v1", "Widget")
    assert not await client.serves(kind)
    await client.apply(definition(group))
    async with asyncio.timeout(_LIMIT_SECONDS):
        while not await client.serves(kind, anew=True):
            await asyncio.sleep(0.05)
    return kind


def widget(kind: KindName, namespace: str) -> Manifest:
    """Return an object of the kind that `defined` defines."""
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {"name": "a", "namespace": namespace},
        "spec": {"size": 1},
    }


def definition(group: str) -> Manifest:
    """Return a definition of the kind Widget."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"widgets.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                }
            ],
        },
    }


async def what_is_not_there_is_not_found(client: Client, namespace: str) -> None:
    """Logs, commands and proxies say so, too."""
    pod = ObjectRef("v1", "Pod", "absent", namespace)
    with pytest.raises(errors.NotFound, match="absent"):
        await client.logs(pod, "web")
    with pytest.raises(errors.NotFound, match="absent"):
        await client.exec(pod, "web", ["true"])
    with pytest.raises(errors.NotFound, match="absent"):
        await client.proxy_get(ObjectRef("v1", "Service", "absent", namespace), 80)


CASES: tuple[Case, ...] = (
    apply_creates,
    apply_of_the_same_changes_nothing,
    apply_counts_generations,
    apply_removes_what_is_no_longer_said,
    apply_leaves_what_others_added,
    apply_meets_other_managers,
    an_edit_takes_a_field,
    dry_run_keeps_nothing,
    what_cannot_be_is_refused,
    what_is_immutable_says_so,
    create_and_replace_are_exclusive,
    names_are_made_up,
    delete_heeds_the_uid,
    a_finalizer_holds,
    foreground_marks_the_owner,
    lists_select,
    a_watch_tells_what_happens,
    a_watch_from_too_long_ago_is_listed_anew,
    secrets_are_encoded,
    nothing_new_in_a_namespace_that_goes,
    kinds_are_discovered,
    what_is_not_there_is_not_found,
)
