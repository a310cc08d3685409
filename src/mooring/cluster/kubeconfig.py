"""
Which cluster is meant and who we are to it: the files that KUBECONFIG names, as kubectl reads them.

Of several files the first to hold a cluster, user or context of a name is believed for all of it,
and the first to set the current context.  Without any file, a pod's own service account counts.
TLS is always verified: a kubeconfig that turns that off is refused, because a credential sent to
whoever answers is a credential given away.

Sources: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/,
https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from mooring.cluster import plugin_entries, proxies, service_account
from mooring.cluster.access import Access, Certificate, Identity
from mooring.cluster.errors import AccessError
from mooring.cluster.kubeconfig_files import Entry
from mooring.manifests import documents
from mooring.sensitive import Sensitive
from mooring.sources import Position

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_REMOVED: Final = {
    "gcp": "gke-gcloud-auth-plugin",
    "azure": "kubelogin",
    "oidc": "kubelogin (kubectl oidc-login)",
}
"""Providers that kubectl had built in, and the plugin that took their place."""


class Named(NamedTuple):
    """A context that could be chosen."""

    name: str
    cluster: str
    namespace: str
    is_current: bool


def access(*, context: str | None, environment: Mapping[str, str]) -> Access:
    """
    Return how to reach the cluster of ``context``, by default of the current one.

    Raises:
        AccessError: a file cannot be read, names what is not there, or asks for what we refuse.
    """
    merged = _merged(environment)
    name = context or merged.current
    if not name:
        inside = service_account.access(environment)
        if inside is not None:
            return inside
        if merged.contexts:
            raise AccessError(
                "the kubeconfig has no current context",
                remedy=f"name one with --context: {', '.join(sorted(merged.contexts))}",
            )
        raise AccessError(
            f"there is no kubeconfig: {', '.join(_paths(environment)) or 'no home folder'}",
            remedy="set KUBECONFIG, or get one from whoever runs the cluster",
        )
    chosen = merged.contexts.get(name)
    if chosen is None:
        known = ", ".join(sorted(merged.contexts)) or "none"
        raise AccessError(
            f"the kubeconfig has no context {name}",
            remedy=f"there are: {known}",
        )
    return _of_context(name, chosen, merged, environment)


def contexts(environment: Mapping[str, str]) -> tuple[Named, ...]:
    """Return the contexts of the kubeconfig, by name."""
    merged = _merged(environment)
    return tuple(
        Named(name, one.text("cluster"), one.text("namespace") or "default", name == merged.current)
        for name, one in sorted(merged.contexts.items())
    )


class _Merged(NamedTuple):
    current: str
    contexts: dict[str, Entry]
    clusters: dict[str, Entry]
    users: dict[str, Entry]


def _paths(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the files that count, in order, whether they exist or not."""
    named = environment.get("KUBECONFIG", "")
    if named:
        return tuple(dict.fromkeys(one for one in named.split(os.pathsep) if one))
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    return (os.path.join(home, ".kube", "config"),) if home else ()


def _merged(environment: Mapping[str, str]) -> _Merged:
    merged = _Merged("", {}, {}, {})
    for path in _paths(environment):
        content = _content(path)
        if content is None:
            continue
        document = _document(content, path)
        current = document.get("current-context")
        if not merged.current and isinstance(current, str):
            merged = merged._replace(current=current)
        for key, inner, into in (
            ("contexts", "context", merged.contexts),
            ("clusters", "cluster", merged.clusters),
            ("users", "user", merged.users),
        ):
            for name, entry in _entries(document, key, inner, path):
                into.setdefault(name, entry)
    return merged


