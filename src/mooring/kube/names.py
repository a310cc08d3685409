"""
Names that Kubernetes accepts, made from any text.

A text that is valid stays as it is.  Otherwise it is made valid in a way that a reader recognises
(lower case, ``-`` for what is not allowed) and, where it is too long, cut with a hash of the whole
text at its end, so that two long texts with one beginning stay two names.  Different texts can
still meet (``a_b`` and ``a.b``); ``unique`` keeps them apart.

The rules are those of k8s.io/apimachinery/pkg/util/validation and pkg/api/validate/content.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

from mooring import digests
from mooring.patterns import LazyPattern

LABEL_LIMIT = 63
SUBDOMAIN_LIMIT = 253
PORT_NAME_LIMIT = 15
CONFIG_KEY_LIMIT = 253

_IN_LABEL = "abcdefghijklmnopqrstuvwxyz0123456789-"
_WORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_IN_NAME = f"{_WORD}-._"
_NOT_IN_LABEL = LazyPattern(r"[^a-z0-9-]+")
_NOT_IN_LABEL_VALUE = LazyPattern(r"[^-A-Za-z0-9_.]+")
_NOT_IN_CONFIG_KEY = LazyPattern(r"[^-._a-zA-Z0-9]+")
_HYPHENS = LazyPattern(r"-{2,}")


@lru_cache(maxsize=8192)
def label(text: str, *, limit: int = LABEL_LIMIT) -> str:
    """
    Return ``text`` as an RFC 1123 label: ``a-z``, ``0-9`` and ``-`` inside, at most ``limit``.

    For the names of containers, volumes, namespaces, and of most objects whose name becomes part
    of a host name or a label.

    Source: IsDNS1123Label.
    """
    if len(text) <= limit and _is_label(text):
        return text
    name = _NOT_IN_LABEL.sub("-", _ascii(text).lower()).strip("-")
    return _cut(name or f"x-{_digest(text, 8)}", text, limit)


def service_name(text: str, *, limit: int = LABEL_LIMIT) -> str:
    """
    Return ``text`` as a DNS-1035 label: as ``label``, but it starts with a letter.

    Services had to obey this up to Kubernetes 1.35, and a name that begins with a digit is no
    host name for some resolvers; ``svc-`` is put before a digit.

    Source: IsDNS1035Label.
    """
    name = label(text, limit=limit)
    if name[0].isdigit():
        name = _cut(f"svc-{name}", text, limit)
    return name


def peers_name(text: str) -> str:
    """Return the name of the Service under which the pods of the StatefulSet ``text`` are found."""
    return service_name(f"{text}-headless")


def subdomain(text: str, *, limit: int = SUBDOMAIN_LIMIT) -> str:
    """
    Return ``text`` as an RFC 1123 subdomain: labels joined by dots, at most ``limit``.

    For the names of ConfigMaps, Secrets, claims, Ingress hosts.

    Source: IsDNS1123Subdomain.
    """
    if len(text) <= limit and _is_subdomain(text):
        return text
    parts = (_NOT_IN_LABEL.sub("-", part).strip("-") for part in _ascii(text).lower().split("."))
    name = ".".join(part for part in parts if part)
    return _cut(name or f"x-{_digest(text, 8)}", text, limit)


@lru_cache(maxsize=1024)
def port_name(text: str) -> str:
    """
    Return ``text`` as the name of a port: at most 15 of ``a-z``, ``0-9``, ``-``, with a letter.

    ``port-`` is put before a name without a letter.

    Source: IsValidPortName.
    """
    name = _ascii(text).lower()
    if not _holds_only(_IN_LABEL, name):
        name = _NOT_IN_LABEL.sub("-", name)
    if "--" in name:
        name = _HYPHENS.sub("-", name)
    name = name.strip("-")
    if not name:
        name = f"port-{_digest(text, 4)}"
    elif not name.strip("0123456789-"):
        name = f"port-{name}"
    return _cut(name, text, PORT_NAME_LIMIT)


def label_value(text: str) -> str:
    """
    Return ``text`` as the value of a label: empty, or at most 63 of letters, digits, ``-_.``.

    What it loses is lost: keep the full text in an annotation where it matters.

    Source: IsLabelValue.
    """
    if is_label_value(text):
        return text
    value = _NOT_IN_LABEL_VALUE.sub("-", _ascii(text)).strip("-_.")
    return _cut(value or f"x-{_digest(text, 8)}", text, LABEL_LIMIT)


def config_key(text: str) -> str:
    """
    Return ``text`` (mostly a path) as a key of a ConfigMap or Secret: letters, digits, ``-_.``.

    ``conf.d/site.conf`` is ``conf.d-site.conf``.

    Source: IsConfigMapKey.
    """
    if is_config_key(text):
        return text
    key = _NOT_IN_CONFIG_KEY.sub("-", _ascii(text)).strip("-")
    if not key or key == "." or key.startswith(".."):
        key = f"x-{key.lstrip('.')}".rstrip("-")
        if key == "x":
            key = f"x-{_digest(text, 8)}"
    return _cut(key, text, CONFIG_KEY_LIMIT)


def unique(
    texts: Iterable[str], make: Callable[[str], str], *, limit: int = LABEL_LIMIT
) -> dict[str, str]:
    """
    Return a name for each of ``texts`` by ``make``, no two alike, at most ``limit`` long.

    Where texts meet in one name, the text that is that name keeps it, else the first in
    alphabetical order; the others get a hash of their text.  The order of ``texts`` does not
    matter; the result is in the order of ``texts``.
    """
    wanted = {text: make(text) for text in texts}
    if len(set(wanted.values())) == len(wanted):
        return wanted
    taken: dict[str, str] = {}
    for text in sorted(wanted, key=lambda text: (text != wanted[text], text)):
        name = wanted[text]
        length = 4 if limit < 32 else 8
        while name in taken:
            name = _suffixed(wanted[text], _digest(text, length), limit)
            length += 1
        taken[name] = text
    names = {text: name for name, text in taken.items()}
    return {text: names[text] for text in wanted}


def is_label(text: str) -> bool:
    """Return whether ``text`` is an RFC 1123 label (IsDNS1123Label)."""
    return len(text) <= LABEL_LIMIT and _is_label(text)


def is_service_name(text: str) -> bool:
    """Return whether ``text`` is a DNS-1035 label (IsDNS1035Label)."""
    return is_label(text) and not text[0].isdigit()


def is_port_name(text: str) -> bool:
    """Tell whether a container port may have this name (IANA service name, RFC 6335)."""
    letters = text.replace("-", "")
    return (
        0 < len(text) <= PORT_NAME_LIMIT
        and is_label(text)
        and "--" not in text
        and any(one.isalpha() for one in letters)
    )


def is_subdomain(text: str) -> bool:
    """Return whether ``text`` is an RFC 1123 subdomain (IsDNS1123Subdomain)."""
    return len(text) <= SUBDOMAIN_LIMIT and _is_subdomain(text)


def is_label_value(text: str) -> bool:
    """Return whether ``text`` may be the value of a label (IsLabelValue)."""
    return not text or (len(text) <= LABEL_LIMIT and _is_qualified(text))


def is_label_key(text: str) -> bool:
    """Return whether ``text`` may be the key of a label: ``[subdomain/]name`` (IsLabelKey)."""
    prefix, slash, name = text.rpartition("/")
    if slash and not is_subdomain(prefix):
        return False
    return len(name) <= LABEL_LIMIT and _is_qualified(name)


def is_annotation_key(text: str) -> bool:
    """
    Return whether ``text`` may be the key of an annotation.

    As a label's, but the prefix may have capitals (ValidateAnnotations folds case first).
    """
    return is_label_key(text.lower())


def is_env_name(text: str) -> bool:
    """
    Return whether every cluster takes ``text`` as the name of a variable (IsEnvVarName).

    From Kubernetes 1.32 on more is allowed: see ``is_relaxed_env_name``.
    """
    return (
        _holds_only(_IN_NAME, text)
        and not text[0].isdigit()
        and not text.startswith("..")
        and text != "."
    )


def is_relaxed_env_name(text: str) -> bool:
    """
    Return whether clusters from 1.32 on take ``text`` as the name of a variable.

    Any printable ASCII but ``=`` (IsRelaxedEnvVarName).
    """
    return bool(text) and all(" " <= character <= "~" and character != "=" for character in text)


def is_identifier(text: str) -> bool:
    """Return whether ``text`` is a variable name in every shell and every env file."""
    return text.isascii() and text.isidentifier()


def is_config_key(text: str) -> bool:
    """Return whether ``text`` may be a key of a ConfigMap or Secret (IsConfigMapKey)."""
    return (
        len(text) <= CONFIG_KEY_LIMIT
        and _holds_only(_IN_NAME, text)
        and text != "."
        and not text.startswith("..")
    )


def short_hash(text: str) -> str:
    """Return eight hexadecimal digits of ``text``, the same on every machine."""
    return _digest(text, 8)


def _holds_only(characters: str, text: str) -> bool:
    """Tell whether ``text`` has at least one character, and none but ``characters``."""
    return text != "" and text.strip(characters) == ""


def _is_label(text: str) -> bool:
    return _holds_only(_IN_LABEL, text) and text[0] != "-" and text[-1] != "-"


def _is_subdomain(text: str) -> bool:
    return all(map(_is_label, text.split(".")))


def _is_qualified(text: str) -> bool:
    return _holds_only(_IN_NAME, text) and text[0] in _WORD and text[-1] in _WORD


def _ascii(text: str) -> str:
    """Return ``text`` without accents; letters of other scripts stay and are replaced later."""
    if text.isascii():
        return text
    import unicodedata  # a large table, for few texts

    return unicodedata.normalize("NFKD", text).encode("ascii", "replace").decode("ascii")


def _digest(text: str, length: int) -> str:
    return digests.hexadecimal(text.encode("utf-8", "surrogatepass"))[:length]


def _cut(name: str, text: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    return _suffixed(name, _digest(text, 4 if limit < 32 else 8), limit)


def _suffixed(name: str, digest: str, limit: int) -> str:
    return f"{name[: limit - len(digest) - 1].rstrip('-_.')}-{digest}"
