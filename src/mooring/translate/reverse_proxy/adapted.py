"""What the files of images and of proxies change of services: ports, and files laid over others."""

from collections.abc import Mapping as ReadOnly

from mooring.settings.choices import Choices
from mooring.translate.notes import Note, Translated
from mooring.translate.reverse_proxy.baked import with_overlaid_files
from mooring.translate.reverse_proxy.config import ConfigFile, ProxyConfig
from mooring.translate.reverse_proxy.found_files import texts_of_image
from mooring.translate.reverse_proxy.listens import with_listens
from mooring.translate.reverse_proxy.peers import names_of
from mooring.translate.reverse_proxy.programs import Around
from mooring.translate.reverse_proxy.whole_names import marked
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView


def with_adapted_images(
    translated: ReadOnly[str, TranslatedService],
    views: ReadOnly[str, ServiceView],
    configs: ReadOnly[str, ProxyConfig],
    dns_names: ReadOnly[str, str],
    around: Around,
    choices: Choices,
) -> Translated[dict[str, TranslatedService]]:
    """
    Return ``translated`` with the ports of proxies, and with files of images laid over.

    ``dns_names`` are the names of the services in the cluster.
    """
    listening = with_listens(translated, configs, choices)
    notes: list[Note] = list(listening.notes)
    old_names = {name.lower(): made for name, made in dns_names.items() if name.lower() != made}
    files: dict[str, tuple[ConfigFile, ...]] = {}
    for name in listening.value:
        config = configs.get(name)
        found = {file.path: file for file in (config.files if config is not None else ())}
        if old_names and views[name].image_facts is not None:
            for file in texts_of_image(views[name], around):
                found.setdefault(file.path, file)
        if found:
            files[name] = tuple(found.values())
    overlaid = with_overlaid_files(
        listening.value,
        files,
        old_names=old_names,
        names=names_of(views),
        choices=choices,
    )
    made = overlaid.value
    return Translated(marked(made, names_of(views)), (*notes, *overlaid.notes))
