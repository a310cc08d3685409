"""
Keys of signed tokens that are shorter than their algorithm allows.

A library refuses such a key when the program starts, which is after the deployment: RFC 7518 asks
of a key for HMAC at least the bits of the hash.  Only what says its algorithm itself is judged: a
JSON text with `type` and `key`, as Hasura takes it.

Source: https://www.rfc-editor.org/rfc/rfc7518#section-3.2
"""

_LEAST_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}


def fault(value: str) -> str | None:
    """Return what is wrong with the key in ``value``, without a word of the key; None: nothing."""
    if not value.startswith("{") or '"HS' not in value:
        return None
    import json  # few stacks hold such a key

    try:
        said = json.loads(value)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    algorithm, key = said.get("type"), said.get("key")
    least = _LEAST_BYTES.get(algorithm) if isinstance(algorithm, str) else None
    if least is None or not isinstance(key, str) or not key or len(key.encode()) >= least:
        return None
    return f"its key has {len(key.encode())} bytes, and {algorithm} needs {least}"
