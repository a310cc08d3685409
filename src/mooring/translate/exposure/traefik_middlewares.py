"""
What the middlewares of a Traefik router come to, one after the other.

Some change a request in a way that an ingress controller knows too; some, such as compression,
may be missing without harm; some keep people out, and without them a router must stay closed.

Source: https://doc.traefik.io/traefik/middlewares/http/overview/
"""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.translate.exposure.places import is_path
from mooring.translate.exposure.traefik_terms import Label


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """
    ``keeps_out`` says in words which middleware cannot be done without, None where none is.
    """

    redirects: bool = False
    stripped_prefix: str | None = None
    keeps_out: str | None = None


_ASKS = {
    "basicauth": "asks for a password",
    "digestauth": "asks for a password",
    "forwardauth": "asks another service who may come in",
    "ipallowlist": "lets in certain addresses only",
    "ipwhitelist": "lets in certain addresses only",
    "addprefix": "changes the path",
    "replacepath": "changes the path",
    "replacepathregex": "changes the path",
    "stripprefixregex": "changes the path",
    "plugin": "is a plugin",
}
_MOST_LINKS = 50


def effect(names: tuple[str, ...], defined: ReadOnly[str, dict[str, Label]]) -> Effect:
    """Return what the middlewares ``names`` do, as the stack's labels define them."""
    done = Effect()
    waiting = list(names)
    for _ in range(_MOST_LINKS):
        if not waiting:
            break
        name = waiting.pop(0)
        known = name.partition("@")[0]
        options = defined.get(known)
        if options is None:
            return Effect(keeps_out=f'middleware "{name}" is not defined by any label')
        kind = next(iter(options)).partition(".")[0]
        if kind == "chain":
            further = options.get("chain.middlewares")
            listed = further.value.lower().split(",") if further is not None else []
            waiting[:0] = [one.strip() for one in listed if one.strip()]
        elif kind in _ASKS:
            return Effect(keeps_out=f'middleware "{name}" {_ASKS[kind]}')
        elif kind == "redirectscheme":
            scheme = options.get("redirectscheme.scheme")
            if scheme is not None and scheme.value.strip().lower() == "https":
                done = msgspec.structs.replace(done, redirects=True)
        elif kind == "stripprefix":
            prefixes = options.get("stripprefix.prefixes")
            listed = prefixes.value.split(",") if prefixes is not None else []
            wanted, *others = dict.fromkeys(one.strip().rstrip("/") for one in listed) or ("",)
            if others or not is_path(wanted):
                return Effect(keeps_out=f'middleware "{name}" strips more than one prefix')
            done = msgspec.structs.replace(done, stripped_prefix=wanted)
    return done
