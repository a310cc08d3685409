"""
Finished manifests: one folder for each environment, ready for ``kubectl apply -f``.

    <environment>/00-namespace.yaml      first, since kubectl goes by the names of files
    <environment>/01-secrets.yaml        Secrets with values, kept out of git
    <environment>/secrets.yaml.example   the same without values
    <environment>/<workload>.yaml        all objects of a workload
    README.md, .gitignore
    docker-bake.hcl                      builds the images that the stack builds itself

Names have no suffix, so pod templates carry a checksum of the ConfigMaps that they read.
"""

from collections.abc import Callable, Iterator, Sequence

from mooring.beside import Beside
from mooring.kube import emitter, manifest
from mooring.kube.manifest import Manifest
from mooring.kube.objects.configuration import ConfigMap, Secret
from mooring.kube.objects.identity import Namespace
from mooring.kube.objects.meta import KubeObject
from mooring.render import builds, layout
from mooring.render.checksums import with_checksum
from mooring.render.environments import EnvironmentObjects, check_namespaces, in_namespace
from mooring.render.file_tree import File, FileTree, Owner

_MANY = 1000
"""From so many objects on a second process is worth what it costs for the README."""
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


def render(environments: Sequence[EnvironmentObjects], *, readme: Callable[[], str]) -> FileTree:
    """
    Return the tree of ``environments``; ``readme`` gives the text of its README.md.

    ``readme`` may be called in another process, and again in this one after it failed there.

    Raises:
        ValueError: an object stands outside the namespace of its environment (a bug of ours).
    """
    check_namespaces(environments)
    every = [item for environment in environments for item in environment.objects]
    folders = layout.folders(every, taken=frozenset({_NAMESPACE, _SECRETS, "secrets"}))
    files = {".gitignore": File(_IGNORED.encode())}
    files |= builds.files(environments)
    with Beside(lambda: readme().encode(), pays=len(every) >= _MANY) as told:
        for environment in environments:
            files |= _environment(environment, folders)
        text = told.result().decode()
    files["README.md"] = File((text if text.endswith("\n") else f"{text}\n").encode())
    return FileTree(files)


def finished(environment: EnvironmentObjects) -> Iterator[KubeObject]:
    """Yield the objects of ``environment`` with their namespace and checksums, in order."""
    contents = {item.metadata.name: item for item in environment.objects.of(ConfigMap)}
    for item in environment.objects:
        placed = in_namespace(item, environment.namespace)
        yield with_checksum(placed, contents)


def _environment(environment: EnvironmentObjects, folders: dict[str, str]) -> dict[str, File]:
    documents: dict[str, list[Manifest]] = {}
    secrets: list[Secret] = []
    for item in finished(environment):
        if isinstance(item, Secret):
            secrets.append(item)
            continue
        stem = _NAMESPACE if isinstance(item, Namespace) else folders[layout.workload(item)]
        documents.setdefault(stem, []).append(manifest.to_write(item))
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
