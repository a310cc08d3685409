"""
ConfigMaps and Secrets, and how containers refer to their keys.

Plain settings of a container stand in one ConfigMap, which the container imports as a whole: its
values need no escaping there.  What several have in common stands in a ConfigMap of its own.
Secret settings and one-line secret files are keys of one Secret of the application, each imported
by name, so that a container sees the secrets it needs and no others, and so that a value which
several containers share has one source.
"""

from functools import lru_cache

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import NOBODY, Document, Setting
from mooring.app.replicas import Own
from mooring.app.workloads import Container, all_containers
from mooring.generate.expansion import literal, referring
from mooring.generate.identity import metadata
from mooring.generate.secret_keys import embedded_secrets, secret_settings
from mooring.generate.shared_settings import Group, groups
from mooring.kube.labels import POD_INDEX
from mooring.kube.names import config_key, is_config_key, is_env_name, label
from mooring.kube.objects.configuration import ConfigMap, Secret
from mooring.kube.objects.containers import (
    EnvFromSource,
    EnvSource,
    EnvVar,
    EnvVarSource,
    KeySelector,
)
from mooring.kube.objects.volumes import ObjectFieldSelector
from mooring.sensitive import Sensitive


class DocumentPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a document's files stand: the object's name and the key of each relative path."""

    object_name: str
    is_secret: bool
    keys: dict[str, str]


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """
    All settings and documents of an application, each with its place.

    ``imported`` names the ConfigMaps that each container imports as a whole.  ``embedded_keys``
    has the keys of the secrets in a setting that is composed of them, in their order.
    """

    config_maps: tuple[ConfigMap, ...]
    secrets: tuple[Secret, ...]
    secret_name: str
    setting_keys: dict[tuple[str, str], str]
    documents: dict[str, DocumentPlace]
    imported: dict[str, tuple[str, ...]] = {}
    embedded_keys: dict[tuple[str, str], tuple[str, ...]] = {}

    def environment_of(
        self, container: Container
    ) -> tuple[tuple[EnvFromSource, ...], tuple[EnvVar, ...]]:
        """Return what a container imports as a whole, and its single variables."""
        single: list[EnvVar] = []
        composed = [setting for setting in container.settings if setting.embedded]
        for setting in container.settings:
            if setting.embedded:
                continue
            if setting.is_secret:
                key = self.setting_keys[container.name, setting.name]
                reference = KeySelector(name=self.secret_name, key=key)
                source = EnvVarSource(secret_key_ref=reference)
                single.append(EnvVar(name=setting.name, value_from=source))
            elif setting.own is not None:
                field = ObjectFieldSelector(field_path=_FIELDS[setting.own])
                source = EnvVarSource(field_ref=field)
                single.append(EnvVar(name=setting.name, value_from=source))
            elif setting.references:
                (value,) = referring((_plain(setting),), setting.references)
                single.append(EnvVar(name=setting.name, value=value))
            elif not _can_be_imported(setting.name):
                single.append(EnvVar(name=setting.name, value=literal(_plain(setting))))
        if composed:
            from mooring.generate.composition import with_composed

            keys = {one.name: self.embedded_keys[container.name, one.name] for one in composed}
            single = with_composed(single, composed, keys, secret_name=self.secret_name)
        whole = tuple(
            EnvFromSource(config_map_ref=EnvSource(name=name))
            for name in self.imported.get(container.name, ())
        )
        return whole, tuple(single)


_FIELDS = {
    Own.NAME: "metadata.name",
    # Kubernetes 1.28 has this label, and every later version.
    Own.NUMBER: f"metadata.labels['{POD_INDEX}']",
    Own.ADDRESS: "status.podIP",
}


def settings_name(container: Container) -> str:
    """Return the name of the ConfigMap that holds a container's plain settings."""
    return label(f"{container.name}-env")


def shared_settings(application: Application) -> tuple[Group, ...]:
    """Return the plain settings that containers of ``application`` have in common, in groups."""
    containers = tuple(one for part in application.parts for one in all_containers(part))
    plain = {one.name: _imported_settings(one) for one in containers}
    taken = {
        label(f"{application.name}-secrets"),
        *(settings_name(one) for one in containers),
        *(document.name for document in application.documents),
    }
    return groups(plain, taken)


