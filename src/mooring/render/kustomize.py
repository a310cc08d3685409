"""
A kustomize tree: what environments share in a base, and an overlay for each environment.

    base/kustomization.yaml           what all environments share
    base/<workload>/<kind>.yaml       objects
    base/config/                      contents of ConfigMaps
    environments/<environment>/
        kustomization.yaml            the entry point: kubectl apply -k environments/production
        namespace.yaml
        <workload>/<kind>.yaml        objects that not all environments have
        differences/                  a component: patches where this environment differs
        patches/                      a component: the user's own, applied last
        config/                       contents of ConfigMaps that differ
        secrets.env, secrets/         secret values, kept out of git
        secrets.env.example           the keys of these values
    README.md, .gitignore
    docker-bake.hcl                   builds the images that the stack builds itself

Objects carry their labels themselves; the namespace is set by each overlay.  The differences are
a component rather than patches of the overlay, because kustomize applies components first and
the user's patches have to come after ours.

The one-line values of the first Secret that has some stand in ``secrets.env``, those of another in
``secrets.<name>.env``, since kustomize makes a Secret of a file as a whole; values that do not
fit in a line stand in ``secrets/<name>/<key>``.  A Secret that kustomize cannot generate stands
in ``secrets/<name>.yaml``.
"""

from collections.abc import Callable, Iterator, Sequence

from mooring.errors import InputError, InputErrors
from mooring.kube import emitter, manifest
from mooring.kube.manifest import Manifest, Value
from mooring.kube.objects.configuration import ConfigMap, Secret
from mooring.kube.objects.identity import Namespace
from mooring.kube.objects.meta import KubeObject
from mooring.render import (
    builds,
    carriable,
    factor,
    generators,
    layout,
    object_texts,
    secret_values,
)
from mooring.render.checksums import with_checksum
from mooring.render.environments import EnvironmentObjects, check_namespaces
from mooring.render.file_tree import File, FileTree, Owner
from mooring.render.generators import FactoredConfig, Generator
from mooring.render.object_texts import Text

_OURS = frozenset({"config", "differences", "patches", "secrets"})
_HEADING = (
    "# Written by mooring. Your own changes belong in patches/ of an environment,\n"
    "# where they survive; changes here are noticed and never overwritten without asking.\n"
)
_IGNORED = (
    "# Secret values stay on this machine; *.example lists their keys.\n"
    "/environments/*/secrets.env\n"
    "/environments/*/secrets.*.env\n"
    "/environments/*/secrets/\n"
)
_VALUES_HEADING = (
    "Secret values of environment {environment}. Git ignores this file.\n"
    "KEY=value; everything after the first = is the value, quotes and blanks included."
)
_EXAMPLE_HEADING = (
    "The secret values that environment {environment} needs. Copy this file to {file} and\n"
    "fill it in, or get the values from your secret store.\n"
    "KEY=value; everything after the first = is the value, quotes and blanks included."
)
_PATCHES_README = """\
# Your patches for {environment}

What stands here is yours: it is written once and never touched again, and it is applied last.

`kustomization.yaml` in this folder is a kustomize component. To change an object, write a file
beside it with the fields to change and list the file:

```yaml
# more-memory.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        resources:
          limits:
            memory: 2Gi
```

```yaml
# kustomization.yaml
patches:
- path: more-memory.yaml
```

Leave the namespace out of a patch: it is set afterwards. Use names without the suffix that
kustomize gives to ConfigMaps and Secrets. More: https://kubectl.docs.kubernetes.io/references/
"""


