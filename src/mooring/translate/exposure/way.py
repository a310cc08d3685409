"""A way from outside to a service, as a reverse proxy was told of it."""

import msgspec

from mooring.app.exposure import Speaks
from mooring.decisions import Evidence
from mooring.translate.exposure.places import Place


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """
    HTTP to ``service``.

    ``port`` is None where nobody named it.  ``is_redirect`` tells of a way that only sends
    requests on to HTTPS; beside another way to the same hosts it is no way of its own.
    With ``past_a_proxy`` the hosts are those of a proxy that passed such requests on.
    ``largest_body`` is the largest request, as nginx writes sizes ("50m", "0" for any).
    """

    service: str
    places: tuple[Place, ...]
    evidence: Evidence
    port: int | None = None
    encrypted: bool = False
    redirects: bool = False
    is_redirect: bool = False
    stripped_prefix: str | None = None
    speaks: Speaks = Speaks.HTTP
    long_lived: bool = False
    largest_body: str | None = None
    past_a_proxy: bool = False


class RawWay(msgspec.Struct, frozen=True, kw_only=True):
    """TCP or UDP to ``port`` of ``service``, which no HTTP rule can route."""

    service: str
    port: int
    evidence: Evidence


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says: ways, and raw ones."""

    ways: tuple[Way, ...] = ()
    raw: tuple[RawWay, ...] = ()
