"""
Whom the containers of a bundle dial: the addresses in their variables and commands.

A name is looked up as the cluster's DNS does it: alone it is a Service of the same namespace, and
only a name that ends in ``svc`` and the cluster's domain is for certain one of the cluster.  Of two
labels the first may be a pod of a Service of the same namespace, or a Service of the namespace that
the second names: where the input has that, it is meant.  Any other name with dots may be anywhere
and is not judged.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from collections.abc import Iterable, Iterator

import msgspec

from mooring.check.pods import Container
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.objects import ManifestSet
from mooring.semantics.views import Service
from mooring.translate.discovery import addresses
from mooring.translate.discovery.addresses import Address

LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - a name to look for


class Dialled(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    An address that ``container`` is given, at ``field`` of ``ref``: where its text stands.

    ``named`` is the variable, or "command".  ``service`` and ``namespace`` are the names of the
    Service that the host means, None where it may be outside of the cluster; ``is_certain`` tells
    that the host can be nothing else.
    """

    container: Container
    field: str
    named: str
    address: Address
    service: str | None = None
    namespace: str = ""
    is_certain: bool = False
    ref: ObjectRef


def dialled(containers: Iterable[Container], names: "Names") -> Iterator[Dialled]:
    """Yield the addresses that the containers are given, in order; ``names`` are the input's."""
    for container in containers:
        values = {one.name: one.value for one in container.variables if one.value is not None}
        for one in container.variables:
            if one.value is None:
                continue
            for address in addresses.of_setting(one.name, one.value, values):
                ref, field = one.place(container.owner)
                yield placed(container, ref, field, one.name, address, names)
        if container.command or container.args:
            field = f"{container.path}.{'args' if container.args else 'command'}"
            for address in addresses.of_words(_run((*container.command, *container.args))):
                yield placed(container, container.owner, field, "its command", address, names)


def _run(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``words`` with what a shell puts for ``$0``, ``$1`` and so on in its script."""
    if len(words) < 4 or not words[0].endswith("sh") or "$" not in words[2]:
        return words
    if not words[1].startswith("-") or "c" not in words[1]:
        return words
    script = words[2]
    for index, word in enumerate(words[3:13]):
        for written in (f'"${index}"', f'"${{{index}}}"', f"${{{index}}}", f"${index}"):
            script = script.replace(written, word)
    return (*words[:2], script)


def placed(
    container: Container,
    ref: ObjectRef,
    field: str,
    named: str,
    address: Address,
    names: "Names",
) -> Dialled:
    """Return ``address`` as ``container`` looks it up, which ``named`` at ``field`` tells."""
    labels = address.host.rstrip(".").split(".")
    here = container.pod.namespace
    service: str | None = None
    namespace, certain = here, False
    if len(labels) == 1:
        service = labels[0]
    elif len(labels) == 2 and names.service(here, labels[1]) is not None:
        service = labels[1]
    elif len(labels) == 2 and names.service(labels[1], labels[0]) is not None:
        service, namespace = labels
    elif labels[-1] == "svc" or labels[-3:] == ["svc", "cluster", "local"]:
        inner = labels[: labels.index("svc")]
        certain = len(inner) in (2, 3)
        if certain:
            service, namespace = inner[-2], inner[-1]
    return Dialled(
        container=container,
        field=field,
        named=named,
        address=address,
        service=None if address.host in LOCAL else service,
        namespace=namespace,
        is_certain=certain,
        ref=ref,
    )


class Names:
    """The names that resolve within a bundle, besides those of Services."""

    def __init__(self, objects: ManifestSet) -> None:
        self._services = {
            (item.namespace, item.ref.name): Service(item)
            for item in objects.of_kind(kinds.SERVICE)
        }
        self._custom: dict[str, list[str]] = {}
        for item in objects:
            if not kinds.is_built_in(item.kind.group):
                self._custom.setdefault(item.namespace, []).append(item.ref.name)
        self.namespaces = {namespace for namespace, _ in self._services}
        self._places: dict[str, list[str]] = {}
        for namespace, name in self._services:
            self._places.setdefault(name, []).append(namespace)

    def service(self, namespace: str, name: str) -> Service | None:
        """Return the Service of that name."""
        return self._services.get((namespace, name))

    def names(self, namespace: str) -> list[str]:
        """Return the names of the Services of a namespace."""
        return [name for place, name in self._services if place == namespace]

    def may_be_here(self, namespace: str, name: str) -> bool:
        """
        Tell whether a Service of that name may turn out to be in ``namespace``.

        Where the namespace of one of the two is decided later, both may be in one.
        """
        found = self._places.get(name, [])
        return bool(found) and (not namespace or "" in found)

    def elsewhere(self, name: str) -> str | None:
        """Return the one namespace that has a Service of that name, None for none or several."""
        found = self._places.get(name, [])
        return found[0] if len(found) == 1 else None

    def may_be_made(self, namespace: str, name: str) -> bool:
        """Tell whether the operator of a custom resource may well make a Service of that name."""
        return any(
            name == own or name.startswith(f"{own}-") for own in self._custom.get(namespace, ())
        )

    def is_known_otherwise(self, one: Dialled) -> bool:
        """Tell whether the container itself resolves the name: an alias, or its own name."""
        spec = one.container.pod.spec
        own = {one.container.pod.owner.name, str(spec.get("hostname") or "")}
        aliases = {
            name
            for _, alias in fields.mappings(spec.get("hostAliases"))
            for name in fields.texts(alias.get("hostnames"))
        }
        return one.address.host in own | aliases
