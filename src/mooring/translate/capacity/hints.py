"""
Where a closer look is worth its time: what may tell of memory, architecture and connections.

Most stacks say nothing of them, and what reads them is loaded for those that may.
"""

from collections.abc import Iterable

from mooring.app.application import Application
from mooring.app.configuration import Setting
from mooring.images.facts import ImageFamily
from mooring.sensitive import Sensitive
from mooring.translate.view import ServiceView

_OF_MEMORY = (
    *("xmx", "maxdirect", "old-space", "old_space", "memlimit", "maxmemory", "shared_buffers"),
    *("buffer-pool", "buffer_pool", "cachesize", "memory", "heap", "pagecache", "varnish_size"),
)
"""In lower case: a text without any of these tells no process how much memory to take."""

BOUNDED_SERVERS = frozenset(
    {
        *("bitnami-mariadb", "bitnami-mysql", "bitnami-postgresql", "mariadb", "mysql"),
        *("pgvector", "postgis", "postgres", "timescaledb", "timescaledb-ha"),
    }
)
"""Families whose programs accept only so many connections."""

POOLING = frozenset({"hasura", "keycloak", "postgrest", "temporal-auto-setup", "temporal-server"})
"""Families of which it is known how many connections they open when nobody tells them."""


def may_tell_of_memory(content: str, family: ImageFamily | None) -> bool:
    """Tell whether what a process of ``family`` reads may say how much memory to take."""
    lowered = content.lower()
    if any(hint in lowered for hint in _OF_MEMORY):
        return True
    return family is not None and family.name == "memcached" and " -m" in content


def may_be_of_one_architecture(view: ServiceView) -> bool:
    """Tell whether an image may exist for one architecture alone, as few do."""
    if view.known is not None and len(view.known.family.architectures) == 1:
        return True
    facts = view.image_facts
    return facts is not None and (facts.platform is not None or bool(facts.architectures))


def may_tell_of_connections(application: Application, views: Iterable[ServiceView]) -> bool:
    """Tell whether a closer look may find who opens how many connections to a database."""
    programs = {view.known.family.name for view in views if view.known is not None}
    if not programs & BOUNDED_SERVERS:
        return False
    return not programs.isdisjoint(POOLING) or any(
        _tells_of_connections(setting)
        for part in application.parts
        for container in part.containers
        for setting in container.settings
    )


def _tells_of_connections(setting: Setting) -> bool:
    name = setting.name.upper()
    if "POOL" in name or "CONN" in name:
        return True
    value = setting.value.reveal() if isinstance(setting.value, Sensitive) else setting.value
    return "?" in value and ("pool" in value.lower() or "connection_limit" in value)
