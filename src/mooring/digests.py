"""
Hashes of content, the same on every machine.

hashlib has the same function, but it loads OpenSSL first, and that takes longer than all that a
conversion hashes.
"""

try:
    from _sha2 import sha256  # type: ignore[import-not-found]  # Python 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found]
    except ImportError:
        from hashlib import sha256


def hexadecimal(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in 64 hexadecimal digits."""
    digits: str = sha256(content).hexdigest()
    return digits
