"""Namespaces, and the identity under which pods run."""

from typing import ClassVar

from mooring.kube.objects.meta import KubeObject, LocalObjectReference


class Namespace(KubeObject, frozen=True, kw_only=True, gc=False):
    """A namespace; its labels select the Pod Security level."""

    api_version: ClassVar[str] = "v1"
    kind: ClassVar[str] = "Namespace"
    namespaced: ClassVar[bool] = False


class ServiceAccount(KubeObject, frozen=True, kw_only=True, gc=False):
    """The identity of pods towards the API; ours never mount a token unless asked."""

    api_version: ClassVar[str] = "v1"
    kind: ClassVar[str] = "ServiceAccount"

    automount_service_account_token: bool | None = None
    image_pull_secrets: tuple[LocalObjectReference, ...] = ()
