"""
Whom mounted files of settings lead to: the upstreams of proxies, and addresses in URLs.

Source: https://nginx.org/en/docs/http/ngx_http_proxy_module.html,
https://docs.haproxy.org/3.2/configuration.html, https://caddyserver.com/docs/caddyfile
"""

from collections.abc import Iterator

import msgspec

from mooring.check import dialling, environment, mounts
from mooring.check.bundle import Bundle
from mooring.check.dialling import Dialled
from mooring.check.pods import Container
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import kinds
from mooring.semantics.objects import Item
from mooring.translate.discovery import addresses
from mooring.translate.discovery.addresses import Address


class Led(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where the file ``key`` leads; ``at_start`` tells that its program looks the name up then."""

    key: str
    dialled: Dialled
    at_start: bool


def led(bundle: Bundle) -> Iterator[Led]:
    """Yield whom mounted ConfigMaps lead to as settings of a proxy, each file once."""
    seen: set[tuple[ObjectRef, str]] = set()
    for container in bundle.containers:
        held = [
            (item, key, text, field)
            for item in _mounted(bundle, container)
            for key, text, field in environment.texts(item)
            if any(word in text for word in _OF_PROXIES)
        ]
        # One file may name a group that stands in another.
        groups = frozenset(
            name for _, _, text, _ in held for name, _ in _UPSTREAM.findall(_plain(text))
        )
        for item, key, text, field in held:
            if (item.ref, key) in seen:
                continue
            seen.add((item.ref, key))
            for address, at_start in _upstreams(text, groups):
                yield Led(
                    key=key,
                    dialled=dialling.placed(container, item.ref, field, key, address, bundle.names),
                    at_start=at_start,
                )


def addressed(bundle: Bundle) -> Iterator[Led]:
    """Yield the URLs in mounted ConfigMaps, each file once; long texts are data and left out."""
    seen: set[tuple[ObjectRef, str]] = set()
    for container in bundle.containers:
        held = [
            (item, key, text, field)
            for item in _mounted(bundle, container)
            for key, text, field in environment.texts(item)
        ]
        # What nginx calls a group of servers is no host, though it stands where one does.
        groups = frozenset(
            name.lower()
            for _, _, text, _ in held
            if "upstream" in text
            for name, _ in _UPSTREAM.findall(_plain(text))
        )
        for item, key, text, field in held:
            if "://" not in text or len(text) > _LONGEST or (item.ref, key) in seen:
                continue
            seen.add((item.ref, key))
            for address in addresses.of_text(text):
                if address.host.lower() not in groups:
                    dialled = dialling.placed(
                        container, item.ref, field, key, address, bundle.names
                    )
                    yield Led(key=key, dialled=dialled, at_start=False)


_LONGEST = 64 * 1024


def _mounted(bundle: Bundle, container: Container) -> Iterator[Item]:
    """Yield the ConfigMaps that the container mounts, each once."""
    names = dict.fromkeys(
        mount.name for mount in mounts.of(container) if mount.kind == "configMap" and mount.name
    )
    for name in names:
        item = bundle.objects.find(kinds.CONFIG_MAP, name, container.pod.namespace)
        if item is not None:
            yield item


_OF_PROXIES = ("_pass", "upstream", "reverse_proxy", "server ")
"""One of these is in each text of settings that leads somewhere."""


def _upstreams(text: str, groups: frozenset[str]) -> Iterator[tuple[Address, bool]]:
    """Yield where the settings of a proxy lead, and whether it has to resolve it at its start."""
    plain = _plain(text)
    if "_pass" in plain or "upstream" in plain:
        yield from ((one, True) for one in _of_nginx(plain, groups))
    elif "reverse_proxy" in plain:
        yield from ((one, False) for one in _of_caddy(plain))
    elif "backend " in plain and "server " in plain:
        yield from ((one, "init-addr" not in plain) for one in _of_haproxy(plain))


def _plain(text: str) -> str:
    """Return ``text`` without comments."""
    return _COMMENT.sub("", text) if "#" in text else text


_COMMENT = LazyPattern(r"(?m)(?:^|\s)#.*$")
_UPSTREAM = LazyPattern(r"\bupstream\s+([\w.-]+)\s*\{([^}]*)\}")
_SERVER = LazyPattern(r"\bserver\s+([A-Za-z0-9_][\w.-]*)(?::(\d+))?(?=[\s;])")
_PASS = LazyPattern(
    r"\b(?:proxy|grpc)_pass\s+(https?|grpcs?)://([A-Za-z0-9_][\w.-]*)(?::(\d+))?(?=[/;\s])"
)
_RAW_PASS = LazyPattern(
    r"\b(?:fastcgi|uwsgi|scgi)_pass\s+(?:\w+://)?([A-Za-z0-9_][\w.-]*):(\d+)\s*;"
)
_OF_HAPROXY = LazyPattern(r"(?m)^\s*server\s+\S+\s+([A-Za-z0-9_][\w.-]*):(\d+)(?=\s|$)")
_OF_CADDY = LazyPattern(
    r"(?m)^\s*reverse_proxy\s+(?:[/*@]\S*\s+)?(?:(https?)://)?([A-Za-z0-9_][\w.-]*):(\d+)"
)


def _of_nginx(plain: str, groups: frozenset[str]) -> Iterator[Address]:
    for _, body in _UPSTREAM.findall(plain):
        for host, port in _SERVER.findall(body):
            yield _address(host, port or "80")
    for scheme, host, port in _PASS.findall(plain):
        if host not in groups:
            yield _address(host, port, scheme)
    for host, port in _RAW_PASS.findall(plain):
        yield _address(host, port)


def _of_haproxy(plain: str) -> Iterator[Address]:
    for host, port in _OF_HAPROXY.findall(plain):
        yield _address(host, port)


def _of_caddy(plain: str) -> Iterator[Address]:
    for scheme, host, port in _OF_CADDY.findall(plain):
        yield _address(host, port, scheme or None)


def _address(host: str, port: str, scheme: str | None = None) -> Address:
    if scheme in ("grpc", "grpcs"):
        scheme = {"grpc": "http", "grpcs": "https"}[scheme]
    return Address(host=host.lower(), port=int(port) if port else None, scheme=scheme)
