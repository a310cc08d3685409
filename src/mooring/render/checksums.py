"""
Checksums on pod templates, for ConfigMaps whose name does not change with their content.

Pods read most configuration once, at their start; a changed checksum in their template makes the
workload replace them.  Secrets are left out: a checksum in a committed file would let anybody try
passwords against it.  Jobs have none: the template of a Job cannot change.
"""

from collections.abc import Iterable, Mapping

import msgspec

from mooring import digests
from mooring.kube.labels import CONFIG_CHECKSUM
from mooring.kube.objects.configuration import ConfigMap
from mooring.kube.objects.meta import KubeObject, TemplateMeta
from mooring.kube.objects.pods import PodSpec, PodTemplate
from mooring.kube.objects.workloads import DaemonSet, Deployment, StatefulSet


def with_checksum(item: KubeObject, config_maps: Mapping[str, ConfigMap]) -> KubeObject:
    """Return ``item`` with a checksum of those of ``config_maps`` that its pods read, if any."""
    if not config_maps or not isinstance(item, (Deployment, StatefulSet, DaemonSet)):
        return item
    template = item.spec.template
    read = sorted(name for name in config_maps_of(template.spec) if name in config_maps)
    if not read:
        return item
    marked = _marked(template, _checksum(config_maps[name] for name in read))
    spec = msgspec.structs.replace(item.spec, template=marked)
    return msgspec.structs.replace(item, spec=spec)


def config_maps_of(pod: PodSpec) -> set[str]:
    """Return the names of the ConfigMaps that the containers and volumes of ``pod`` name."""
    found: set[str] = set()
    for container in (*pod.init_containers, *pod.containers):
        for source in container.env_from:
            if source.config_map_ref:
                found.add(source.config_map_ref.name)
        for variable in container.env:
            if variable.value_from and variable.value_from.config_map_key_ref:
                found.add(variable.value_from.config_map_key_ref.name)
    for volume in pod.volumes:
        if volume.config_map:
            found.add(volume.config_map.name)
        for projection in volume.projected.sources if volume.projected else ():
            if projection.config_map:
                found.add(projection.config_map.name)
    return found


def _marked(template: PodTemplate, checksum: str) -> PodTemplate:
    metadata = template.metadata or TemplateMeta()
    annotations = {**metadata.annotations, CONFIG_CHECKSUM: checksum}
    marked = msgspec.structs.replace(metadata, annotations=annotations)
    return msgspec.structs.replace(template, metadata=marked)


def _checksum(config_maps: Iterable[ConfigMap]) -> str:
    content = (
        [item.metadata.name, sorted(item.data.items()), sorted(item.binary_data.items())]
        for item in config_maps
    )
    return digests.hexadecimal(b"".join(map(msgspec.json.encode, content)))