def render(environments: Sequence[EnvironmentObjects], *, readme: Callable[[], str]) -> FileTree:
    """
    Return the tree of ``environments``; ``readme`` gives the text of its README.md.

    ``readme`` may be called in another process, and again in this one after it failed there.

    Raises:
        InputErrors: a text holds a character that kustomize cannot carry.
        ValueError: an object stands outside the namespace of its environment (a bug of ours).
    """
    check_namespaces(environments)
    every = [item for environment in environments for item in environment.objects]
    folders = layout.folders(every, taken=_OURS)
    written = {
        item.metadata.name
        for item in every
        if isinstance(item, ConfigMap) and not carriable.is_generable(item)
    }
    objects = {one.name: factor.by_identity(_written(one, written)) for one in environments}
    texts, about = object_texts.texts(objects, readme)
    fixed = generators.names_in_annotations(environments)
    config = generators.config_maps(environments, written=written, fixed=fixed)
    faults: list[InputError] = []
    files = {".gitignore": _text(_IGNORED)}
    files |= builds.files(environments)
    first, *_ = objects.values()
    shared: list[tuple[str, Text]] = []
    differences: dict[str, list[tuple[str, Text]]] = {name: [] for name in objects}
    for ref, (base, patches) in texts.items():
        if base is not None:
            path = _path(first[ref], folders)
            shared.append((path, base))
            for patched, patch in zip(differences.values(), patches, strict=True):
                if patch is not None:
                    patched.append((path, patch))
    files |= _base(shared, config, faults)
    has_base = bool(shared or config.base)
    for number, environment in enumerate(environments):
        own: list[tuple[str, Text]] = []
        for ref, item in objects[environment.name].items():
            base, in_each = texts[ref]
            whole = in_each[number]
            if base is None and whole is not None:
                own.append((_path(item, folders), whole))
        files |= _overlay(
            environment,
            own=own,
            differences=differences[environment.name],
            config=config.own[environment.name],
            secrets=generators.secrets(environment, fixed=fixed),
            has_base=has_base,
            faults=faults,
        )
    if faults:
        raise InputErrors(faults)
    files["README.md"] = _text(about)
    return FileTree(files)


def _written(environment: EnvironmentObjects, config_maps: set[str]) -> Iterator[KubeObject]:
    """Yield those objects of ``environment`` that are written as such, not generated."""
    kept = {
        item.metadata.name: carriable.as_object(item)
        for item in environment.objects.of(ConfigMap)
        if item.metadata.name in config_maps
    }
    for item in environment.objects:
        if isinstance(item, ConfigMap):
            if item.metadata.name in kept:
                yield kept[item.metadata.name]
        elif not isinstance(item, (Namespace, Secret)):
            yield with_checksum(item, kept)


def _base(
    shared: Sequence[tuple[str, Text]], config: FactoredConfig, faults: list[InputError]
) -> dict[str, File]:
    if not (shared or config.base):
        return {}
    files = {f"base/{path}": _file(text, faults) for path, text in shared}
    resources: list[Value] = [path for path, _ in shared]
    kustomization: dict[str, Value] = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
    }
    if resources:
        kustomization["resources"] = resources
    if config.base:
        kustomization["configMapGenerator"] = [_entry(item, "config") for item in config.base]
        for generator in config.base:
            files |= _config_files(generator, "base/config")
    files["base/kustomization.yaml"] = _kustomization(kustomization, faults)
    return files


def _overlay(
    environment: EnvironmentObjects,
    *,
    own: Sequence[tuple[str, Text]],
    differences: Sequence[tuple[str, Text]],
    config: Sequence[Generator],
    secrets: Sequence[Generator],
    has_base: bool,
    faults: list[InputError],
) -> dict[str, File]:
    root = f"environments/{environment.name}"
    files: dict[str, File] = {}
    resources: list[Value] = ["../../base"] if has_base else []
    for namespace in environment.objects.of(Namespace):
        resources.append("namespace.yaml")
        files[f"{root}/namespace.yaml"] = _yaml(manifest.to_write(namespace), faults)
    for path, text in own:
        resources.append(path)
        files[f"{root}/{path}"] = _file(text, faults)
    for secret in environment.objects.of(Secret):
        if not carriable.is_generable(secret):
            path = f"secrets/{secret.metadata.name}.yaml"
            resources.append(path)
            finished = carriable.secret_as_object(secret)
            values = emitter.emit(manifest.revealed(finished))
            files[f"{root}/{path}"] = File(values.encode(), Owner.MANIFEST_VALUES, 0o600)
    kustomization: dict[str, Value] = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": environment.namespace,
        "resources": resources,
    }
    if config:
        kustomization["configMapGenerator"] = [_entry(item, "config") for item in config]
        for generator in config:
            files |= _config_files(generator, f"{root}/config")
    if secrets:
        env_files = _env_files(secrets)
        kustomization["secretGenerator"] = [
            _entry(generator, "secrets", env_file=env_files.get(generator.name))
            for generator in secrets
        ]
        files |= _secret_files(environment.name, secrets, root)
    files |= _secret_listing(environment.name, files, root)
    components: list[Value] = ["patches"]
    if differences:
        components.insert(0, "differences")
        patches: list[Value] = []
        for path, patch in differences:
            patches.append({"path": path})
            files[f"{root}/differences/{path}"] = _file(patch, faults)
        files[f"{root}/differences/kustomization.yaml"] = _kustomization(
            {**_COMPONENT, "patches": patches}, faults
        )
    kustomization["components"] = components
    files[f"{root}/kustomization.yaml"] = _kustomization(kustomization, faults)
    files[f"{root}/patches/kustomization.yaml"] = File(
        emitter.emit({**_COMPONENT, "patches": []}).encode(), Owner.USER
    )
    files[f"{root}/patches/README.md"] = File(
        _PATCHES_README.format(environment=environment.name).encode(), Owner.USER
    )
    return files


