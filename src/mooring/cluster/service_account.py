"""
Access from inside of a pod: the service account that is mounted there.

Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
"""

import os
from collections.abc import Mapping
from typing import Final

from mooring.cluster.access import Access, Identity
from mooring.cluster.errors import AccessError

FOLDER: Final = "/var/run/secrets/kubernetes.io/serviceaccount"


def access(environment: Mapping[str, str], *, folder: str = FOLDER) -> Access | None:
    """
    Return how to reach the cluster that this process runs in, None where it runs in none.

    Raises:
        AccessError: there is a token and no authority to verify the server with.
    """
    host = environment.get("KUBERNETES_SERVICE_HOST", "")
    port = environment.get("KUBERNETES_SERVICE_PORT", "")
    token = os.path.join(folder, "token")
    if not host or not port or not os.path.exists(token):
        return None
    try:
        with open(os.path.join(folder, "ca.crt"), "rb") as file:
            authority = file.read()
    except OSError as error:
        raise AccessError(
            f"the service account of this pod has no ca.crt: {error.strerror}"
        ) from error
    return Access(
        server=f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}",
        context="in-cluster",
        namespace=_namespace(folder),
        authority=authority,
        identity=Identity(token_file=token),
    )


def _namespace(folder: str) -> str:
    try:
        with open(os.path.join(folder, "namespace"), encoding="utf-8") as file:
            return file.read().strip() or "default"
    except OSError:
        return "default"
