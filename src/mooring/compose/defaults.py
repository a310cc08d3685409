"""
What Compose fills in where the files say nothing.

A default has no position: no file holds it.  Belongs after all files are merged, since a default
must never win over what a later file says.

Source: Compose Specification ("protocol" and "mode" of ports, the target of secrets, "count" of
device requests, "create_host_path"); compose-go's table of defaults.
"""

from mooring.compose.attributes import gpus, mounted_files, ports
from mooring.compose.nodes import Mapping, Scalar
from mooring.compose.rewriting import Rule, added, each, record, rewritten


def with_defaults(root: Mapping) -> Mapping:
    """Return the merged, canonical ``root`` with Compose's default values filled in."""
    return rewritten(root, _PROJECT)


def _default(**values: Scalar) -> Rule:
    return lambda node: added(node, values) if isinstance(node, Mapping) else node


_WORKLOAD: dict[str, Rule] = {
    "build": _default(context=Scalar(".")),
    "gpus": each(gpus.with_count),
    "ports": each(ports.with_defaults),
    "secrets": each(mounted_files.with_target),
    "volumes": each(record({"bind": _default(create_host_path=Scalar(True))})),
}

_RESERVATIONS = record({"devices": each(gpus.with_count)})
_SERVICE: dict[str, Rule] = {
    **_WORKLOAD,
    "deploy": record({"resources": record({"reservations": _RESERVATIONS})}),
}

_PROJECT = record({"jobs": each(record(_WORKLOAD)), "services": each(record(_SERVICE))})
