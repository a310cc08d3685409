"""
nginx-proxy's variables: `VIRTUAL_HOST` and those beside it.

The variables stay in the container's environment as well, where the program may read them.

Source: https://github.com/nginx-proxy/nginx-proxy/tree/main/docs
"""

from mooring.app.exposure import EVERYTHING, PathMatch, Speaks
from mooring.compose.environment import EnvValue
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.translate.exposure.places import Place, hosts_of_pattern, is_path
from mooring.translate.exposure.way import Found, Way
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView

_NO_REDIRECT = frozenset({"noredirect", "nohttp", "nohttps"})


def translate(view: ServiceView) -> Translated[Found]:
    """Return the way of which the service's variables tell."""
    named = view.environment.get("VIRTUAL_HOST")
    if named is None or not named.value:
        return Translated(Found())
    hosts: list[str] = []
    notes: list[Note] = []
    for host in (one.strip().lower() for one in named.value.split(",")):
        found = hosts_of_pattern(host[1:]) if host.startswith("~") else (host,)
        if not found or host.endswith(".*"):
            notes.append(_closed(view, named, f'the pattern "{host}" names no hosts'))
        elif host:
            hosts.extend(found)
    why = _keeps_out(view)
    path = _value(view, "VIRTUAL_PATH").rstrip("/")
    stripped = _value(view, "VIRTUAL_DEST") == "/" and bool(path)
    if path and not is_path(path):
        why = f'its path "{path}" is a pattern'
    if why is not None:
        notes.append(_closed(view, named, why))
        return Translated(Found(), tuple(notes))
    if not hosts:
        return Translated(Found(), tuple(notes))
    port = _value(view, "VIRTUAL_PORT")
    method = _value(view, "HTTPS_METHOD").lower()
    encrypted = bool(_value(view, "LETSENCRYPT_HOST") or _value(view, "CERT_NAME"))
    way = Way(
        service=view.name,
        places=(
            Place(
                hosts=tuple(dict.fromkeys(hosts)),
                paths=(PathMatch(path),) if path else EVERYTHING,
            ),
        ),
        evidence=Evidence("VIRTUAL_HOST, which nginx-proxy reads", named.position),
        port=int(port) if port.isascii() and port.isdigit() and 0 < int(port) < 65536 else None,
        encrypted=encrypted and method != "nohttps",
        redirects=encrypted and method not in _NO_REDIRECT,
        stripped_prefix=path if stripped else None,
        speaks=Speaks.HTTPS if _value(view, "VIRTUAL_PROTO") == "https" else Speaks.HTTP,
    )
    notes.append(
        Decision(
            subject=f"services.{view.name}",
            topic="exposure",
            choice=f"an Ingress for {', '.join(dict.fromkeys(hosts))}",
            evidence=(way.evidence,),
            overrule=f"services: {{{view.name}: {{exposure: none}}}}",
        )
    )
    return Translated(Found(ways=(way,)), tuple(notes))


def _value(view: ServiceView, name: str) -> str:
    entry = view.environment.get(name)
    return (entry.value or "").strip() if entry is not None else ""


def _keeps_out(view: ServiceView) -> str | None:
    """Return what nginx-proxy is told and no Ingress can be, or None."""
    if _value(view, "NETWORK_ACCESS").lower() == "internal":
        return "NETWORK_ACCESS lets in certain addresses only"
    if _value(view, "VIRTUAL_PROTO").lower() not in {"", "http", "https"}:
        return f"it speaks {_value(view, 'VIRTUAL_PROTO')}, and an ingress controller HTTP"
    if _value(view, "VIRTUAL_DEST") not in {"", "/"}:
        return "VIRTUAL_DEST changes the path"
    return None


def _closed(view: ServiceView, named: EnvValue, why: str) -> OpenQuestion:
    return OpenQuestion(
        subject=f"services.{view.name}.exposure",
        question=f"what VIRTUAL_HOST opens stays closed: {why}",
        answer=f"services: {{{view.name}: {{exposure: {{host: <host>}}}}}} opens it, "
        f"services: {{{view.name}: {{exposure: none}}}} keeps it closed",
        position=named.position or view.position("environment"),
    )