_COMPONENT: dict[str, Value] = {
    "apiVersion": "kustomize.config.k8s.io/v1alpha1",
    "kind": "Component",
}


def _path(item: KubeObject, folders: dict[str, str]) -> str:
    return f"{folders[layout.workload(item)]}/{layout.file_name(item)}"


def _entry(generator: Generator, folder: str, *, env_file: str | None = None) -> Value:
    entry: dict[str, Value] = {"name": generator.name}
    if generator.merge:
        entry["behavior"] = "merge"
    if generator.type is not None:
        entry["type"] = generator.type
    if generator.lines:
        entry["envs"] = [env_file or f"{folder}/{generator.name}.properties"]
    if generator.files:
        paths = _file_paths(generator)
        entry["files"] = [f"{key}={folder}/{paths[key]}" for key in generator.files]
    if generator.options:
        entry["options"] = generator.options
    return entry


def _config_files(generator: Generator, folder: str) -> dict[str, File]:
    files: dict[str, File] = {}
    if generator.lines:
        content = secret_values.env_content(generator.lines, heading="")
        files[f"{folder}/{generator.name}.properties"] = File(content)
    paths = _file_paths(generator)
    for key, content in generator.files.items():
        files[f"{folder}/{paths[key]}"] = File(content)
    return files


def _file_paths(generator: Generator) -> dict[str, str]:
    """Return a path for each file's key, no two alike where case does not count."""
    paths: dict[str, str] = {}
    used: set[str] = set()
    for key in generator.files:
        name = key
        while name.lower() in used:
            name += "~"
        used.add(name.lower())
        paths[key] = f"{generator.name}/{name}"
    return paths


def _env_files(secrets: Sequence[Generator]) -> dict[str, str]:
    """Return the file of lines of each Secret that has lines, by the name of the Secret."""
    lined = [generator.name for generator in secrets if generator.lines]
    return {
        name: f"secrets.{name}.env" if position else "secrets.env"
        for position, name in enumerate(lined)
    }


def _secret_files(environment: str, secrets: Sequence[Generator], root: str) -> dict[str, File]:
    """Return the files with values, and the examples without."""
    files: dict[str, File] = {}
    env_files = _env_files(secrets)
    for generator in secrets:
        if not generator.lines:
            continue
        name = env_files[generator.name]
        values = secret_values.env_content(
            generator.lines, heading=_VALUES_HEADING.format(environment=environment)
        )
        files[f"{root}/{name}"] = File(values, Owner.ENV_VALUES, 0o600)
        example = secret_values.env_content(
            dict.fromkeys(generator.lines, ""),
            heading=_EXAMPLE_HEADING.format(environment=environment, file=name),
        )
        files[f"{root}/{name}.example"] = File(example)
    for generator in secrets:
        for key, path in _file_paths(generator).items():
            files[f"{root}/secrets/{path}"] = File(generator.files[key], Owner.VALUE, 0o600)
    return files


def _secret_listing(environment: str, files: dict[str, File], root: str) -> dict[str, File]:
    """Return the list of those of ``files`` that git ignores and no example shows, if any."""
    needed = [
        path.removeprefix(f"{root}/")
        for path, file in files.items()
        if file.owner in (Owner.VALUE, Owner.MANIFEST_VALUES)
    ]
    if not needed:
        return {}
    heading = (
        f"# The files with secret values that environment {environment} needs: each holds exactly\n"
        "# one value, a .yaml file a whole Secret. Git ignores them.\n"
    )
    return {f"{root}/secrets.files.example": _text(heading + "\n".join(needed))}


def _yaml(value: Manifest, faults: list[InputError], heading: str = "") -> File:
    return _file(object_texts.text(value), faults, heading)


def _file(text: Text, faults: list[InputError], heading: str = "") -> File:
    content, lost = text
    if lost:
        faults += [carriable.UncarriableText(*one) for one in lost]
    return File(heading.encode() + content if heading else content)


def _kustomization(value: Manifest, faults: list[InputError]) -> File:
    return _yaml(value, faults, _HEADING)


def _text(text: str) -> File:
    return File(text.encode() if text.endswith("\n") else f"{text}\n".encode())
