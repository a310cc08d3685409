"""
aiohttp, loaded without the authorities of the system.

On being imported it makes a TLS context for whoever has none, and reading all the authorities of
the system for that takes longer than the rest of the library.  We always bring a context of our
own, so there is nothing to be read; whoever should use that one by mistake trusts nobody.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_PLACES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Where OpenSSL looks for them: https://docs.openssl.org/master/man3/SSL_CTX_load_verify_locations/"""


@contextmanager
def _without_authorities() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _PLACES}
    os.environ |= dict.fromkeys(_PLACES, os.devnull)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


with _without_authorities():
    import aiohttp

__all__ = ["aiohttp"]
