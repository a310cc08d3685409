"""
Passwords inside longer texts: where they stand, and which values can stand there.

`postgres://app:secret@db/shop` holds the password that the server is told as `POSTGRES_PASSWORD`,
and so does `host=db password=secret`, or a JSON text with the key of signed tokens.  Whoever puts
another value there has to know where it begins and ends, and which characters would end it.

Sources: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
https://github.com/go-sql-driver/mysql#dsn-data-source-name
"""

import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from mooring.patterns import LazyPattern


class Form(StrEnum):
    """How a text has a password in it: as a URL, after a keyword, or as a field of JSON."""

    URL = "url"
    KEYWORD = "keyword"
    JSON = "json"


class Credential(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A password in a text, from ``start`` to before ``end``, as it is written there.

    ``hosts`` are those for which it is, in lower case, and ``user`` whose it is; both as far as the
    text says so.
    """

    start: int
    end: int
    form: Form
    hosts: tuple[str, ...] = ()
    user: str = ""


_URL = LazyPattern(r"[A-Za-z][\w+.-]*://([^\s:/@,'\"]*):([^\s@/'\"]+)@(?=([^\s/?#'\"]+))")
_GO_DSN = LazyPattern(r"(?<![^\s])([\w.-]*):([^\s@]+)@(?:tcp|udp)\(([\w.-]+)(?::\d+)?\)")
_KEYWORD = LazyPattern(
    r"(?:^|[\s;?&,])(?:password|passwd|pwd)\s*=\s*([^\s;&'\",]+)(?=[\s;&,]|$)", re.IGNORECASE
)
_KEYWORD_USER = LazyPattern(
    r"(?:^|[\s;?&,])(?:user|username|user ?id|uid)\s*=\s*([^\s;&'\",]+)", re.IGNORECASE
)
_KEYWORD_HOST = LazyPattern(
    r"(?:^|[\s;?&])(?:host|hostname|server|data source|addr|address)\s*=\s*(?:tcp:)?([\w.-]+)"
    r"|://([\w.-]+)",
    re.IGNORECASE,
)
_JSON = LazyPattern(
    r'"(?:key|[\w-]*(?:password|passwd|secret|private_?key|api_?key))"\s*:\s*"([^"\\]+)"',
    re.IGNORECASE,
)
_PORT = LazyPattern(r":\d+$")


def passwords_in(text: str) -> tuple[Credential, ...]:
    """Return the passwords in ``text`` in their order; they do not overlap."""
    found = sorted(_found(text), key=lambda one: one.start)
    ordered: list[Credential] = []
    for one in found:
        if not ordered or one.start >= ordered[-1].end:
            ordered.append(one)
    return tuple(ordered)


def _found(text: str) -> Iterator[Credential]:
    if text.startswith("{"):
        for match in _JSON.finditer(text):
            yield Credential(start=match.start(1), end=match.end(1), form=Form.JSON)
        return
    if "@" in text:
        for pattern in (_URL, _GO_DSN):
            for match in pattern.finditer(text):
                hosts = tuple(_PORT.sub("", one).rstrip(")").lower() for one in match[3].split(","))
                start, end = match.span(2)
                user = match[1]
                yield Credential(start=start, end=end, form=Form.URL, hosts=hosts, user=user)
    if "=" in text:
        for match in _KEYWORD.finditer(text):
            hosts = tuple((one[1] or one[2]).lower() for one in _KEYWORD_HOST.finditer(text))
            said = _KEYWORD_USER.search(text)
            yield Credential(
                start=match.start(1),
                end=match.end(1),
                form=Form.KEYWORD,
                hosts=hosts,
                user=said[1] if said is not None else "",
            )


def around(text: str, found: tuple[Credential, ...]) -> tuple[str, ...]:
    """Return what stands before, between and behind the passwords ``found`` in ``text``."""
    ends = (0, *(one.end for one in found))
    starts = (*(one.start for one in found), len(text))
    return tuple(text[end:start] for end, start in zip(ends, starts, strict=True))


def decoded(text: str) -> str:
    """Return a part of a URL as the program reads it."""
    if "%" not in text:
        return text

    from urllib.parse import unquote  # most stacks have nothing to decode

    return unquote(text)


_IN_URLS = LazyPattern(r"[A-Za-z0-9._~!$&'()*+,;=:-]*")
_IN_KEYWORDS = LazyPattern(r"[^\s;&'\",%]*")
_IN_JSON = LazyPattern(r'[^"\\\x00-\x1f]*')


def can_hold(form: Form, value: str) -> bool:
    """Tell whether a text of the ``form`` can have ``value`` in it as it is, without escapes."""
    match form:
        case Form.URL:
            return _IN_URLS.fullmatch(value) is not None
        case Form.KEYWORD:
            return _IN_KEYWORDS.fullmatch(value) is not None
        case Form.JSON:
            return _IN_JSON.fullmatch(value) is not None
