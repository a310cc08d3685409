"""
caddy-docker-proxy's labels: sites, and what each passes on.

Names of labels are directives of a Caddyfile joined by dots; a number with an underscore before a
directive, or after "caddy", keeps several of them apart.

Source: https://github.com/lucaslorentz/caddy-docker-proxy#labels-to-caddyfile-conversion
"""

from collections.abc import Iterator

import msgspec

from mooring.accounting import Path
from mooring.app.exposure import EVERYTHING, PathMatch, Speaks
from mooring.compose.nodes import Mapping, Scalar
from mooring.decisions import Evidence, OpenQuestion
from mooring.patterns import LazyPattern
from mooring.sources import Position
from mooring.translate.exposure.places import WHOLE_SEGMENTS, Place, is_path, joined
from mooring.translate.exposure.way import Found, Way
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, field, text

_SITE = LazyPattern(r"caddy(_[0-9]+)?")
_DIRECTIVE = LazyPattern(r"(?:[0-9]+_)?(?P<name>.+?)(?:_[0-9]+)?")
_UPSTREAMS = LazyPattern(
    r"\{\{\s*upstreams(?:\s+(?P<scheme>https?|h2c))?(?:\s+(?P<port>[0-9]{1,5}))?\s*\}\}"
)
_ADDRESS = LazyPattern(
    r"(?:(?P<scheme>https?)://)?(?P<host>[^/:\s]*)(?::(?P<port>[0-9]+))?(?P<path>/\S*)?"
)
_SECTIONS = frozenset({"handle", "handle_path", "route"})
_KEEPS_OUT = frozenset(
    {"basicauth", "basic_auth", "forward_auth", "import", "rewrite", "uri", "authenticate",
     "authorize", "remote_ip", "client_ip"}
)  # fmt: skip
_LOST = "an ingress controller does this for all that it serves, or not at all"


class _Label(msgspec.Struct, frozen=True, kw_only=True):
    path: Path
    directives: tuple[str, ...]
    sections: tuple[str, ...]
    value: str
    position: Position | None


def is_label(name: str) -> bool:
    """Return whether ``name`` is that of a label for caddy-docker-proxy."""
    return _SITE.fullmatch(name.lower().partition(".")[0]) is not None


def translate(view: ServiceView) -> Translated[Found]:
    """Return the ways of which the service's labels tell, with an entry for each."""
    sites: dict[str, list[_Label]] = {}
    for site, label in _labels(view):
        sites.setdefault(site, []).append(label)
    ways: list[Way] = []
    notes: list[Note] = []
    for labels in sites.values():
        ways.extend(_ways(view, labels, notes))
    return Translated(Found(ways=tuple(ways)), tuple(notes))


def _labels(view: ServiceView) -> Iterator[tuple[str, _Label]]:
    deploy = view.get("deploy")
    of_object = field(deploy, "labels") if isinstance(deploy, Mapping) else None
    for path, node in (
        (view.path("labels"), view.get("labels")),
        (view.path("deploy", "labels"), of_object),
    ):
        for name, value in entries(node):
            if not is_label(name):
                continue
            site, *sections = name.split(".")
            yield (
                site.lower(),
                _Label(
                    path=(*path, name),
                    directives=tuple(_directive(section) for section in sections),
                    sections=tuple(sections),
                    value=text(value).strip() if isinstance(value, Scalar) else "",
                    position=value.position or view.position("labels"),
                ),
            )


def _directive(section: str) -> str:
    found = _DIRECTIVE.fullmatch(section.lower())
    return found["name"] if found is not None else section.lower()


def _ways(view: ServiceView, labels: list[_Label], notes: list[Note]) -> Iterator[Way]:
    """Yield the ways of one site; each of its labels gets an entry."""
    site = next((label for label in labels if not label.directives), None)
    addresses = site.value.replace(",", " ").split() if site is not None else []
    if site is None or not addresses or addresses[0].startswith("("):
        reason = "options of the whole proxy have no counterpart in an Ingress"
        notes.extend(dropped(label.path, reason) for label in labels)
        return
    barring = next((label for label in labels if not _KEEPS_OUT.isdisjoint(label.directives)), None)
    if barring is not None:
        what = next(name for name in barring.directives if name in _KEEPS_OUT)
        reason = f'the site stays closed: "{what}" is more than an Ingress can ask for'
        notes.extend(dropped(label.path, reason) for label in labels)
        notes.append(_closed(view, site, reason))
        return
    values = {label.sections: label.value for label in labels}
    found = [_Address.of(address) for address in addresses]
    notes.append(carried(site.path, "Ingress.spec.rules, Ingress.spec.tls"))
    for label in labels:
        if label is site:
            continue
        if label.directives[-1] == "reverse_proxy":
            yield from _way(view, site, label, found, values, notes)
        elif label.directives[-1] in _SECTIONS:
            notes.append(carried(label.path, "Ingress.spec.rules.http.paths.path"))
        elif label.directives[0] == "tls":
            reason = "certificates are issued by cert-manager, by the issuer of mooring.yaml"
            notes.append(approximated(label.path, reason, "Ingress.spec.tls.secretName"))
        else:
            notes.append(dropped(label.path, _LOST))


