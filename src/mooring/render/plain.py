"""
Finished manifests: one folder for each environment, ready for ``kubectl apply -f``.

    <environment>/00-namespace.yaml      first, since kubectl goes by the names of files
    <environment>/01-secrets.yaml        Secrets with values, kept out of git
    <environment>/secrets.yaml.example   the same without values
    <environment>/<workload>.yaml        all objects of a workload
    README.md, .gitignore

Names have no suffix, so a changed ConfigMap would go unnoticed by pods that read it at their
start: their template carries a checksum of the ConfigMaps that it names.  Secrets are left out of
it, because a checksum in a committed file lets anybody try passwords against it.  Jobs have none:
their template cannot change.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from mooring.kube import emitter, manifest
from mooring.kube.labels import CONFIG_CHECKSUM
from mooring.kube.manifest import Manifest
from mooring.kube.objects.configuration import ConfigMap, Secret
from mooring.kube.objects.identity import Namespace
from mooring.kube.objects.meta import KubeObject, TemplateMeta
from mooring.kube.objects.pods import PodSpec, PodTemplate
from mooring.kube.objects.workloads import DaemonSet, Deployment, StatefulSet
from mooring.render import layout
from mooring.render.environments import EnvironmentObjects, check_namespaces, in_namespace
from mooring.render.file_tree import File, FileTree, Owner

_NAMESPACE = "00-namespace"
_SECRETS = "01-secrets"
_IGNORED = (
    f"# Secret values stay on this machine; *.example lists their keys.\n/*/{_SECRETS}.yaml\n"
)
_VALUES_HEADING = "# Secret values. Git ignores this file.\n"
_EXAMPLE_HEADING = (
    f"# The secret values that this environment needs. Copy this file to {_SECRETS}.yaml and\n"
    "# fill it in, or get the values from your secret store.\n"
)


def render(environments: Sequence[EnvironmentObjects], *, readme: str) -> FileTree:
    """
    Return the tree of ``environments``; ``readme`` is the text of its README.md.

    Raises:
        ValueError: an object stands outside the namespace of its environment (a bug of ours).
    """
    check_namespaces(environments)
    every = [item for environment in environments for item in environment.objects]
    folders = layout.folders(every, taken=frozenset({_NAMESPACE, _SECRETS, "secrets"}))
    text = readme if readme.endswith("\n") else f"{readme}\n"
    files = {"README.md": File(text.encode()), ".gitignore": File(_IGNORED.encode())}
    for environment in environments:
        files |= _environment(environment, folders)
    return FileTree(files)


def finished(environment: EnvironmentObjects) -> Iterator[KubeObject]:
    """Yield the objects of ``environment`` with their namespace and checksums, in order."""
    contents = {item.metadata.name: item for item in environment.objects.of(ConfigMap)}
    for item in environment.objects:
        placed = in_namespace(item, environment.namespace)
        yield with_checksum(placed, contents)


def with_checksum(item: KubeObject, config_maps: Mapping[str, ConfigMap]) -> KubeObject:
    """Return ``item`` with the checksum of the ConfigMaps that its pods read, where it has any."""
    if isinstance(item, (Deployment, StatefulSet, DaemonSet)):
        template = item.spec.template
        read = sorted(name for name in config_maps_of(template.spec) if name in config_maps)
        if read:
            marked = _marked(template, _checksum(config_maps[name] for name in read))
            spec = msgspec.structs.replace(item.spec, template=marked)
            return msgspec.structs.replace(item, spec=spec)
    return item


def config_maps_of(pod: PodSpec) -> set[str]:
    """Return the names of the ConfigMaps that the containers and volumes of ``pod`` name."""
    found: set[str] = set()
    for container in (*pod.init_containers, *pod.containers):
        found.update(
            source.config_map_ref.name for source in container.env_from if source.config_map_ref
        )
        found.update(
            variable.value_from.config_map_key_ref.name
            for variable in container.env
            if variable.value_from and variable.value_from.config_map_key_ref
        )
    for volume in pod.volumes:
        if volume.config_map:
            found.add(volume.config_map.name)
        if volume.projected:
            found.update(
                source.config_map.name for source in volume.projected.sources if source.config_map
            )
    return found


def _environment(environment: EnvironmentObjects, folders: dict[str, str]) -> dict[str, File]:
    documents: dict[str, list[Manifest]] = {}
    secrets: list[Secret] = []
    for item in finished(environment):
        if isinstance(item, Secret):
            secrets.append(item)
            continue
        stem = _NAMESPACE if isinstance(item, Namespace) else folders[layout.workload(item)]
        documents.setdefault(stem, []).append(manifest.manifest(item))
    files = {
        f"{environment.name}/{stem}.yaml": File(emitter.emit_all(items).encode())
        for stem, items in documents.items()
    }
    if secrets:
        values = emitter.emit_all(manifest.revealed(secret) for secret in secrets)
        files[f"{environment.name}/{_SECRETS}.yaml"] = File(
            (_VALUES_HEADING + values).encode(), Owner.MANIFEST_VALUES, 0o600
        )
        example = emitter.emit_all(_without_values(secret) for secret in secrets)
        files[f"{environment.name}/secrets.yaml.example"] = File(
            (_EXAMPLE_HEADING + example).encode()
        )
    return files


def _without_values(secret: Secret) -> Manifest:
    plain = manifest.manifest(secret)
    if "stringData" in plain:
        plain["stringData"] = dict.fromkeys(secret.values, "")
    return plain


def _marked(template: PodTemplate, checksum: str) -> PodTemplate:
    metadata = template.metadata or TemplateMeta()
    annotations = {**metadata.annotations, CONFIG_CHECKSUM: checksum}
    return msgspec.structs.replace(
        template, metadata=msgspec.structs.replace(metadata, annotations=annotations)
    )


def _checksum(config_maps: Iterator[ConfigMap]) -> str:
    digest = hashlib.sha256()
    for item in config_maps:
        content = [item.metadata.name, sorted(item.data.items()), sorted(item.binary_data.items())]
        digest.update(msgspec.json.encode(content))
    return digest.hexdigest()
