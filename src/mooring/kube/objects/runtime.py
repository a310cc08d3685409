"""Container runtimes besides the usual one, as pods name them."""

from typing import ClassVar

from mooring.kube.objects.meta import KubeObject


class RuntimeClass(KubeObject, frozen=True, kw_only=True, gc=False):
    """What the runtime of the nodes calls ``handler``; it has no namespace."""

    api_version: ClassVar[str] = "node.k8s.io/v1"
    kind: ClassVar[str] = "RuntimeClass"
    namespaced: ClassVar[bool] = False

    handler: str
