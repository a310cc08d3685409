"""
Files that hold secret values, and how a new key gets into one that the user has filled in.

Two forms: ``KEY=value`` lines that kustomize reads, and Secret manifests for plain output.  A
value that stands in the user's file always wins: it may be the only copy.
"""

from binascii import a2b_base64
from collections.abc import Mapping, Set

import msgspec

from mooring.kube import emitter
from mooring.kube.manifest import Manifest, Value


class UnreadableValues(Exception):
    """A file of secret values is not in its form; ``cause`` says why and shows no value."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """
    The content to write, and the keys whose value in the file is not the one that was computed.

    Where nothing is missing the content is that of the file, to the byte.
    """

    content: bytes
    differing: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Merged({len(self.content)} bytes, differing: {', '.join(self.differing)})"


def env_content(values: Mapping[str, str], *, heading: str) -> bytes:
    """Return ``values`` as lines, under ``heading`` (text of comment lines)."""
    comment = "".join(f"# {line}\n" for line in heading.splitlines())
    return (comment + "".join(f"{key}={value}\n" for key, value in values.items())).encode()


def env_values(content: bytes) -> dict[str, bytes]:
    """
    Return the values of a file of lines, as kustomize reads it: literally.

    The last line of a key wins here; kustomize refuses a key that comes twice.
    """
    values: dict[str, bytes] = {}
    for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        stripped = line.removesuffix(b"\r").lstrip()
        if stripped and not stripped.startswith(b"#"):
            key, _, value = stripped.partition(b"=")
            values[key.decode("utf-8", "replace")] = value
    return values


def merge_env(existing: bytes, computed: bytes, siblings: Mapping[str, bytes]) -> Merged:
    """
    Return ``existing`` with the keys of ``computed`` that it lacks.

    ``siblings`` are values that other files of the same environment hold; a missing key takes its
    value from there first.
    """
    present = env_values(existing)
    wanted = env_values(computed)
    lines = [
        key.encode() + b"=" + siblings.get(key, value) + b"\n"
        for key, value in wanted.items()
        if key not in present
    ]
    differing = tuple(
        key for key, value in wanted.items() if value and present.get(key, value) != value
    )
    if not lines:
        return Merged(content=existing, differing=differing)
    start = existing if not existing or existing.endswith(b"\n") else existing + b"\n"
    return Merged(content=start + b"".join(lines), differing=differing)


def merge_manifests(existing: bytes, computed: bytes) -> Merged:
    """
    Return the Secrets of ``existing`` with the Secrets and keys of ``computed`` that they lack.

    Raises:
        UnreadableValues: ``existing`` is not YAML with Secrets.
    """
    present = _secrets(existing)
    incomplete = False
    differing: list[str] = []
    for name, wanted in _secrets(computed).items():
        if name not in present:
            present[name] = wanted
            incomplete = True
            continue
        held, values = _values(present[name]), _values(wanted)
        differing += [
            f"{name}/{key}"
            for key, value in values.items()
            if value and held.get(key, value) != value
        ]
        missing = values.keys() - held.keys()
        if missing:
            present[name] = _with_keys(present[name], wanted, missing)
            incomplete = True
    if not incomplete:
        return Merged(content=existing, differing=tuple(differing))
    content = _leading_comment(existing) + emitter.emit_all(present.values()).encode()
    return Merged(content=content, differing=tuple(differing))


def manifest_values(content: bytes) -> dict[str, str]:
    """Return the texts of the Secrets in ``content`` by key; nothing where it is not their form."""
    try:
        found = _secrets(content)
        return {
            key: value.decode("utf-8", "replace")
            for secret in found.values()
            for key, value in _values(secret).items()
            if isinstance(value, bytes)
        }
    except UnreadableValues:
        return {}


def _secrets(content: bytes) -> dict[str, Manifest]:
    import yaml  # only where such a file exists already

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        documents = list(yaml.load_all(content, Loader=loader))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise UnreadableValues(f"it is not YAML{where}") from error
    found: dict[str, Manifest] = {}
    for document in documents:
        if document is None:
            continue
        if not isinstance(document, dict) or document.get("kind") != "Secret":
            raise UnreadableValues("it holds something other than Secrets")
        metadata = document.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        if not isinstance(name, str):
            raise UnreadableValues("it holds a Secret without a name")
        found[name] = document
    return found


def _values(secret: Manifest) -> dict[str, object]:
    """Return the values by key, those in base64 decoded; what is not base64 as it stands."""
    values: dict[str, object] = {}
    for key, value in _mapping(secret, "data").items():
        try:
            values[key] = a2b_base64(str(value), strict_mode=True)
        except ValueError:
            values[key] = value
    for key, value in _mapping(secret, "stringData").items():
        values[key] = value.encode() if isinstance(value, str) else value
    return values


def _with_keys(secret: Manifest, other: Manifest, keys: Set[str]) -> Manifest:
    """Return ``secret`` with ``keys`` of ``other``, in its fields and order."""
    changed = dict(secret)
    for field in ("stringData", "data"):
        added = {key: value for key, value in _mapping(other, field).items() if key in keys}
        if added:
            changed[field] = {**_mapping(secret, field), **added}
    return changed


def _mapping(secret: Manifest, field: str) -> dict[str, Value]:
    value = secret.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnreadableValues(f"{field} of a Secret is not a mapping")
    return value


def _leading_comment(content: bytes) -> bytes:
    end = 0
    while content.startswith(b"#", end):
        end = content.find(b"\n", end) + 1 or len(content)
    return content[:end]
