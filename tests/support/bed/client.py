"""What tests do with the test bed: namespaces of their own, pods, nodes, events, waiting."""

import itertools
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.support.bed import cluster
from tests.support.bed.stages import LABEL, Note, Stage
from tests.support.controlplane import Endpoint
from tests.support.kubeapi import KubeApi, KubeObject

T = TypeVar("T")

_PATIENCE_SECONDS = 60.0
"""How long a state may take to come: a busy machine takes ten times what an idle one does."""


class BedClient:
    """A client of the bed at ``endpoint``, to be used in a `with` block."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.api = KubeApi(endpoint)
        self._numbers = itertools.count()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.api.close()

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig."""
        return Path(self.endpoint.kubeconfig)

    @contextmanager
    def namespace(self, prefix: str = "test") -> Iterator[str]:
        """
        Yield the name of a namespace that nobody else uses; its deletion is asked for at the end.

        Pods can be made in it at once: its default ServiceAccount is there.
        """
        name = f"{prefix}-{os.getpid()}-{next(self._numbers)}"
        self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        try:
            self.wait_for(lambda: self.exists(f"/api/v1/namespaces/{name}/serviceaccounts/default"))
            yield name
        finally:
            self.api.delete(f"/api/v1/namespaces/{name}")

    @contextmanager
    def node(self, name: str, **shape: Any) -> Iterator[str]:
        """Yield ``name`` of a further node, ready, of the shape that `cluster.node` takes."""
        self.apply(cluster.node(name, **shape))
        path = f"/api/v1/nodes/{name}"
        try:
            self.wait_for(
                lambda: any(
                    (each["type"], each["status"]) == ("Ready", "True")
                    for each in self.api.get(path)["status"].get("conditions", [])
                )
            )
            yield name
        finally:
            self.api.delete(path)

    def apply(self, *objects: KubeObject) -> None:
        """Apply ``objects`` in order; raise AssertionError with the words of a refusal."""
        for verdict in self.api.apply(objects, manager="test"):
            assert verdict.error is None, f"{verdict.ref}: {verdict.error}"

    def exists(self, path: str) -> bool:
        """Return whether there is an object at ``path`` of the API."""
        try:
            self.api.get(path)
        except OSError:
            return False
        return True

    def pods(self, namespace: str, selector: str = "") -> list[dict[str, Any]]:
        """Return the pods of ``namespace`` that the label ``selector`` selects."""
        query = f"?labelSelector={selector}" if selector else ""
        items: list[dict[str, Any]] = self.api.get(f"/api/v1/namespaces/{namespace}/pods{query}")[
            "items"
        ]
        return items

    def events(self, namespace: str, name: str) -> list[tuple[str, str, str]]:
        """Return type, reason and message of the events about the object ``name``, oldest first."""
        query = f"?fieldSelector=involvedObject.name={name}"
        items = self.api.get(f"/api/v1/namespaces/{namespace}/events{query}")["items"]
        items.sort(key=lambda each: each["metadata"]["creationTimestamp"])
        return [(each["type"], each["reason"], each.get("message", "")) for each in items]

    def stage(self, namespace: str, pod: str, stage: Stage) -> None:
        """Let a living ``pod`` behave as ``stage`` says from now on."""
        path = f"/api/v1/namespaces/{namespace}/pods/{pod}"
        self.api.patch(path, {"metadata": {"labels": {LABEL: stage}}})

    def write_log(self, name: str, text: str) -> None:
        """Let pods whose annotation `Note.LOGS` is ``name`` have logged ``text``."""
        cluster.write_log(self.endpoint, name, text)

    def wait_for(self, ask: Callable[[], T], *, seconds: float = _PATIENCE_SECONDS) -> T:
        """
        Return the first answer of ``ask`` that is true.

        Raises:
            AssertionError: there was none within ``seconds``; the message holds the last answer.
        """
        deadline = time.monotonic() + seconds
        while not (answer := ask()):
            assert time.monotonic() < deadline, f"not so after {seconds} s: {answer!r}"
            time.sleep(0.05)
        return answer


def behaving(
    stage: Stage, *, name: str = "web", notes: Mapping[Note, str] = {}, **spec: Any
) -> dict[str, Any]:
    """
    Return the metadata and spec of a pod (or pod template) that behaves as ``stage`` says.

    Its only container is `web`, unless ``spec`` names others.
    """
    containers: Sequence[KubeObject] = [{"name": "web", "image": "registry.example/web:1"}]
    return {
        "metadata": {
            "labels": {"app": name, LABEL: str(stage)},
            "annotations": {str(note): text for note, text in notes.items()},
        },
        "spec": {"containers": containers, **spec},
    }
