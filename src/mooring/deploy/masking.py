"""
Values of secrets in what people and files see: a short hash, never the value.

The hash depends on the place as well, so it tells whether a value changed and nothing about
whether another place has the same.  It is short, and slower to make than a plain one, so that
guesses are dear and several fit; a password that everybody guesses is weak all the same.
"""

import hashlib
from functools import lru_cache

from mooring.refs import ObjectRef
from mooring.semantics import kinds

_ROUNDS = 200
_SECRET_FIELDS = ("data", "stringData")


@lru_cache(maxsize=4096)
def masked(value: str, place: str) -> str:
    """Return what stands for the secret ``value`` at ``place``."""
    made = hashlib.pbkdf2_hmac("sha256", value.encode(), place.encode(), _ROUNDS, 4)
    return f"<secret {made.hex()[:6]}>"


def is_secret(ref: ObjectRef, path: tuple[str, ...]) -> bool:
    """Tell whether the field at ``path`` of the object holds a secret value."""
    kind = kinds.group_kind(ref.api_version, ref.kind)
    return kind == kinds.SECRET and bool(path) and path[0] in _SECRET_FIELDS


def shown(ref: ObjectRef, path: tuple[str, ...], value: object) -> object:
    """Return ``value`` as it may be shown: itself, or hashes where it is secret."""
    if value is None or not is_secret(ref, path):
        return value
    if isinstance(value, dict):
        return {key: shown(ref, (*path, key), one) for key, one in value.items()}
    return masked(str(value), f"{ref}:{'.'.join(path)}")
