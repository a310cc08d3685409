"""
The address of a service outside, in a text: its port and how the connection is encrypted.

The name stays, because it leads there.  What a name cannot say is written into the address: another
port, and `sslmode` where the address is one of PostgreSQL.  Where a host and a port are variables
of their own (`DB_HOST`, `DB_PORT`), those beside the host are changed.

Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
"""

import re

import msgspec

from mooring.app.configuration import Setting
from mooring.sensitive import Sensitive

_HOST = re.compile(r"(.*?)(?:HOST|HOSTNAME|ADDR|ADDRESS|SERVER|host)")
_POSTGRES = re.compile(r"(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?", re.IGNORECASE)


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """``names`` under which it is dialled on one of ``ports``; what else is to be said there."""

    names: tuple[str, ...]
    ports: frozenset[int] = frozenset()
    port: int | None = None
    sslmode: str | None = None


def readdressed_settings(settings: tuple[Setting, ...], address: Address) -> tuple[Setting, ...]:
    """Return ``settings`` with every address as the connection wants it; others stay the same."""
    if address.port is None and address.sslmode is None:
        return settings
    beside = _beside(settings, address)
    return tuple(_changed(one, beside.get(one.name), address) for one in settings)


def _beside(settings: tuple[Setting, ...], address: Address) -> dict[str, str]:
    """Return the values of variables that stand beside one that holds the host alone."""
    values = {one.name: one for one in settings}
    found: dict[str, str] = {}
    for one in settings:
        host = _HOST.fullmatch(one.name)
        if host is None or one.value not in address.names:
            continue
        for port in (f"{host[1]}PORT", f"{host[1]}port"):
            known = values.get(port)
            if address.port is not None and known is not None and _is_port(known.value, address):
                found[port] = str(address.port)
        for mode in (f"{host[1]}SSLMODE", f"{host[1]}SSL_MODE", f"{host[1]}sslmode"):
            if address.sslmode is not None and mode in values:
                found[mode] = address.sslmode
    return found


def _is_port(value: object, address: Address) -> bool:
    return isinstance(value, str) and value.isdecimal() and int(value) in address.ports


def _changed(setting: Setting, beside: str | None, address: Address) -> Setting:
    value = setting.value
    text = value.reveal() if isinstance(value, Sensitive) else value
    new = readdressed(text, address) if beside is None else beside
    if new == text:
        return setting
    return msgspec.structs.replace(
        setting, value=Sensitive(new) if isinstance(value, Sensitive) else new
    )


def readdressed(text: str, address: Address) -> str:
    """Return ``text`` with each URL and `name:port` of ``address`` as the connection wants it."""
    if address.port is None and address.sslmode is None:
        return text
    if not any(name in text for name in address.names):
        return text
    names = "|".join(map(re.escape, address.names))
    url = re.compile(
        rf"(?P<scheme>[A-Za-z][\w+.:-]*)://(?P<user>[^\s/@]*@)?(?P<host>{names})"
        rf"(?::(?P<port>\d+))?(?P<path>/[^\s?#\"']*)?(?P<query>\?[^\s#\"']*)?(?![\w.-])"
    )
    changed = url.sub(lambda found: _url(found, address), text)
    if address.port is None:
        return changed
    pair = re.compile(rf"(?<![\w./@-])(?P<host>{names}):(?P<port>\d+)(?![\w.:-])")
    return pair.sub(lambda found: _pair(found, address), changed)


def _url(found: re.Match[str], address: Address) -> str:
    port = address.port or found["port"]
    query = found["query"] or ""
    if address.sslmode is not None and _POSTGRES.fullmatch(found["scheme"]):
        query = _with_sslmode(query, address.sslmode)
    path = found["path"] or ("/" if query and not found["query"] else "")
    where = f"{found['host']}:{port}" if port else found["host"]
    return f"{found['scheme']}://{found['user'] or ''}{where}{path}{query}"


def _with_sslmode(query: str, sslmode: str) -> str:
    kept = [one for one in query.removeprefix("?").split("&") if one]
    kept = [one for one in kept if not one.startswith("sslmode=")]
    return f"?{'&'.join((*kept, f'sslmode={sslmode}'))}"


def _pair(found: re.Match[str], address: Address) -> str:
    is_its = not address.ports or int(found["port"]) in address.ports
    return f"{found['host']}:{address.port}" if is_its else found[0]
