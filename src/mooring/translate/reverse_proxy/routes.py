"""
The ways from outside that a proxy's configuration tells of.

Of a proxy that is left out, every location is a way to the service behind it.  One that stays is
reached itself, and beside it those of its locations that an Ingress can say as they are: requests
then take the short way, and connections that stay open get their time.  A location below which
something else is asked for (a password, another path) goes through the proxy.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.exposure import PathMatch, Speaks
from mooring.decisions import Decision, Evidence
from mooring.settings.choices import ExposureChoice
from mooring.translate.exposure.places import Place, is_path
from mooring.translate.exposure.way import Way
from mooring.translate.notes import Note, Translated
from mooring.translate.reverse_proxy.config import Does, Location, ProxyConfig, Site
from mooring.translate.reverse_proxy.edge import more_than_passing_on, published_in_front
from mooring.translate.reverse_proxy.listens import listens_on
from mooring.translate.reverse_proxy.peers import behind
from mooring.translate.view import ServiceView

_SPEAKS = {"http": Speaks.HTTP, "https": Speaks.HTTPS, "h2c": Speaks.HTTP2}


def of_left_out(config: ProxyConfig, names: ReadOnly[str, str]) -> Iterator[Way]:
    """Yield the ways through a proxy that is left out, to those behind it."""
    for site in config.sites:
        for location in site.locations if not site.to_https else ():
            target = behind(location, names)
            if target is None or location.does is not Does.PROXIES or location.path is None:
                continue
            if is_path(location.path):
                yield _way(target, site.hosts, location, stripped=location.stripped)


def corrected(told: Sequence[Way], config: ProxyConfig) -> list[Way]:
    """Return the ways ``told`` by labels with the port on which the proxy really listens."""
    ports = listens_on(config)
    if ports is None or len(config.ports) != 1:
        return list(told)
    return [
        way
        if way.port is None or way.port in ports
        else msgspec.structs.replace(way, port=config.ports[0])
        for way in told
    ]


def of_kept(
    view: ServiceView,
    config: ProxyConfig,
    names: ReadOnly[str, str],
    told: Sequence[Way],
    chosen: ExposureChoice | None,
) -> Translated[tuple[Way, ...]]:
    """
    Return the ways to and past a proxy that stays; ``told`` are those that labels tell of.

    ``chosen`` is what mooring.yaml says of the proxy's own exposure.

    None where it is not reached from outside: nobody tells of it, and no front port leads to it.
    """
    front = published_in_front(view)
    ports = {way.port for way in told if way.port is not None} or set(front)
    sites = [site for site in config.sites if not site.to_https]
    facing = [site for site in sites if any(one.port in ports for one in site.listens)]
    if not facing and (told or front):
        # What was published is not where it listens: the only site can but be meant.
        several = {listen.port for site in sites for listen in site.listens}
        facing = sites if len(several) == 1 else []
    if not facing or not (told or front):
        return Translated(())
    ways: list[Way] = []
    notes: list[Note] = []
    own = list(told)
    if not told:
        own = [_own(view, site) for site in facing]
        ways.extend(own)
    short: dict[str, tuple[str, int]] = {}
    for site in facing:
        for location in _short_ways(site, names):
            target = behind(location, names)
            if target is None or location.path is None or target[0] == view.name:
                continue
            short[location.path] = target
            for way in own:
                hosts = tuple(dict.fromkeys(host for place in way.places for host in place.hosts))
                if chosen is not None and chosen.host is not None:
                    hosts = (chosen.host,)
                made = _way(target, hosts, location, stripped=None)
                encrypted, redirects = way.encrypted, way.redirects
                if chosen is not None and chosen.tls is not None:
                    encrypted = redirects = chosen.tls
                ways.append(msgspec.structs.replace(made, encrypted=encrypted, redirects=redirects))
    if short or not told:
        notes.append(_decision(view, config, facing[0], short, names))
    return Translated(tuple(ways), tuple(notes))


def _own(view: ServiceView, site: Site) -> Way:
    plain = [one.port for one in site.listens if not one.encrypted]
    port = plain[0] if plain else site.listens[0].port
    lasting = any(one.long_lived for one in site.locations)
    sizes = [one.largest_body for one in site.locations if one.largest_body is not None]
    return Way(
        service=view.name,
        places=(Place(hosts=site.hosts),),
        evidence=Evidence("it is the front door: a site of its own configuration", site.position),
        port=port,
        encrypted=True,
        redirects=True,
        speaks=Speaks.HTTP if plain else Speaks.HTTPS,
        long_lived=lasting,
        largest_body=sizes[0] if sizes else None,
    )


def _short_ways(site: Site, names: ReadOnly[str, str]) -> Iterator[Location]:
    """Yield the locations that need nothing of the proxy, nor does anything below them."""
    patterns = [one for one in site.locations if one.path is None]
    barred = [one for one in site.locations if not _is_simple(one, names)]
    for location in site.locations:
        if not _is_simple(location, names) or location.path in {None, "/"}:
            continue
        below = f"{(location.path or '').rstrip('/')}/"
        if any(
            f"{(one.path or '').rstrip('/')}/".startswith(below) and one is not location
            for one in barred
            if one.path is not None and not location.exact
        ):
            continue
        if not location.wins_over_patterns and any(one.beyond for one in patterns):
            continue
        yield location


def _is_simple(location: Location, names: ReadOnly[str, str]) -> bool:
    return (
        location.does is Does.PROXIES
        and location.path is not None
        and is_path(location.path)
        and location.stripped is None
        and not location.beyond
        and behind(location, names) is not None
    )


def _way(
    target: tuple[str, int],
    hosts: tuple[str, ...],
    location: Location,
    *,
    stripped: str | None,
) -> Way:
    service, port = target
    assert location.path is not None
    path = location.path
    if not location.exact and len(path) > 1:
        path = path.rstrip("/")
    shown = location.pattern or location.path
    return Way(
        service=service,
        places=(Place(hosts=hosts, paths=(PathMatch(path, exact=location.exact),)),),
        evidence=Evidence(f"a proxy passes {shown} on to {service}:{port}", location.position),
        port=port,
        encrypted=True,
        redirects=True,
        stripped_prefix=stripped,
        speaks=_SPEAKS[location.targets[0].scheme],
        long_lived=location.long_lived,
        largest_body=location.largest_body,
        past_a_proxy=True,
    )


def _decision(
    view: ServiceView,
    config: ProxyConfig,
    site: Site,
    short: ReadOnly[str, tuple[str, int]],
    names: ReadOnly[str, str],
) -> Decision:
    why = more_than_passing_on(config, names)
    listed = ", ".join(f"{path} to {name}:{port}" for path, (name, port) in short.items())
    choice = "it stays, and the Ingress leads to it"
    if listed:
        choice += f"; past it go {listed}"
    evidence = [Evidence(f"its configuration says where its {config.program} passes requests on",
                         site.position)]  # fmt: skip
    if why is not None:
        reason, at = why
        evidence.append(Evidence(reason, at.position if at is not None else None))
    return Decision(
        subject=f"services.{view.name}",
        topic="routes",
        choice=choice,
        evidence=tuple(evidence),
        overrule=f"services: {{{view.name}: {{exposure: none}}}}",
    )
