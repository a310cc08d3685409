"""
The variables of a container as its process will find them, with where each comes from.

``env`` wins over ``envFrom``, later sources win over earlier ones.  A value that stands in an
object of the input is known; one from outside it is not, and then nothing is claimed of it.

Source: https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
"""

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping

import msgspec

from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import Item, ManifestSet


class Variable(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    One variable.

    ``value`` is None where the input does not hold it.  ``field`` is where the container names it;
    ``source`` and ``key`` the ConfigMap or Secret that holds its value, at the field ``held_at``;
    None where it stands in the container itself.
    """

    name: str
    value: str | None
    field: str
    source: ObjectRef | None = None
    key: str | None = None
    held_at: str | None = None
    is_secret: bool = False

    def place(self, owner: ObjectRef) -> tuple[ObjectRef, str]:
        """Return the object and field in which the value stands; ``owner`` has the container."""
        if self.source is not None and self.held_at is not None:
            return self.source, self.held_at
        return owner, self.field


def variables(
    raw: Manifest, path: str, namespace: str, objects: ManifestSet
) -> tuple[Variable, ...]:
    """Return the variables of the container ``raw`` at ``path``, each once, the winners."""
    found: dict[str, Variable] = {}
    for index, source in fields.mappings(raw.get("envFrom")):
        for one in _imported(source, f"{path}.envFrom[{index}]", namespace, objects):
            found[one.name] = one
    for index, entry in fields.mappings(raw.get("env")):
        name = fields.text(entry.get("name"))
        if name is not None:
            found[name] = _single(name, entry, f"{path}.env[{index}]", namespace, objects)
    return tuple(found.values())


def texts(item: Item) -> Iterator[tuple[str, str, str]]:
    """Yield key, text and field of each entry of a ConfigMap or Secret that is a text."""
    is_secret = item.kind == kinds.SECRET
    for field in ("data", "stringData", "binaryData"):
        for key, value in fields.mapping(item.manifest.get(field)).items():
            if not isinstance(value, str):
                continue
            if (is_secret and field == "data") or field == "binaryData":
                decoded = decoded_text(value)
                if decoded is not None:
                    yield key, decoded, f"{field}.{key}"
            else:
                yield key, value, f"{field}.{key}"


def decoded_text(value: str) -> str | None:
    """Return the text of which ``value`` is the base64 form, None where it is no text's."""
    try:
        return b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def _imported(
    source: Manifest, field: str, namespace: str, objects: ManifestSet
) -> Iterator[Variable]:
    prefix = fields.text(source.get("prefix")) or ""
    for reference, kind in (("configMapRef", kinds.CONFIG_MAP), ("secretRef", kinds.SECRET)):
        name = fields.text(fields.at(source, reference, "name"))
        item = objects.find(kind, name, namespace) if name else None
        if item is not None:
            for key, value, held_at in texts(item):
                yield Variable(
                    name=prefix + key,
                    value=value,
                    field=field,
                    source=item.ref,
                    key=key,
                    held_at=held_at,
                    is_secret=kind == kinds.SECRET,
                )


def _single(
    name: str, entry: Manifest, field: str, namespace: str, objects: ManifestSet
) -> Variable:
    value = entry.get("value")
    origin = fields.mapping(entry.get("valueFrom"))
    if not origin:
        return Variable(name=name, value=value if isinstance(value, str) else None, field=field)
    for reference, kind in (("configMapKeyRef", kinds.CONFIG_MAP), ("secretKeyRef", kinds.SECRET)):
        chosen = fields.mapping(origin.get(reference))
        held_by, key = fields.text(chosen.get("name")), fields.text(chosen.get("key"))
        if held_by is None or key is None:
            continue
        item = objects.find(kind, held_by, namespace)
        held = {} if item is None else {one: (text, at) for one, text, at in texts(item)}
        text, held_at = held.get(key, (None, None))
        return Variable(
            name=name,
            value=text,
            field=field,
            source=None if item is None else item.ref,
            key=key,
            held_at=held_at,
            is_secret=kind == kinds.SECRET,
        )
    return Variable(name=name, value=None, field=field)


def expanded(text: str | None, variables: Mapping[str, Variable]) -> str | None:
    """Return ``text`` with the ``variables`` that Kubernetes puts in; None where one is unknown."""
    if text is None or "$(" not in text:
        return text
    for name in set(_REFERENCE.findall(text)):
        one = variables.get(name)
        if one is None or one.value is None or "$(" in one.value:
            return None
        text = text.replace(f"$({name})", one.value)
    return text


def put_in(one: Variable, variables: Mapping[str, Variable]) -> Variable | None:
    """Return the variable with a secret that Kubernetes puts into ``one``; None: there is none."""
    if one.value is None or "$(" not in one.value:
        return None
    named = (variables.get(name) for name in _REFERENCE.findall(one.value))
    return next((found for found in named if found is not None and found.is_secret), None)


_REFERENCE = LazyPattern(r"\$\(([A-Za-z_]\w*)\)")