def configuration(
    application: Application, shared: tuple[Group, ...] | None = None
) -> Configuration:
    """
    Return the ConfigMaps and Secrets of ``application`` and the places in them.

    ``shared`` are groups of settings that stand together; by default its own.  Those of the whole
    application, given for an environment that holds a part of it, make environments alike.
    """
    secret_name = label(f"{application.name}-secrets")
    values: dict[str, Sensitive[str | bytes]] = {}
    setting_keys = secret_settings(application, values)
    embedded_keys = embedded_secrets(application, setting_keys, values)
    imported: dict[str, tuple[str, ...]] = {}
    if shared is None:
        shared = shared_settings(application)
    config_maps = _settings_maps(application, shared, imported)
    secrets: list[Secret] = []
    places: dict[str, DocumentPlace] = {}
    object_names = _object_names(application, secret_name, config_maps)
    for document in application.documents:
        line = document.single_line
        if document.external_name is not None:
            places[document.name] = DocumentPlace(
                object_name=document.external_name, is_secret=document.is_secret, keys={}
            )
        elif line is not None:
            key = setting_keys[NOBODY, document.name]
            places[document.name] = DocumentPlace(
                object_name=secret_name, is_secret=True, keys={line[0]: key}
            )
        else:
            keys = _file_keys(document)
            name = object_names[document.name]
            places[document.name] = DocumentPlace(
                object_name=name, is_secret=document.is_secret, keys=keys
            )
            made = _document_object(application, document, name, keys)
            if isinstance(made, Secret):
                secrets.append(made)
            else:
                config_maps.append(made)
    if values:
        own = Secret(metadata=metadata(secret_name, application), values=values)
        secrets.insert(0, own)
    return Configuration(
        config_maps=tuple(config_maps),
        secrets=tuple(secrets),
        secret_name=secret_name,
        setting_keys=setting_keys,
        imported=imported,
        documents=places,
        embedded_keys=embedded_keys,
    )


def _settings_maps(
    application: Application, shared: tuple[Group, ...], imported: dict[str, tuple[str, ...]]
) -> list[ConfigMap]:
    """Return the ConfigMaps of plain settings; fill ``imported`` with those of each container."""
    containers = {
        container.name: (part, container)
        for part in application.parts
        for container in all_containers(part)
    }
    plain = {name: _imported_settings(container) for name, (_, container) in containers.items()}
    made: list[ConfigMap] = []
    for group in shared:
        there = [name for name in group.containers if name in plain]
        if there:
            made.append(ConfigMap(metadata=metadata(group.name, application), data=group.data))
        for name in there:
            imported[name] = (*imported.get(name, ()), group.name)
            for setting in group.data:
                del plain[name][setting]
    for name, (part, container) in containers.items():
        if plain[name]:
            position = container.position
            own_name = settings_name(container)
            meta = metadata(own_name, application, part, position=position)
            made.append(ConfigMap(metadata=meta, data=plain[name]))
            imported[name] = (*imported.get(name, ()), own_name)
    return made


def _imported_settings(container: Container) -> dict[str, str]:
    return {
        setting.name: _plain(setting)
        for setting in container.settings
        if not setting.is_secret and not setting.is_of_replica and _can_be_imported(setting.name)
    }


def _plain(setting: Setting) -> str:
    assert isinstance(setting.value, str)
    return setting.value


@lru_cache(maxsize=4096)
def _can_be_imported(name: str) -> bool:
    """
    Tell whether every cluster imports a variable of this name from a ConfigMap.

    An import passes over other names without an error, where a single variable is refused.
    """
    return is_config_key(name) and is_env_name(name)


def _file_keys(document: Document) -> dict[str, str]:
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for path in document.files:
        key = config_key(path.replace("/", "__"))
        while key in taken:
            key = config_key(f"{key}_")
        taken.add(key)
        keys[path] = key
    return keys


def _object_names(
    application: Application, secret_name: str, config_maps: list[ConfigMap]
) -> dict[str, str]:
    """
    Return the name of the object of each document: its own, or one that nothing here has.

    A file `web.env` and the settings of the service `web` would both be called `web-env`.
    """
    taken = {one.metadata.name for one in config_maps} | {secret_name}
    wanted = {document.name for document in application.documents}
    names: dict[str, str] = {}
    for document in application.documents:
        name = document.name
        while name in taken or (name != document.name and name in wanted):
            name = label(f"{name}-files")
        taken.add(name)
        names[document.name] = name
    return names


def _document_object(
    application: Application, document: Document, name: str, keys: dict[str, str]
) -> ConfigMap | Secret:
    meta = metadata(name, application, position=document.position)
    if document.is_secret:
        values = {
            keys[path]: Sensitive[str | bytes](
                content.reveal() if isinstance(content, Sensitive) else content
            )
            for path, content in document.files.items()
        }
        return Secret(metadata=meta, values=values)
    texts: dict[str, str] = {}
    binaries: dict[str, bytes] = {}
    for path, content in document.files.items():
        raw = content.reveal() if isinstance(content, Sensitive) else content
        try:
            texts[keys[path]] = raw.decode("utf-8")
        except UnicodeDecodeError:
            binaries[keys[path]] = raw
    return ConfigMap(metadata=meta, data=texts, binary_data=binaries)
