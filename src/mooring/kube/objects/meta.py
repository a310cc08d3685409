"""
What every object has: a kind, a name, labels, annotations.

``api_version`` and ``kind`` belong to the type, so an object cannot claim to be another kind.
"""

from typing import ClassVar, TypeAlias

import msgspec

from mooring.refs import ObjectRef

IntOrString: TypeAlias = int | str
"""A number, or a name or percentage: ports ("http"), budgets ("25%")."""


class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """A piece of an object: frozen, camel case on the wire, absent fields left out."""


class ObjectMeta(Part, frozen=True, kw_only=True, gc=False):
    """The identity of an object; ``namespace`` is None where it is decided later."""

    name: str
    namespace: str | None = None
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class TemplateMeta(Part, frozen=True, kw_only=True, gc=False):
    """What a template gives to the objects made from it; their names are made by the owner."""

    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class KubeObject(Part, frozen=True, kw_only=True, gc=False):
    """
    An object of one kind; subclasses set ``api_version`` and ``kind``.

    ``namespaced`` is False for the kinds that belong to the cluster as a whole.
    """

    api_version: ClassVar[str]
    kind: ClassVar[str]
    namespaced: ClassVar[bool] = True

    metadata: ObjectMeta

    @property
    def name(self) -> str:
        """The name of the object."""
        return self.metadata.name

    @property
    def ref(self) -> ObjectRef:
        """What the API server tells this object apart by."""
        return ObjectRef(self.api_version, self.kind, self.metadata.name, self.metadata.namespace)


class LabelSelectorRequirement(Part, frozen=True, kw_only=True, gc=False):
    """``operator`` is In, NotIn, Exists or DoesNotExist."""

    key: str
    operator: str
    values: tuple[str, ...] = ()


class LabelSelector(Part, frozen=True, kw_only=True, gc=False):
    """Selects objects by labels; without any requirement it selects all."""

    match_labels: dict[str, str] = {}
    match_expressions: tuple[LabelSelectorRequirement, ...] = ()


class LocalObjectReference(Part, frozen=True, gc=False):
    """The name of an object in the same namespace."""

    name: str