class _Address(msgspec.Struct, frozen=True):
    host: str
    encrypted: bool
    path: str

    @classmethod
    def of(cls, text: str) -> "_Address":
        found = _ADDRESS.fullmatch(text)
        if found is None:
            return cls(text.lower(), True, "")
        plain = found["scheme"] == "http" or found["port"] == "80"
        named = bool(found["host"])
        return cls(found["host"].lower(), not plain and named, (found["path"] or "").rstrip("/*"))


def _way(
    view: ServiceView,
    site: _Label,
    label: _Label,
    addresses: list[_Address],
    values: dict[tuple[str, ...], str],
    notes: list[Note],
) -> Iterator[Way]:
    words = label.value.split()
    matcher = words[0] if words and words[0].startswith(("/", "@", "*")) else ""
    above = [
        (directive, values.get(label.sections[: index + 1], ""))
        for index, directive in enumerate(label.directives[:-1])
        if directive in _SECTIONS
    ]
    matchers = [matcher, *(value for _, value in above)]
    asked = [one for one in matchers if one not in {"", "*", "/*"}]
    path = _path(asked[0]) if asked else EVERYTHING[0]
    if path is None or len(asked) > 1:
        reason = f'its matcher "{" ".join(asked)}" is more than a path'
        notes.append(dropped(label.path, f"it stays closed: {reason}"))
        notes.append(_closed(view, label, reason))
        return
    slightly = not path.exact and path.path != "/"
    to = "Ingress.spec.rules.http.paths.backend"
    notes.append(
        approximated(label.path, WHOLE_SEGMENTS, to) if slightly else carried(label.path, to)
    )
    port, speaks = _upstream(label.value)
    strips = any(directive == "handle_path" for directive, _ in above)
    for encrypted in (True, False):
        chosen = [address for address in addresses if address.encrypted is encrypted]
        if not chosen:
            continue
        places = joined(
            Place(
                hosts=(address.host,) if address.host else (),
                paths=(_below(address.path, path),),
            )
            for address in chosen
        )
        yield Way(
            service=view.name,
            places=places,
            evidence=Evidence(f"the site {site.value} in Caddy's labels", site.position),
            port=port,
            encrypted=encrypted,
            redirects=encrypted,
            stripped_prefix=path.path if strips and path.path != "/" else None,
            speaks=speaks,
        )


def _below(base: str, path: PathMatch) -> PathMatch:
    if not base:
        return path
    return PathMatch(base if path.path == "/" else base + path.path, exact=path.exact)


def _path(matcher: str) -> PathMatch | None:
    """Return what a path matcher of Caddy asks for, None where it is another matcher."""
    for ending in ("/*", "*", ""):
        if matcher.endswith(ending):
            path = matcher.removesuffix(ending)
            if is_path(path):
                return PathMatch(path, exact=not ending)
    return None


def _upstream(value: str) -> tuple[int | None, Speaks]:
    """Return the port to which requests are passed on, None where it is not said."""
    found = _UPSTREAMS.search(value)
    if found is not None:
        port = int(found["port"]) if found["port"] else None
        return port, Speaks(found["scheme"] or "http")
    last = value.split()[-1] if value.split() else ""
    digits = last.rpartition(":")[2]
    is_port = digits.isascii() and digits.isdigit() and 0 < int(digits) < 65536
    speaks = Speaks.HTTPS if last.startswith("https://") else Speaks.HTTP
    return (int(digits) if is_port else None), speaks


def _closed(view: ServiceView, label: _Label, why: str) -> OpenQuestion:
    return OpenQuestion(
        subject=f"services.{view.name}.exposure",
        question=f'what the label "{label.path[-1]}" opens stays closed: {why}',
        answer=f"services: {{{view.name}: {{exposure: {{host: <host>}}}}}} opens it, "
        f"services: {{{view.name}: {{exposure: none}}}} keeps it closed",
        position=label.position,
    )
