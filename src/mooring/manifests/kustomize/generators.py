"""
ConfigMaps and Secrets that a kustomization makes of literals and files.

Their names stay without the hash that kustomize appends: every reference within the build follows
it, so that nothing can be judged better or worse with it.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/
"""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import msgspec

Read = Callable[[str], bytes]


class Generator(msgspec.Struct, frozen=True, rename="camel"):
    """An entry of ``configMapGenerator`` or ``secretGenerator``."""

    name: str
    namespace: str | None = None
    behavior: str = "create"
    literals: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    envs: tuple[str, ...] = ()
    env: str | None = None
    type: str | None = None
    options: dict[str, Any] = {}


def is_hashed(one: Generator, options: dict[str, Any]) -> bool:
    """Tell whether kustomize appends a hash of the content to the name of what ``one`` makes."""
    return {**options, **one.options}.get("disableNameSuffixHash") is not True


def generated(
    one: Generator, *, is_secret: bool, read: Read, options: dict[str, Any]
) -> dict[str, Any]:
    """
    Return the object that ``one`` makes; ``read`` returns the content of a file by its path.

    Raises:
        OSError: a file cannot be read.
    """
    values: dict[str, bytes] = {}
    for path in (*one.envs, *((one.env,) if one.env else ())):
        values.update(_lines(read(path)))
    for entry in one.files:
        key, separator, path = entry.partition("=")
        values[key if separator else entry.rsplit("/", 1)[-1]] = read(path if separator else entry)
    for literal in one.literals:
        key, _, text = literal.partition("=")
        values[key] = _unquoted(text).encode()
    metadata: dict[str, Any] = {"name": one.name}
    if one.namespace:
        metadata["namespace"] = one.namespace
    for word in ("labels", "annotations"):
        merged = {**options.get(word, {}), **one.options.get(word, {})}
        if merged:
            metadata[word] = merged
    made: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Secret" if is_secret else "ConfigMap",
        "metadata": metadata,
    }
    if is_secret:
        made["type"] = one.type or "Opaque"
        made["data"] = {key: b64encode(value).decode() for key, value in values.items()}
        return made
    texts, binaries = {}, {}
    for key, value in values.items():
        try:
            texts[key] = value.decode("utf-8")
        except UnicodeDecodeError:
            binaries[key] = b64encode(value).decode()
    if texts or not binaries:
        made["data"] = texts
    if binaries:
        made["binaryData"] = binaries
    return made


def _lines(content: bytes) -> dict[str, bytes]:
    found = {}
    for line in content.decode("utf-8", "replace").splitlines():
        stripped = line.lstrip()
        if stripped and not stripped.startswith("#"):
            key, separator, value = stripped.partition("=")
            if separator:
                found[key] = value.encode()
    return found


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text
