"""
Which parts mean the same in two environments, so that their objects are made once.

What runs a part follows from the part, from what it depends on, and from what is looked up for it:
images, settings, documents, storages, names of Jobs.  The ways to it from outside are another
matter, of Ingresses and policies; environments differ in them more than in anything else.
"""

import msgspec

from mooring.app.workloads import Task, Workload, all_containers
from mooring.generate.context import Context


def knows_the_same(one: Context, other: Context) -> bool:
    """Tell whether what is looked up in ``one`` for a part of both is the same in ``other``."""
    mine, theirs = one.configuration, other.configuration
    names = {each.name for part in one.application.parts for each in all_containers(part)}
    keys = {at: key for at, key in theirs.setting_keys.items() if at[0] in names}
    embedded = {at: keys for at, keys in theirs.embedded_keys.items() if at[0] in names}
    imported = {name: maps for name, maps in theirs.imported.items() if name in names}
    return (
        one.images == other.images
        and one.application.name == other.application.name
        and one.application.folder == other.application.folder
        and mine.secret_name == theirs.secret_name
        and mine.setting_keys == keys
        and mine.embedded_keys == embedded
        and mine.imported == imported
        and mine.documents.items() <= theirs.documents.items()
        and one.storages.items() <= other.storages.items()
        and all(one.job_name(task) == other.job_name(task) for task in one.application.tasks)
    )


def means_the_same(
    part: Workload | Task, other_part: Workload | Task, one: Context, other: Context
) -> bool:
    """Tell whether ``part`` of ``one`` and ``other_part`` of ``other`` are run by the same."""
    if not _is_run_alike(part, other_part):
        return False
    for dependency in part.dependencies:
        here, there = one.parts.get(dependency.on), other.parts.get(dependency.on)
        if here is None or there is None:
            if here is not there:
                return False
        elif not _is_run_alike(here, there) or (here is part) != (there is other_part):
            return False
    return True


def _is_run_alike(part: Workload | Task, other: Workload | Task) -> bool:
    return part is other or msgspec.structs.replace(part, exposures=other.exposures) == other
