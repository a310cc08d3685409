"""
What is deleted because it is no longer wanted, with the proof that it is ours.

An object is deleted only where the inventory names it, with the uid that we applied, we are among
its field managers, nobody else owns it and nobody asked to keep it.  What holds data, or much else,
goes only where it is asked for by name.  More than a few at once are asked about: a mistake in what
is wanted looks the same as a wish to delete.
"""

import re
from collections.abc import Iterable

import msgspec

from mooring.deploy import comparison, observed
from mooring.deploy.inventory import Entry, Inventory
from mooring.deploy.observed import Observed
from mooring.kube.labels import OWNER
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind

KEEP = "mooring.dev/keep"
"""Annotation of an object that is never deleted: ``"true"``."""

MOST, MOST_SHARE = 10, 0.3
"""More than so many objects, or such a share of all, are not deleted without being asked."""

PROTECTED = frozenset({kinds.CLAIM, kinds.VOLUME, kinds.NAMESPACE, kinds.DEFINITION})
"""Kinds with which data goes, or everything of another kind."""

_HASHED = re.compile(r"(.+)-[a-z0-9]{5,10}").fullmatch
_MADE_ANEW = (kinds.CONFIG_MAP, kinds.SECRET, kinds.JOB)


class Candidate(msgspec.Struct, frozen=True):
    """
    An object that is no longer wanted.

    ``kept`` says why it is not deleted; empty where it is.  ``proof`` says why it is ours.
    ``is_replaced`` holds for an old version of something that is still wanted under a new hash.
    """

    ref: ObjectRef
    uid: str = ""
    kept: str = ""
    proof: str = ""
    is_gone: bool = False
    is_replaced: bool = False


def candidates(
    inventory: Inventory,
    wanted: Iterable[ObjectRef],
    seen: Observed,
    *,
    owner: str,
    with_protected: bool = False,
) -> tuple[Candidate, ...]:
    """
    Return the objects of ``inventory`` that are not ``wanted``, and what becomes of each.

    ``owner`` is the name of the deployment to which they have to belong.
    """
    refs = tuple(wanted)
    stems = {(kinds.group_kind(ref.api_version, ref.kind), _stem(ref.name)) for ref in refs}
    applied_uids = {observed.uid_of(live) for ref in refs if (live := seen.get(ref)) is not None}
    return tuple(
        _candidate(entry, seen, stems, applied_uids, owner, with_protected=with_protected)
        for entry in inventory.beyond(refs)
    )


def _candidate(
    entry: Entry,
    seen: Observed,
    stems: set[tuple[GroupKind, str]],
    applied_uids: set[str],
    owner: str,
    *,
    with_protected: bool,
) -> Candidate:
    ref = entry.ref
    kind = kinds.group_kind(ref.api_version, ref.kind)
    if kind in seen.forbidden:
        return Candidate(ref, kept="we may not look whether it exists")
    live = seen.get(ref)
    if live is None:
        return Candidate(ref, entry.uid, is_gone=True)
    uid = observed.uid_of(live)
    kept = _why_kept(entry, live, applied_uids, owner)
    if not kept and kind in PROTECTED and not with_protected:
        kept = f"a {ref.kind} is deleted only with --prune-protected"
    proof = "in our inventory" + (f" with the uid {uid[:8]}" if entry.uid else "")
    is_replaced = kind in _MADE_ANEW and (kind, _stem(ref.name)) in stems
    return Candidate(ref, uid, kept, f"{proof}, applied by mooring", is_replaced=is_replaced)


def _why_kept(entry: Entry, live: Manifest, applied_uids: set[str], owner: str) -> str:
    uid = observed.uid_of(live)
    notes = fields.labels(fields.at(live, "metadata", "annotations"))
    if entry.uid and entry.uid != uid:
        return "it is not the object that we applied: somebody has made it anew"
    if notes.get(OWNER) not in (owner, None):
        return f"it belongs to {notes[OWNER]} now"
    if not comparison.is_ours(live):
        return "mooring is not among its field managers"
    if fields.items(fields.at(live, "metadata", "ownerReferences")):
        return "another object owns it"
    if notes.get(KEEP) == "true" or notes.get("helm.sh/resource-policy") == "keep":
        return "an annotation says to keep it"
    return "it was applied under another name" if uid in applied_uids else ""


def _stem(name: str) -> str:
    """Return ``name`` without the hash of its content, where it ends in one."""
    found = _HASHED(name)
    return found[1] if found else name


def excess(found: Iterable[Candidate], total: int, limit: int | None) -> str:
    """
    Return why so many deletions are refused, empty where they are few enough.

    ``total`` is how many objects the inventory has, ``limit`` the number that the user allows.
    Old versions of what is still wanted do not count.
    """
    count = sum(not (one.kept or one.is_gone or one.is_replaced) for one in found)
    if limit is not None:
        return f"{count} objects would be deleted, {limit} are allowed" if count > limit else ""
    if count > MOST or (count > 2 and count > MOST_SHARE * total):
        return f"{count} of {total} objects would be deleted"
    return ""
