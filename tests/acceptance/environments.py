"""What a container finds in its environment, resolved from objects as a kubelet would."""

import re
from collections.abc import Iterable

from mooring.kube.manifest import Manifest, revealed
from mooring.kube.objects.containers import Container
from mooring.kube.objects.meta import KubeObject
from mooring.kube.objects.pods import PodSpec
from mooring.kube.objects.workloads import CronJob, DaemonSet, Deployment, Job, StatefulSet

_REFERENCE = re.compile(r"\$(\$|\(([-._a-zA-Z][-._a-zA-Z0-9]*)\))")


def pods(objects: Iterable[KubeObject]) -> dict[str, PodSpec]:
    """Return the pods that ``objects`` make, by the name of what makes them."""
    found: dict[str, PodSpec] = {}
    for one in objects:
        if isinstance(one, Deployment | StatefulSet | DaemonSet | Job):
            found[one.name] = one.spec.template.spec
        elif isinstance(one, CronJob):
            found[one.name] = one.spec.job_template.spec.template.spec
    return found


class Cluster:
    """The ConfigMaps and Secrets of an environment, with their values."""

    def __init__(self, objects: Iterable[KubeObject]) -> None:
        written = [revealed(one) for one in objects if one.kind in {"ConfigMap", "Secret"}]
        self._held = {(str(one["kind"]), _name(one)): one for one in written}

    def environment(self, container: Container) -> dict[str, str]:
        """
        Return the environment of ``container``, name by name.

        A later import wins over an earlier one, a single variable over all of them; a reference to
        a variable that is not known stays as it is written.  What a field of the pod gives is left
        out.

        Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
        """
        found: dict[str, str] = {}
        for source in container.env_from:
            assert source.config_map_ref is not None
            found.update(self._data("ConfigMap", source.config_map_ref.name))
        for variable in container.env:
            source_of_value = variable.value_from
            if source_of_value is None:
                found[variable.name] = _expanded(variable.value or "", found)
            elif source_of_value.secret_key_ref is not None:
                reference = source_of_value.secret_key_ref
                found[variable.name] = self._data("Secret", reference.name)[reference.key]
        return found

    def _data(self, kind: str, name: str) -> dict[str, str]:
        found = self._held[kind, name]
        data = found.get("stringData" if kind == "Secret" else "data") or {}
        assert isinstance(data, dict)
        return {key: str(value) for key, value in data.items()}


def _expanded(value: str, known: dict[str, str]) -> str:
    def replaced(match: re.Match[str]) -> str:
        if match[1] == "$":
            return "$"
        return known.get(match[2], match[0])

    return _REFERENCE.sub(replaced, value)


def _name(item: Manifest) -> str:
    metadata = item["metadata"]
    assert isinstance(metadata, dict)
    return str(metadata["name"])
