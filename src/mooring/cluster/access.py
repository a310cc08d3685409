"""
How a cluster is reached and as whom: what a kubeconfig or a pod's service account comes to.

Everything that proves who we are is `Sensitive`, so no repr, log or error shows it.
"""

from collections.abc import Mapping

import msgspec

from mooring.sensitive import Sensitive


class Certificate(msgspec.Struct, frozen=True):
    """A client certificate and its key, both as PEM."""

    certificate: bytes
    key: Sensitive[bytes]


class Plugin(msgspec.Struct, frozen=True, kw_only=True):
    """
    A program that gives credentials (`users[].user.exec` of a kubeconfig).

    ``command`` is absolute where the kubeconfig names a path, else a name to be found on PATH.
    """

    command: str
    arguments: tuple[str, ...] = ()
    environment: Sensitive[Mapping[str, str]] = Sensitive({})
    api_version: str = "client.authentication.k8s.io/v1"
    is_interactive: bool = False
    """Whether it may read from the terminal."""
    gets_cluster: bool = False
    """Whether it is told which cluster it is for."""
    install_hint: str = ""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are to the server; several at once are allowed, as kubectl allows them."""

    certificate: Certificate | None = None
    token: Sensitive[str] | None = None
    token_file: str = ""
    """Read anew while in use, because whoever writes it replaces tokens before they expire."""
    basic: Sensitive[tuple[str, str]] | None = None
    plugin: Plugin | None = None
    impersonation: tuple[tuple[str, str], ...] = ()
    """Headers that ask to be treated as somebody else."""


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """
    One cluster as one user.

    ``server`` is its URL without a final slash; ``authority`` the PEM of the certificate authority,
    None for those of the system; ``server_name`` the name in its certificate where that is not the
    host of the URL; ``proxy`` a URL that may hold a password; ``context`` what the user calls it.
    """

    server: str
    context: str = ""
    namespace: str = "default"
    authority: bytes | None = None
    server_name: str = ""
    proxy: Sensitive[str] | None = None
    identity: Identity = Identity()
    plugin_config: Mapping[str, object] | None = None
    """What the cluster's entry holds for a plugin (`client.authentication.k8s.io/exec`)."""
