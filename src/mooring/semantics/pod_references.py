"""
The references that pods make, whoever makes the pods.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from collections.abc import Iterator

from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.pods import Container, PodTemplate
from mooring.semantics.reference import Reference, target

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")
_ACTIONS = ("httpGet", "tcpSocket")

_VOLUME_SECRETS = (
    ("azureFile", ("secretName",)),
    ("cephfs", ("secretRef", "name")),
    ("cinder", ("secretRef", "name")),
    ("csi", ("nodePublishSecretRef", "name")),
    ("flexVolume", ("secretRef", "name")),
    ("iscsi", ("secretRef", "name")),
    ("rbd", ("secretRef", "name")),
    ("scaleIO", ("secretRef", "name")),
    ("storageos", ("secretRef", "name")),
)
"""Volume sources that name a Secret with credentials in the pod's namespace."""

_SECRETS_STORE = "secrets-store.csi.k8s.io"
_SECRET_PROVIDER = GroupKind("secrets-store.csi.x-k8s.io", "SecretProviderClass")
_DEVICE_CLAIM = GroupKind("resource.k8s.io", "ResourceClaim")
_DEVICE_CLAIM_TEMPLATE = GroupKind("resource.k8s.io", "ResourceClaimTemplate")


def of(template: PodTemplate) -> Iterator[Reference]:
    """Yield the references of the pods: of the pod, its volumes, its containers."""
    spec, root = template.spec, fields.below(template.path, "spec")
    namespace = template.namespace
    for field in ("serviceAccountName", "serviceAccount"):
        if account := fields.text(spec.get(field)):
            yield _to(template, f"{root}.{field}", kinds.SERVICE_ACCOUNT, account, namespace)
            break
    for index, secret in fields.mappings(spec.get("imagePullSecrets")):
        if name := fields.text(secret.get("name")):
            path = f"{root}.imagePullSecrets[{index}].name"
            yield _to(template, path, kinds.SECRET, name, namespace)
    for field, kind in (
        ("priorityClassName", kinds.PRIORITY_CLASS),
        ("runtimeClassName", kinds.RUNTIME_CLASS),
    ):
        if name := fields.text(spec.get(field)):
            yield _to(template, f"{root}.{field}", kind, name)
    for index, claim in fields.mappings(spec.get("resourceClaims")):
        for field, kind in (
            ("resourceClaimName", _DEVICE_CLAIM),
            ("resourceClaimTemplateName", _DEVICE_CLAIM_TEMPLATE),
        ):
            if name := fields.text(claim.get(field)):
                path = f"{root}.resourceClaims[{index}].{field}"
                yield _to(template, path, kind, name, namespace)
    volumes = {}
    for path, volume in template.volumes:
        yield from _of_volume(template, path, volume)
        if name := fields.text(volume.get("name")):
            volumes[name] = volume
    for container in template.containers:
        yield from _of_container(template, container, volumes)


def _of_volume(template: PodTemplate, path: str, volume: Manifest) -> Iterator[Reference]:
    namespace = template.namespace
    yield from _of_data(template, path, volume)
    if name := fields.text(fields.at(volume, "persistentVolumeClaim", "claimName")):
        field = f"{path}.persistentVolumeClaim.claimName"
        yield _to(template, field, kinds.CLAIM, name, namespace)
    for index, source in fields.mappings(fields.at(volume, "projected", "sources")):
        yield from _of_data(template, f"{path}.projected.sources[{index}]", source)
    storage = fields.at(volume, "ephemeral", "volumeClaimTemplate", "spec", "storageClassName")
    if name := fields.text(storage):
        field = f"{path}.ephemeral.volumeClaimTemplate.spec.storageClassName"
        yield _to(template, field, kinds.STORAGE_CLASS, name)
    for source_name, keys in _VOLUME_SECRETS:
        if name := fields.text(fields.at(volume.get(source_name), *keys)):
            field = f"{path}.{source_name}.{'.'.join(keys)}"
            yield _to(template, field, kinds.SECRET, name, namespace)
    csi = fields.mapping(volume.get("csi"))
    provider = fields.text(fields.at(csi, "volumeAttributes", "secretProviderClass"))
    if provider and csi.get("driver") == _SECRETS_STORE:
        field = f"{path}.csi.volumeAttributes.secretProviderClass"
        yield _to(template, field, _SECRET_PROVIDER, provider, namespace)


