"""From the name of a context to a client: read the kubeconfig, open one session, close it."""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from mooring.cluster import kubeconfig
from mooring.cluster.access import Access
from mooring.cluster.client import Client
from mooring.cluster.connection import ANSWER_SECONDS, Connection
from mooring.cluster.discovery import Discovery


@asynccontextmanager
async def connected(
    *,
    context: str | None = None,
    environment: Mapping[str, str],
    warn: Callable[[str], None],
    answer_seconds: float = ANSWER_SECONDS,
) -> AsyncIterator[Client]:
    """
    Yield a client of the cluster that ``context`` names, by default the current one.

    ``environment`` are the variables of the process: KUBECONFIG, HOME, and those of a pod inside
    of a cluster.  ``warn`` is told what the server warns of, each text once.  An answer may keep
    silent for ``answer_seconds``.

    Raises:
        AccessError: the kubeconfig, or a credential that it names, is of no use.
    """
    access = kubeconfig.access(context=context, environment=environment)
    folder = cache_folder(environment)
    async with opened(access, folder=folder, warn=warn, answer_seconds=answer_seconds) as client:
        yield client


@asynccontextmanager
async def opened(
    access: Access,
    *,
    folder: str,
    warn: Callable[[str], None],
    answer_seconds: float = ANSWER_SECONDS,
) -> AsyncIterator[Client]:
    """Yield a client for ``access``, which keeps what it discovers in ``folder`` ("": nowhere)."""
    async with Connection(access, answer_seconds=answer_seconds) as connection:
        yield Client(connection, Discovery(connection, folder=folder), warn=warn)


def cache_folder(environment: Mapping[str, str]) -> str:
    """Return the folder for what was discovered, "" where the user has no home."""
    base = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = environment.get("HOME", "")
        base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    return os.path.join(base, "mooring", "discovery") if base else ""
