"""
The ports on which a proxy's own configuration says that it listens.

They are its ports, whatever its image opens by habit.  What the Compose file publishes, or a label
names, and the configuration does not listen on, is answered by nobody.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.endpoints import Endpoint, Protocol
from mooring.decisions import Decision, Evidence
from mooring.settings.choices import Choices
from mooring.translate.notes import Note, Translated
from mooring.translate.own_ports import PORTS_DISAGREE
from mooring.translate.reverse_proxy.config import ProxyConfig
from mooring.translate.service import TranslatedService

_BY_HABIT = {"nginx": 80, "caddy": 80}
"""Where the image listens while its own configuration is in place."""

_REPLACING = (
    "/nginx.conf",
    "/conf.d/default.conf",
    "/templates/default.conf.template",
    "Caddyfile",
)


def with_listens(
    translated: ReadOnly[str, TranslatedService],
    configs: ReadOnly[str, ProxyConfig],
    choices: Choices,
) -> Translated[dict[str, TranslatedService]]:
    """Return ``translated`` with the ports of which the ``configs`` of proxies speak."""
    done = dict(translated)
    notes: list[Note] = []
    for name, config in configs.items():
        if name not in translated or not config.ports or choices.service(name).ports:
            continue
        endpoints = translated[name].container.endpoints
        kept = tuple(_kept(endpoints, config))
        notes.extend(_contradictions(name, endpoints, config))
        known = {one.port for one in kept if one.protocol is Protocol.TCP}
        added = tuple(
            Endpoint(port=listen.port, position=site.position)
            for listen, site in {
                listen.port: (listen, site) for site in config.sites for listen in site.listens
            }.values()
            if listen.port not in known
        )
        made = (*kept, *added)
        if made == endpoints:
            continue
        notes.append(_decision(name, made, config))
        container = msgspec.structs.replace(translated[name].container, endpoints=made)
        done[name] = msgspec.structs.replace(translated[name], container=container)
    return Translated(done, tuple(notes))


def listens_on(config: ProxyConfig) -> frozenset[int] | None:
    """Return all ports on which the proxy listens; None where that is not known for certain."""
    if not config.is_whole or not config.ports:
        return None
    ports = set(config.ports)
    if not any(file.path.endswith(_REPLACING) for file in config.files):
        ports.add(_BY_HABIT[config.program])
    return frozenset(ports)


def _kept(endpoints: tuple[Endpoint, ...], config: ProxyConfig) -> Iterator[Endpoint]:
    """Yield the endpoints that the configuration does not speak against."""
    ports = listens_on(config)
    for endpoint in endpoints:
        if ports is None or endpoint.protocol is not Protocol.TCP or endpoint.port in ports:
            yield endpoint


def _contradictions(
    name: str, endpoints: tuple[Endpoint, ...], config: ProxyConfig
) -> Iterator[Note]:
    ports = listens_on(config)
    if ports is None:
        return
    site = config.sites[0]
    place = f" ({site.position.short})" if site.position is not None else ""
    listed = ", ".join(str(port) for port in sorted(ports))
    for endpoint in endpoints:
        # What the image opens by habit has no position: nobody said it here.
        if endpoint.port in ports or endpoint.position is None:
            continue
        if endpoint.protocol is not Protocol.TCP:
            continue
        published = next((one.port for one in endpoint.publications), None)
        says = f"publishes {published}:{endpoint.port}" if published else f"names {endpoint.port}"
        yield PORTS_DISAGREE.finding(
            endpoint.position,
            f'service "{name}" {says}, but its {config.program} listens on {listed}{place}: '
            f"nothing answers on {endpoint.port}",
            remedy=f"write {min(ports)} in its place, or let {config.program} listen on "
            f"{endpoint.port}",
        )


def _decision(name: str, made: tuple[Endpoint, ...], config: ProxyConfig) -> Decision:
    every = ", ".join(str(one.port) for one in made)
    return Decision(
        subject=f"services.{name}",
        topic="ports",
        choice=f"listens on {every}",
        evidence=tuple(
            Evidence(f"its {config.program} listens on {listen.port}", site.position)
            for site in config.sites
            for listen in site.listens
        ),
        overrule=f"services: {{{name}: {{ports: [{every}]}}}}",
    )
