"""Paths of nginx's locations: patterns that are prefixes, and prefixes that are taken away."""

from collections.abc import Sequence

from mooring.patterns import LazyPattern
from mooring.translate.reverse_proxy.nginx_syntax import Directive

_LITERAL = r"(?:[\w/~-]|\\[./-])"
_SIMPLE = LazyPattern(
    rf"\^(/{_LITERAL}*)(?:\(\??:?({_LITERAL}+(?:\|{_LITERAL}+)*)\)({_LITERAL}*))?"
    r"(\.\*|\(\.\*\)|/\.\*|\(/\.\*\)\??|\(/\|\$\)(?:\.\*|\(\.\*\))?|\(\?:/\|\$\))?(\$?)"
)
_STRIPPING = LazyPattern(r"\^?(/[\w/~.-]*?)/?\(/?\.\*\)\$?")


def prefixes_of(pattern: str) -> tuple[tuple[str, bool], ...] | None:
    """
    Return the paths, and whether each is exact, for which ``pattern`` stands; None for others.

    `^/v1` and `^/(v1|v2)/` are prefixes as a reader means them, though `^/v1` takes /v1abc too.
    """
    found = _SIMPLE.fullmatch(pattern)
    if found is None:
        return None
    before, choices, after, rest, end = found.groups()
    exact = bool(end) and not rest
    paths = []
    for choice in choices.split("|") if choices else [""]:
        path = f"{before}{choice}{after or ''}".replace("\\", "")
        paths.append((path if len(path) > 1 else "/", exact))
    return tuple(paths)


def stripped_by(
    path: str, uri: str, rewrites: Sequence[Directive]
) -> tuple[str | None, str | None]:
    """
    Return the prefix that a location takes from the path, and what it does beyond that.

    ``uri`` is what follows the host in `proxy_pass`: it takes the place of the location's path.
    """
    bare = path.rstrip("/")
    if rewrites:
        if len(rewrites) == 1 and len(rewrites[0].words) >= 2:
            found = _STRIPPING.fullmatch(rewrites[0].words[0].text)
            to = rewrites[0].words[1].text
            if found is not None and found[1].rstrip("/") == bare and to in {"/$1", "$1"}:
                return bare or None, None
        return None, "a path that is changed"
    if uri in {"", path} or uri.rstrip("/") == bare != "":
        return None, None
    if uri == "/":
        return bare or None, None
    return None, "a path that is changed"
