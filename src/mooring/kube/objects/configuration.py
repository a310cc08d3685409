"""Settings and secret values that containers read."""

from collections.abc import Mapping
from typing import ClassVar

from mooring.kube.objects.meta import KubeObject, ObjectMeta
from mooring.sensitive import Sensitive


class ConfigMap(KubeObject, frozen=True, kw_only=True, gc=False):
    """
    Settings in clear.

    ``data`` holds texts, ``binary_data`` bytes that are no UTF-8 text; a key stands in one of
    them only.  Together at most 1 MiB (the API server refuses more).  ``config_map`` sorts
    contents into the two.
    """

    api_version: ClassVar[str] = "v1"
    kind: ClassVar[str] = "ConfigMap"

    data: dict[str, str] = {}
    binary_data: dict[str, bytes] = {}
    immutable: bool | None = None


class Secret(KubeObject, frozen=True, kw_only=True, gc=False):
    """
    Secret values, which no representation of the object shows.

    ``values`` are texts or bytes.  A manifest writes texts under ``stringData`` and bytes under
    ``data``; ``manifest.manifest`` masks them, ``manifest.revealed`` alone shows them.
    """

    api_version: ClassVar[str] = "v1"
    kind: ClassVar[str] = "Secret"

    type: str | None = None
    values: dict[str, Sensitive[str | bytes]] = {}
    immutable: bool | None = None


def config_map(
    metadata: ObjectMeta, contents: Mapping[str, str | bytes], *, immutable: bool | None = None
) -> ConfigMap:
    """
    Return a ConfigMap of ``contents``, bytes that are UTF-8 text as text.

    Only text reaches the environment of a container (``envFrom`` skips binary data), and
    kustomize sorts file contents in the same way.
    """
    data: dict[str, str] = {}
    binary_data: dict[str, bytes] = {}
    for key, content in contents.items():
        if isinstance(content, str):
            data[key] = content
            continue
        try:
            data[key] = content.decode("utf-8")
        except UnicodeDecodeError:
            binary_data[key] = content
    return ConfigMap(metadata=metadata, data=data, binary_data=binary_data, immutable=immutable)
