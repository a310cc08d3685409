"""
Files that `kubectl get -o json` wrote: a part of a cluster at one moment.

What is in them was declared by somebody or made by controllers (`facts.declared`); what is not in
them may well be in the cluster, so nothing is missing for certain.
"""

from typing import NamedTuple

import msgspec

from mooring.check.bundle import Going
from mooring.manifests.entries import Entry
from mooring.manifests.gathering import Gathered
from mooring.refs import ObjectRef
from mooring.semantics import fields
from mooring.semantics.fields import Manifest


class Seen(NamedTuple):
    """
    What was declared of the objects in files.

    ``is_part`` tells that some of them come from a cluster that may hold more, ``unseen`` which
    files were cut off, and ``going`` what was being deleted.
    """

    entries: tuple[Entry, ...]
    background: frozenset[ObjectRef] = frozenset()
    is_part: bool = False
    unseen: tuple[str, ...] = ()
    going: tuple[Going, ...] = ()


def declared_in(gathered: Gathered) -> Seen:
    """Return the entries that count; files of manifests that no server has seen are as before."""
    unseen = tuple(
        f"{document.file} is one page of a list, and the others are not there"
        for document in gathered.documents
        if _is_cut_off(document.value)
    )
    if not any(_has_uid(one.manifest) for one in gathered.entries):
        return Seen(gathered.entries, is_part=bool(unseen), unseen=unseen)
    from mooring.facts import declared

    found = declared.declared(one.manifest for one in gathered.entries)
    entries = tuple(
        msgspec.structs.replace(gathered.entries[index], manifest=manifest)
        for index, manifest in found.kept
    )
    entry_of = {id(one.manifest): one for one in gathered.entries}
    going = tuple(
        Going(one, position=entry_of[id(one)].position("metadata.finalizers")) for one in found.held
    )
    return Seen(entries, found.background, is_part=True, unseen=unseen, going=going)


def _has_uid(manifest: Manifest) -> bool:
    return fields.at(manifest, "metadata", "uid") is not None


def _is_cut_off(value: object) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return False
    metadata = value.get("metadata")
    return isinstance(metadata, dict) and bool(metadata.get("continue"))
