"""
Every address that the services of a stack are given, and where each stands.

Services that read the same env file are given the same addresses; these are one statement, about
all of them.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from enum import StrEnum

import msgspec

from mooring.sensitive import Sensitive
from mooring.sources import Position
from mooring.translate.discovery import addresses
from mooring.translate.discovery.addresses import Address
from mooring.translate.service import TranslatedService

TYPE_CHECKING = False  # what stands above is imported at run time, see `cli.own_modules`
if TYPE_CHECKING:
    from mooring.translate.reverse_proxy.config import ProxyConfig


class Place(StrEnum):
    """What holds an address."""

    SETTING = "setting"
    COMMAND = "command"
    CHECK = "check"
    FILE = "file"
    PROXY = "proxy"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """
    An address that ``services`` are given at one place.

    ``name`` is that of the setting or of the file; of a proxy, the program.
    """

    address: Address
    place: Place
    services: tuple[str, ...]
    name: str = ""
    position: Position | None = None

    @property
    def shown(self) -> str:
        """Who says it, as the beginning of a sentence."""
        owners = _listed(self.services)
        match self.place:
            case Place.SETTING:
                return f"{self.name} of {owners}"
            case Place.COMMAND:
                return f"the command of {owners}"
            case Place.CHECK:
                return f"the health check of {owners}"
            case Place.FILE:
                return f"the file {self.name} of {owners}"
            case Place.PROXY:
                return f"the {self.name} of {owners}"


def all_said(
    translated: ReadOnly[str, TranslatedService], configs: ReadOnly[str, "ProxyConfig"]
) -> tuple[Said, ...]:
    """
    Return what the services of ``translated`` are given, each statement once, in their order.

    ``configs`` are those of proxies, which are read for what they are.
    """
    found: dict[tuple[object, ...], Said] = {}
    known: dict[tuple[str, str], tuple[Address, ...]] = {}
    for name, service in translated.items():
        config = configs.get(name)
        read = frozenset(file.text for file in config.files) if config is not None else _NOTHING
        of_proxy = _of_proxy(name, config) if config is not None else ()
        for one in (*_of_service(name, service, known, read), *of_proxy):
            # Without a position nothing tells that two services read the same line.
            owner = name if one.position is None else ""
            key = (one.address, one.place, one.name, one.position, owner)
            before = found.get(key)
            if before is None:
                found[key] = one
            elif name not in before.services:
                found[key] = msgspec.structs.replace(before, services=(*before.services, name))
    return tuple(found.values())


def _of_service(
    name: str,
    service: TranslatedService,
    known: dict[tuple[str, str], tuple[Address, ...]],
    read: frozenset[str],
) -> Iterator[Said]:
    container = service.container
    values = {
        one.name: one.value.reveal() if isinstance(one.value, Sensitive) else one.value
        for one in container.settings
    }
    for setting in container.settings:
        value = values[setting.name]
        if setting.is_placeholder or not value:
            continue
        in_url = (setting.name, value) if "://" in value else None
        found = known.get(in_url) if in_url is not None else None
        if found is None:
            found = addresses.of_setting(setting.name, value, values)
            if in_url is not None:
                known[in_url] = found
        for address in found:
            yield Said(
                address=address,
                place=Place.SETTING,
                services=(name,),
                name=setting.name,
                position=setting.position,
            )
    process = container.process
    words = (*(process.entrypoint or ()), *(process.arguments or ()))
    for address in addresses.of_words(words) if words else ():
        yield Said(
            address=address, place=Place.COMMAND, services=(name,), position=container.position
        )
    health = container.health
    for address in addresses.of_words(health.command) if health is not None else ():
        position = health.position if health is not None else None
        yield Said(address=address, place=Place.CHECK, services=(name,), position=position)
    for document in service.documents.values():
        for path, content in document.files.items():
            raw = content.reveal() if isinstance(content, Sensitive) else content
            if b"://" not in raw:
                continue
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                continue
            for address in addresses.of_text(text) if text not in read else ():
                yield Said(
                    address=address,
                    place=Place.FILE,
                    services=(name,),
                    name=path,
                    position=document.position,
                )


def _of_proxy(name: str, config: "ProxyConfig") -> Iterator[Said]:
    for site in config.sites:
        for location in site.locations:
            for target in location.targets:
                yield Said(
                    address=Address(host=target.host, port=target.port, scheme=target.scheme),
                    place=Place.PROXY,
                    services=(name,),
                    name=config.program,
                    position=location.position,
                )


_NOTHING: frozenset[str] = frozenset()


def _listed(names: tuple[str, ...]) -> str:
    if len(names) <= _MOST_NAMES:
        return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
    return f"{', '.join(names[: _MOST_NAMES - 1])} and {len(names) - _MOST_NAMES + 1} more"


_MOST_NAMES = 3
