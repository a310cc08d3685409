"""
Whose a kernel setting is: a pod's own, or the whole node's.

Source: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
"""

_NAMESPACED = ("net.", "kernel.shm", "kernel.msg", "fs.mqueue.")
_SINGLE = frozenset({"kernel.sem"})


def is_of_node(name: str) -> bool:
    """Return whether the setting ``name``, with dots or slashes, is one for all of the node."""
    plain = name.replace("/", ".")
    return not plain.startswith(_NAMESPACED) and plain not in _SINGLE
