"""The identity of a Kubernetes object, without its content."""

import msgspec


class ObjectRef(
    msgspec.Struct, frozen=True, order=True, gc=False, rename={"api_version": "apiVersion"}
):
    """
    What the API server tells objects apart by.

    ``namespace`` is None for cluster-scoped objects and for objects whose namespace is decided
    later (by a kustomization, or on the command line).
    """

    api_version: str
    kind: str
    name: str
    namespace: str | None = None

    def __str__(self) -> str:
        path = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind}/{path}"
