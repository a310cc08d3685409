"""
What kustomize cannot carry, and how it gets through all the same.

kustomize writes and reads YAML between its steps, and loses its way with a few contents (seen in
v5.5 to v5.8):
- U+007F to U+009F, U+FFFE and U+FFFF end the build with an error, or (U+0085) become a blank;
- a generated ConfigMap with a text of several lines, the first beginning with a tab, ends the
  build with an error;
- a key that YAML takes for a number, a date, a truth or null loses its quotes in what is
  generated and in labels and annotations, which ends the build with an error.

A ConfigMap or Secret with such a content is written as a finished object instead of being
generated: then tabs and keys do no harm, and the content of a file can stand in base64.  A
variable, an argument or an annotation with such a character, or a label with such a key, has no
other form; that is an error of the input.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from mooring.errors import InputError
from mooring.kube import labels, names
from mooring.kube.manifest import Manifest, Value
from mooring.kube.objects.configuration import ConfigMap, Secret
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive

_ODD = LazyPattern("[\x7f-\x9f\ufffe\uffff]")
# A little more than YAML takes for something other than a text.
_NUMBER = LazyPattern(r"[-+]?\.?[0-9][-+.0-9a-fox_]*|[-+]?\.inf|\.nan", re.IGNORECASE)
_FIRST_OF_NUMBERS = frozenset("-+.0123456789")
_NO_TEXTS = frozenset({"true", "false", "null", "~"})


class UncarriableText(InputError):
    """A text in an object, or a key of a label or annotation, that kustomize cannot carry."""

    def __init__(self, subject: str, what: str) -> None:
        super().__init__(
            f"{subject}: {what}, which kustomize cannot carry",
            remedy="change the text, or write finished manifests with --to plain",
        )


def is_generable(item: ConfigMap | Secret) -> bool:
    """Return whether kustomize generates ``item`` from files without loss."""
    if isinstance(item, Secret):
        return not any(_is_no_text(key) for key in item.values)
    return not (
        any(_is_no_text(key) for key in (*item.data, *item.binary_data))
        or any(_find_odd(text) or _begins_with_tab(text) for text in item.data.values())
    )


@lru_cache(maxsize=4096)
def _is_no_text(key: str) -> bool:
    if key[:1] in _FIRST_OF_NUMBERS:
        return _NUMBER.fullmatch(key) is not None
    return key.lower() in _NO_TEXTS


def _find_odd(text: str) -> re.Match[str] | None:
    """Return the first character of ``text`` that ends a build, or becomes another one."""
    if text.isascii() and "\x7f" not in text:
        return None
    return _ODD.search(text)


def secret_as_object(item: Secret) -> Secret:
    """Return ``item`` in a form that kustomize carries as a finished object: odd texts as bytes."""
    values: dict[str, Sensitive[str | bytes]] = {}
    for key, value in item.values.items():
        content = value.reveal()
        is_odd = isinstance(content, str) and _find_odd(content) is not None
        values[key] = Sensitive(str(content).encode()) if is_odd else value
    return msgspec.structs.replace(item, values=values)


def as_object(item: ConfigMap) -> ConfigMap:
    """
    Return ``item`` in a form that kustomize carries as a finished object.

    Contents of files move to binary data.  A single line whose key is the name of a variable
    stays: containers import no binary data into their environment.
    """
    moved = {
        key: text.encode()
        for key, text in item.data.items()
        if _find_odd(text) and ("\n" in text or not names.is_identifier(key))
    }
    if not moved:
        return item
    return msgspec.structs.replace(
        item,
        data={key: text for key, text in item.data.items() if key not in moved},
        binary_data={**item.binary_data, **moved},
    )


def losses(plain: Manifest, text: str) -> list[tuple[str, str]]:
    """
    Return each place of ``plain``, whose YAML is ``text``, that would be lost.

    Each is the object and what of it: what `UncarriableText` is made of.
    """
    found = [
        f'the key "{key}" in {path} looks like a number, a date, a truth or null'
        for path, keys in _metadata_keys(plain)
        for key in keys
        if _is_no_text(key)
    ]
    # The emitter escapes all of these characters, so most texts need no second look.
    if "\\u00" in text or "\\uff" in text:
        found += [f"{path} holds U+{ord(odd):04X}" for path, odd in _places(plain, "")]
    return [(_subject(plain), what) for what in found]


def _subject(plain: Manifest) -> str:
    kind, metadata = plain.get("kind"), plain.get("metadata")
    if not isinstance(metadata, dict):
        return str(kind)
    annotations = metadata.get("annotations")
    origin = annotations.get(labels.ORIGIN) if isinstance(annotations, dict) else None
    return f"{kind}/{metadata.get('name')}" + (f" (from {origin})" if origin else "")


def _metadata_keys(plain: Manifest) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the keys of labels and annotations: of an object, or of what a kustomization makes."""
    holders = [("metadata", plain.get("metadata"))]
    for field in ("configMapGenerator", "secretGenerator"):
        entries = plain.get(field)
        if isinstance(entries, list):
            holders += [
                (f"options of {entry.get('name')}", entry.get("options"))
                for entry in entries
                if isinstance(entry, dict)
            ]
    for path, holder in holders:
        if isinstance(holder, dict):
            for field in ("labels", "annotations"):
                keys = holder.get(field)
                if isinstance(keys, dict):
                    yield f"{path}.{field}", keys


def _begins_with_tab(text: str) -> bool:
    return text.startswith("\t") and "\n" in text


def _places(value: Value, path: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the character of each text below ``value`` that has one."""
    if isinstance(value, str):
        if found := _find_odd(value):
            yield path, found[0]
    elif isinstance(value, dict):
        for key, inner in value.items():
            if found := _find_odd(key):
                yield f"a key of {path}", found[0]
            yield from _places(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _places(inner, f"{path}[{index}]")
