"""
Where an object stands in a tree: a folder for each workload, a file for each object.

The folder is that of the workload in the label ``app.kubernetes.io/name``; what belongs to no
workload stands in ``common``.  A name depends on nothing but the object itself, so a new object
never moves another's file.
"""

from collections.abc import Iterable

from mooring.kube import labels, names
from mooring.kube.objects.meta import KubeObject
from mooring.patterns import LazyPattern

COMMON = "common"
_LONGEST_NAME = 150
_HASH = LazyPattern(r"-[0-9a-f]{8}\Z")


def folders(items: Iterable[KubeObject], *, taken: frozenset[str]) -> dict[str, str]:
    """
    Return the folder of each workload of ``items`` by the value of its label ("" for none).

    Folders are lower case and no two alike, as some file systems know no case; none is in
    ``taken``, the names that the tree uses for itself.
    """
    workloads = {item.metadata.labels.get(labels.NAME, "") for item in items}
    apart = names.unique(sorted(workloads - {""}), names.label)
    made = {}
    used = {*taken, COMMON}
    for workload, folder in apart.items():
        while folder in used:
            folder += "-workload"
        used.add(folder)
        made[workload] = folder
    return {**made, "": COMMON}


def workload(item: KubeObject) -> str:
    """Return the workload that ``item`` belongs to, "" for none."""
    return item.metadata.labels.get(labels.NAME, "")


def file_name(item: KubeObject) -> str:
    """
    Return ``deployment.yaml`` for what is called like its workload, else with its name.

    A Job that is called so and by its content too is the workload's one as well.
    """
    kind = item.kind.lower()
    name = item.metadata.name
    if kind == "job" and _HASH.search(name):
        name = name.rpartition("-")[0]
    if name == workload(item):
        return f"{kind}.yaml"
    return f"{kind}-{names.subdomain(item.metadata.name, limit=_LONGEST_NAME)}.yaml"