def _content(path: str) -> bytes | None:
    """Return what the file holds, None where there is none: kubectl passes over those, too."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AccessError(
            f"the kubeconfig cannot be read: {error.strerror}", position=Position(path)
        ) from error


def _document(content: bytes, path: str) -> dict[str, Any]:
    read = documents.read(content, path)
    for fault in read.faults:
        raise AccessError(f"the kubeconfig is no YAML: {fault.message}", position=fault.position)
    if not read.documents:
        return {}
    value = read.documents[0].value
    if not isinstance(value, dict):
        raise AccessError("this is no kubeconfig", position=Position(path))
    return value


def _entries(
    document: dict[str, Any], key: str, inner: str, path: str
) -> Iterator[tuple[str, Entry]]:
    found = document.get(key) or ()
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise AccessError(f"{key} is no list", position=Position(path))
    for one in found:
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            raise AccessError(f"an entry of {key} has no name", position=Position(path))
        values = one.get(inner)
        yield (
            one["name"],
            Entry(path, f"{inner} {one['name']}", values if isinstance(values, dict) else {}),
        )


def _of_context(
    name: str, context: Entry, merged: _Merged, environment: Mapping[str, str]
) -> Access:
    cluster = merged.clusters.get(context.text("cluster"))
    if cluster is None:
        raise context.error(
            f"there is no cluster {context.text('cluster') or 'named'} for it",
            remedy="correct the kubeconfig, or use another --context",
        )
    user_name = context.text("user")
    user = merged.users.get(user_name) if user_name else Entry(context.file, "no user", {})
    if user is None:
        raise context.error(
            f"there is no user {user_name} for it",
            remedy="correct the kubeconfig, or use another --context",
        )
    server = _server(cluster)
    if cluster.flag("insecure-skip-tls-verify"):
        raise cluster.error(
            "insecure-skip-tls-verify is set, and mooring talks to no server that it cannot verify",
            remedy="put the certificate of its authority into certificate-authority-data instead",
        )
    authority = cluster.content("certificate-authority")
    proxy = cluster.text("proxy-url") or proxies.of_environment(server, environment)
    return Access(
        server=server,
        context=name,
        namespace=context.text("namespace") or "default",
        authority=authority,
        server_name=cluster.text("tls-server-name"),
        proxy=_proxy(proxy, cluster) if proxy else None,
        identity=_identity(user, server),
        plugin_config=plugin_entries.cluster_config(cluster),
    )


def _server(cluster: Entry) -> str:
    server = cluster.text("server").rstrip("/")
    parts = urlsplit(server)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise cluster.error("server is no https:// address", remedy="correct it in the kubeconfig")
    if parts.username is not None or parts.password is not None:
        raise cluster.error(
            "server holds a password, which would be seen wherever the address is",
            remedy="move it to username and password of the user",
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise cluster.error(
            f"{server} is reached without TLS, and not on this machine",
            remedy="use its https:// address",
        )
    return server


def _proxy(url: str, cluster: Entry) -> Sensitive[str]:
    if urlsplit(url).scheme not in ("http", "https"):
        raise cluster.error(
            f"a proxy of the kind {urlsplit(url).scheme or 'without scheme'} is not supported",
            remedy="use an http:// or https:// proxy, or a tunnel with a port of its own",
        )
    return Sensitive(url)


def _identity(user: Entry, server: str) -> Identity:
    provider = user.values.get("auth-provider")
    if isinstance(provider, dict):
        kind = str(provider.get("name"))
        raise user.error(
            f"the auth-provider {kind} no longer exists, kubectl dropped it as well",
            remedy=f"use the exec plugin {_REMOVED.get(kind, 'of your cluster')} instead",
        )
    certificate = user.content("client-certificate")
    key = user.content("client-key")
    if (certificate is None) != (key is None):
        missing = "client-key" if key is None else "client-certificate"
        raise user.error(f"{missing} is missing", remedy="a certificate and its key go together")
    token, token_file = user.text("token"), user.path("tokenFile")
    username, password = user.text("username"), user.text("password")
    return Identity(
        certificate=Certificate(certificate, Sensitive(key)) if certificate and key else None,
        token=Sensitive(token) if token else None,
        token_file=token_file,
        basic=Sensitive((username, password)) if username and not (token or token_file) else None,
        plugin=plugin_entries.plugin(user),
        impersonation=tuple(_impersonation(user)),
    )


def _impersonation(user: Entry) -> Iterator[tuple[str, str]]:
    """
    Yield the headers that ask to be treated as somebody else.

    Several groups would need a header several times, which one mapping cannot hold.
    """
    if user.text("as"):
        yield "Impersonate-User", user.text("as")
    if user.text("as-uid"):
        yield "Impersonate-Uid", user.text("as-uid")
    groups = user.values.get("as-groups") or []
    extra = user.values.get("as-user-extra") or {}
    if len(groups) > 1 or extra:
        raise user.error(
            "impersonation with several groups or extra fields is not supported",
            remedy="use a context whose user has the rights itself",
        )
    for group in groups:
        yield "Impersonate-Group", str(group)
