"""The configuration of every proxy of a project, and which of them are left out."""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.findings import Rule, Severity
from mooring.settings.choices import Choices
from mooring.translate.exposure.edge_proxy import EdgeProxies
from mooring.translate.grouping import Groups
from mooring.translate.notes import Note, Translated
from mooring.translate.reverse_proxy import caddyfile, edge, nginx
from mooring.translate.reverse_proxy.config import ProxyConfig
from mooring.translate.reverse_proxy.found_files import config_files
from mooring.translate.reverse_proxy.peers import names_of
from mooring.translate.reverse_proxy.programs import Around
from mooring.translate.view import ServiceView

NOT_UNDERSTOOD = Rule(id="proxy-not-understood", severity=Severity.INFO, since="0.1")


def with_configs(
    proxies: EdgeProxies,
    programs: ReadOnly[str, str],
    views: ReadOnly[str, ServiceView],
    around: Around,
    groups: Groups,
    choices: Choices,
) -> Translated[EdgeProxies]:
    """
    Return ``proxies`` with the configurations of ``programs``, and what of these is left out.

    ``programs`` names the program of each service that is a proxy.
    """
    configs: dict[str, ProxyConfig] = {}
    notes: list[Note] = []
    for name, program in programs.items():
        files = config_files(views[name], program, around)
        if name in proxies.names or not files:
            continue
        read = nginx.read if program == "nginx" else caddyfile.read
        configs[name] = config = read(files, _environment(views[name]))
        notes.extend(
            NOT_UNDERSTOOD.finding(
                position,
                f"{fault}: its routes are not known",
                remedy="say how the service is reached: "
                f"services: {{{name}: {{exposure: {{host: <host>}}}}}}",
            )
            for fault, position in config.faults
        )
    if not configs:
        return Translated(proxies)
    left_out = edge.left_out(views, configs, names_of(views), groups, choices)
    made = msgspec.structs.replace(proxies, names=proxies.names | left_out.value, configs=configs)
    return Translated(made, (*notes, *left_out.notes))


def _environment(view: ServiceView) -> dict[str, str]:
    """Return the variables of the container: those of its image, and those of the service."""
    facts = view.image_facts
    found = (
        {name: given.value for name, given in facts.environment.items() if not given.unknown}
        if facts is not None
        else {}
    )
    found.update(
        (name, entry.value) for name, entry in view.environment.items() if entry.value is not None
    )
    return found
