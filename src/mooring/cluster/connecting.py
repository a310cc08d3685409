"""From the name of a context to a client: read the kubeconfig, open one session, close it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager

from mooring.cluster.client import Client


def connected(
    *,
    context: str | None = None,
    environment: Mapping[str, str],
    warn: Callable[[str], None],
) -> AbstractAsyncContextManager[Client]:
    """
    Yield a client of the cluster that ``context`` names, by default the current one.

    ``environment`` are the variables of the process: KUBECONFIG, HOME, and those of a pod inside
    of a cluster.  ``warn`` is told what the server warns of, each text once.

    Raises:
        AccessError: the kubeconfig, or a credential that it names, is of no use.
    """
    raise NotImplementedError
