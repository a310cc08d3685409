"""Credential plugins as kubeconfigs describe them; `plugins` runs them."""

import os
from collections.abc import Mapping
from typing import Any, Final

from mooring.cluster.access import Plugin
from mooring.cluster.kubeconfig_files import Entry
from mooring.sensitive import Sensitive

VERSIONS: Final = (
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1beta1",
)
_EXTENSION: Final = "client.authentication.k8s.io/exec"


def plugin(user: Entry) -> Plugin | None:
    """
    Return the plugin that gives the credential of ``user``, None where it has none.

    Raises:
        AccessError: it has no command, or another format than we know.
    """
    told = user.values.get("exec")
    if not isinstance(told, dict):
        return None
    entry = Entry(user.file, f"{user.name}: exec", told)
    version = entry.text("apiVersion")
    if version not in VERSIONS:
        raise entry.error(
            f"the version {version or '(none)'} is not known", remedy=f"it may be {VERSIONS[0]}"
        )
    command = entry.text("command")
    if not command:
        raise entry.error("command is missing")
    if os.sep in command:
        command = entry.path("command")
    variables = {
        str(one["name"]): str(one.get("value", ""))
        for one in told.get("env") or ()
        if isinstance(one, dict) and "name" in one
    }
    return Plugin(
        command=command,
        arguments=tuple(str(one) for one in told.get("args") or ()),
        environment=Sensitive(variables),
        api_version=version,
        is_interactive=entry.text("interactiveMode") != "Never",
        gets_cluster=entry.flag("provideClusterInfo"),
        install_hint=entry.text("installHint"),
    )


def cluster_config(cluster: Entry) -> Mapping[str, Any] | None:
    """Return what the cluster's entry holds for plugins."""
    for one in cluster.values.get("extensions") or ():
        if isinstance(one, dict) and one.get("name") == _EXTENSION:
            extension = one.get("extension")
            return extension if isinstance(extension, dict) else None
    return None