def _of_data(template: PodTemplate, path: str, source: Manifest) -> Iterator[Reference]:
    """Yield what a volume, or a source of a projected one, takes from ConfigMaps and Secrets."""
    for field, kind in (("configMap", kinds.CONFIG_MAP), ("secret", kinds.SECRET)):
        data = fields.mapping(source.get(field))
        # A Secret as a volume is named differently from one as a source of a projected volume.
        for name_field in ("name", "secretName"):
            name = fields.text(data.get(name_field))
            if name:
                break
        else:
            continue
        optional = data.get("optional") is True
        found = target(kind, name, template.namespace)
        place = f"{path}.{field}"
        yield Reference(
            source=template.owner, field=f"{place}.{name_field}", target=found, optional=optional
        )
        for index, entry in fields.mappings(data.get("items")):
            if key := fields.text(entry.get("key")):
                yield Reference(
                    source=template.owner,
                    field=f"{place}.items[{index}].key",
                    target=found,
                    key=key,
                    optional=optional,
                )


def _of_container(
    template: PodTemplate, container: Container, volumes: dict[str, Manifest]
) -> Iterator[Reference]:
    for path, variable in container.env:
        source = fields.mapping(variable.get("valueFrom"))
        for field, kind in (
            ("configMapKeyRef", kinds.CONFIG_MAP),
            ("secretKeyRef", kinds.SECRET),
        ):
            place = f"{path}.valueFrom.{field}"
            yield from _of_keyed(template, place, kind, fields.mapping(source.get(field)))
    for path, entry in container.env_from:
        for field, kind in (("configMapRef", kinds.CONFIG_MAP), ("secretRef", kinds.SECRET)):
            named = fields.mapping(entry.get(field))
            if name := fields.text(named.get("name")):
                yield Reference(
                    source=template.owner,
                    field=f"{path}.{field}.name",
                    target=target(kind, name, template.namespace),
                    optional=named.get("optional") is True,
                )
    for path, mount in container.mounts:
        yield from _of_mount(template, path, mount, volumes)
    for index, device in fields.mappings(container.raw.get("volumeDevices")):
        if name := fields.text(device.get("name")):
            path = f"{container.path}.volumeDevices[{index}].name"
            yield Reference(source=template.owner, field=path, target=template.owner, volume=name)
    yield from _of_named_ports(template, container)


def _of_keyed(
    template: PodTemplate, path: str, kind: GroupKind, named: Manifest
) -> Iterator[Reference]:
    name, key = fields.text(named.get("name")), fields.text(named.get("key"))
    if name:
        yield Reference(
            source=template.owner,
            field=path,
            target=target(kind, name, template.namespace),
            key=key,
            optional=named.get("optional") is True,
        )


def _of_mount(
    template: PodTemplate, path: str, mount: Manifest, volumes: dict[str, Manifest]
) -> Iterator[Reference]:
    name = fields.text(mount.get("name"))
    if not name:
        return
    yield Reference(source=template.owner, field=f"{path}.name", target=template.owner, volume=name)
    # What a subPath does not find becomes an empty directory, where the program wants a file.
    file = fields.text(mount.get("subPath"))
    volume = volumes.get(name)
    if not file or volume is None:
        return
    for field, name_field, kind in (
        ("configMap", "name", kinds.CONFIG_MAP),
        ("secret", "secretName", kinds.SECRET),
    ):
        data = fields.mapping(volume.get(field))
        data_name = fields.text(data.get(name_field))
        if not data_name:
            continue
        optional = data.get("optional") is True
        if data.get("items"):
            yield Reference(
                source=template.owner,
                field=f"{path}.subPath",
                target=template.owner,
                volume=name,
                file=file,
                optional=optional,
            )
        else:
            yield Reference(
                source=template.owner,
                field=f"{path}.subPath",
                target=target(kind, data_name, template.namespace),
                key=file.strip("/"),
                optional=optional,
            )


def _of_named_ports(template: PodTemplate, container: Container) -> Iterator[Reference]:
    """Yield the ports that probes and hooks name: they mean those of their own container."""
    handlers = [(name, container.raw.get(name)) for name in _PROBES if name in container.raw]
    lifecycle = fields.mapping(container.raw.get("lifecycle"))
    handlers += [(f"lifecycle.{name}", lifecycle.get(name)) for name in _HOOKS if name in lifecycle]
    for place, handler in handlers:
        for action in _ACTIONS:
            port = fields.at(handler, action, "port")
            # Digits in quotes are no name; the API server refuses them, for another rule to say.
            if isinstance(port, str) and port and not port.isdigit():
                yield Reference(
                    source=template.owner,
                    field=f"{container.path}.{place}.{action}.port",
                    target=template.owner,
                    port=port,
                    container=container.path,
                )


def _to(
    template: PodTemplate, field: str, kind: GroupKind, name: str, namespace: str | None = None
) -> Reference:
    found = target(kind, name, namespace)
    return Reference(source=template.owner, field=field, target=found)
