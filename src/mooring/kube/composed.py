"""
Variables that are composed of values of Secrets, as `postgres://app:$(PASSWORD)@db/shop`.

Whoever sets such a value in one place sets it inside of the text as well, where not every character
can stand.
"""

from collections.abc import Iterator, Mapping

import msgspec

from mooring.credentials import Form, can_hold, passwords_in
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.containers import Container
from mooring.kube.objects.pods import PodSpec
from mooring.kube.objects.workloads import CronJob, DaemonSet, Deployment, Job, StatefulSet
from mooring.patterns import LazyPattern


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """
    The variable ``name`` of the object ``owner``, whose text refers to other variables.

    ``keys`` has the key of a Secret by the variable that holds its value.
    """

    owner: str
    name: str
    text: str
    keys: Mapping[str, str]

    def with_values(self, values: Mapping[str, str]) -> str:
        """Return the text with those of ``values``, by key, that stand in it."""
        return _REFERENCE.sub(
            lambda found: values.get(self.keys.get(found[1], ""), found[0]), self.text
        )

    def can_hold(self, key: str, value: str) -> bool:
        """Tell whether ``value`` of ``key`` leaves the text around it what it is."""
        form = self._forms().get(key)
        return form is None or can_hold(form, value)

    def _forms(self) -> dict[str, Form]:
        return {
            self.keys[found[1]]: one.form
            for one in passwords_in(self.text)
            if (found := _REFERENCE.fullmatch(self.text[one.start : one.end]))
        }


_REFERENCE = LazyPattern(r"(?<!\$)\$\(([^()]+)\)")


def composed_variables(objects: ObjectSet) -> Iterator[Composed]:
    """Yield the variables of all pods of ``objects`` that are composed of values of Secrets."""
    for owner, pod in _pods(objects):
        for container in (*pod.init_containers, *pod.containers):
            if any(one.value is not None and "$(" in one.value for one in container.env):
                yield from _of(container, owner)


def _of(container: Container, owner: str) -> Iterator[Composed]:
    held = {
        one.name: one.value_from.secret_key_ref.key
        for one in container.env
        if one.value_from is not None and one.value_from.secret_key_ref is not None
    }
    for one in container.env:
        named = set(_REFERENCE.findall(one.value)) if one.value is not None else set()
        keys = {name: held[name] for name in named if name in held}
        if keys:
            assert one.value is not None
            yield Composed(owner=owner, name=one.name, text=one.value, keys=keys)


def _pods(objects: ObjectSet) -> Iterator[tuple[str, PodSpec]]:
    for item in objects:
        if isinstance(item, (Deployment, StatefulSet, DaemonSet, Job)):
            yield item.metadata.name, item.spec.template.spec
        elif isinstance(item, CronJob):
            yield item.metadata.name, item.spec.job_template.spec.template.spec
