"""
Reads and writes the memory in the cluster: journal, inventory, the objects of revisions.

Each write replaces exactly what was read before, so whoever lost the lease and goes on all the same
is refused here at the latest.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from mooring.cluster import errors
from mooring.cluster.changes import KindName
from mooring.deploy import inventory, journal, records
from mooring.deploy.desired import Desired
from mooring.deploy.holding import LeaseLost
from mooring.deploy.inventory import Inventory
from mooring.deploy.journal import Journal, Revision
from mooring.digests import hexadecimal
from mooring.errors import ClusterError, IncompleteKnowledge
from mooring.refs import ObjectRef
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

if TYPE_CHECKING:
    from mooring.cluster.client import Client


class Memory:
    """What is remembered of one environment of one project; made by `read`."""

    def __init__(self, client: "Client", home: str, project: str, environment: str) -> None:
        self._client = client
        self._home, self._project, self._environment = home, project, environment
        self.journal = Journal(project=project, environment=environment)
        self.inventory = Inventory()
        self._journal_version: str | None = None
        self._inventory_version: str | None = None
        self._written: bytes = b""
        self._further: tuple[ObjectRef, ...] = ()
        """The objects besides the first that the inventory is in."""

    @property
    def version(self) -> tuple[str | None, str | None]:
        """What changes with every write, by whomever."""
        return self._journal_version, self._inventory_version

    async def read(self) -> None:
        """
        Read it all; where there is none, nothing was deployed.

        Raises:
            IncompleteKnowledge: there is one, and it cannot be understood or not be seen.
        """
        self.journal = Journal(project=self._project, environment=self._environment)
        self.inventory = Inventory()
        self._journal_version = self._inventory_version = None
        self._further = ()
        try:
            live, held = await asyncio.gather(
                self._client.get(self._journal_ref), self._client.get(self._inventory_ref())
            )
            if live is not None:
                self.journal = journal.decoded(records.joined([records.content_of(live)]))
                self._journal_version = _version(live)
            if held is not None:
                self.inventory = inventory.decoded(await self._inventory_content(held))
                self._inventory_version = _version(held)
        except errors.Forbidden as error:
            raise IncompleteKnowledge(
                f"what was deployed may not be read: {error.message}",
                remedy=f"ask for the right to get ConfigMaps in the namespace {self._home}",
            ) from error
        except (ValueError, OSError, EOFError) as error:
            raise IncompleteKnowledge(
                f"what was recorded in {self._journal_ref} cannot be read: {error}"
            ) from error

    async def save_journal(self, changed: Journal) -> None:
        """
        Write ``changed`` in place of the journal that was read.

        Raises:
            LeaseLost: somebody else has written meanwhile.
        """
        last = changed.last
        facts = {
            "project": self._project,
            "environment": self._environment,
            "revision": str(last.number) if last else "",
            "state": last.state.value if last else "",
            "by": last.by if last else "",
        }
        (packed,) = records.pieces(changed.encoded())
        self._journal_version = await self._put(
            self._journal_ref, packed, facts, self._journal_version
        )
        self.journal = changed

    async def save_inventory(self, changed: Inventory) -> None:
        """
        Write ``changed`` in place of the inventory that was read.

        What does not fit in one object goes to others first, under names of their own, so that what
        is read is always one whole; those of the former state are deleted afterwards.

        Raises:
            LeaseLost: somebody else has written meanwhile.
        """
        content = changed.encoded()
        if content == self._written and self._inventory_version is not None:
            self.inventory = changed
            return
        packed = records.pieces(content)
        name = hexadecimal(content)[:10]
        further = self._further_refs(name, len(packed))
        for ref, piece in zip(further, packed[1:], strict=True):
            await self._client.apply(
                records.config_map(ref, piece, facts={}, version=None), force=True
            )
        facts = {"pieces": str(len(packed)), "name": name, "objects": str(len(changed.entries))}
        self._inventory_version = await self._put(
            self._inventory_ref(), packed[0], facts, self._inventory_version
        )
        former, self._further = self._further, further
        self.inventory, self._written = changed, content
        for ref in former:
            if ref not in further:
                await self._client.delete(ref)

    async def save_objects(
        self, number: int, manifests: Iterable[Manifest], *, check: Callable[[], None]
    ) -> tuple[int, int]:
        """
        Write the objects of the revision ``number``; return in how many pieces and bytes.

        ``check`` is called right before each write and raises where none may be made.
        """
        packed = records.pieces(records.objects_content(manifests))
        refs = records.revision_refs(
            self._home, self._project, self._environment, number, len(packed)
        )
        for ref, piece in zip(refs, packed, strict=True):
            await self._client.apply(records.secret(ref, piece), force=True, check=check)
        return len(packed), sum(map(len, packed))

    async def objects(self, revision: Revision) -> list[dict[str, Any]]:
        """
        Return the objects of ``revision``.

        Raises:
            IncompleteKnowledge: a piece of them is gone.
        """
        packed: list[bytes] = []
        for ref in self._refs_of(revision):
            live = await self._client.get(ref)
            if live is None:
                raise IncompleteKnowledge(
                    f"the objects of revision {revision.number} are gone: there is no {ref}"
                )
            packed.append(records.content_of(live))
        return records.objects_of(records.joined(packed))

    async def forget(self, revisions: Iterable[Revision], *, check: Callable[[], None]) -> None:
        """Delete the objects that are kept of ``revisions``; ``check`` as in `save_objects`."""
        for revision in revisions:
            for ref in self._refs_of(revision):
                await self._client.delete(ref, check=check)

    async def forget_all(self) -> None:
        """Delete all that is remembered, the lease aside."""
        base = records.base_name(self._project, self._environment)
        for kind in (KindName("v1", "Secret"), KindName("v1", "ConfigMap")):
            found = await self._client.list(
                kind, namespace=self._home, labels=f"{records.RECORD}=true", metadata_only=True
            )
            for live in found.items:
                name = fields.text(fields.at(live, "metadata", "name")) or ""
                if name == base or name.startswith(f"{base}."):
                    await self._client.delete(
                        ObjectRef(kind.api_version, kind.kind, name, self._home)
                    )

    async def _put(
        self, ref: ObjectRef, piece: bytes, facts: dict[str, str], version: str | None
    ) -> str:
        """
        Write a record over the ``version`` of it that was read, and return its new version.

        One whose answer was lost is written again: over that version it is done at most once.
        """
        made = records.config_map(ref, piece, facts=facts, version=version)
        for is_last in (False, False, True):
            try:
                if version is None:
                    return _version(await self._client.create(made))
                return _version(await self._client.replace(made))
            except errors.OutcomeUnknown:
                found = await self._client.get(ref)
                if found is not None and records.content_of(found) == piece:
                    return _version(found)
                if is_last:
                    raise
            except (errors.Conflict, errors.NotFound) as error:
                if isinstance(error, errors.NotFound) and version is None:
                    raise
                # A try whose answer was lost and that was done all the same looks like this.
                found = await self._client.get(ref)
                if found is None or records.content_of(found) != piece:
                    raise LeaseLost("somebody else has written what is deployed here") from error
                return _version(found)
        raise AssertionError("unreachable")

    async def _inventory_content(self, live: Manifest) -> bytes:
        packed = [records.content_of(live)]
        name = fields.text(fields.at(live, "data", "name")) or ""
        self._further = self._further_refs(name, int(str(fields.at(live, "data", "pieces") or 1)))
        for ref in self._further:
            found = await self._client.get(ref)
            if found is None:
                raise ClusterError(f"a part of the inventory is gone: there is no {ref}")
            packed.append(records.content_of(found))
        content = records.joined(packed)
        self._written = content
        return content

    def _refs_of(self, revision: Revision) -> tuple[ObjectRef, ...]:
        return records.revision_refs(
            self._home, self._project, self._environment, revision.number, revision.pieces
        )

    @property
    def _journal_ref(self) -> ObjectRef:
        return records.journal_ref(self._home, self._project, self._environment)

    def _inventory_ref(self) -> ObjectRef:
        return records.inventory_ref(self._home, self._project, self._environment)

    def _further_refs(self, name: str, pieces: int) -> tuple[ObjectRef, ...]:
        """Return the refs of all but the first of ``pieces`` of the inventory called ``name``."""
        first = self._inventory_ref()
        return tuple(
            msgspec.structs.replace(first, name=f"{first.name}.{name}.{number}")
            for number in range(1, pieces)
        )


def _version(live: Manifest) -> str:
    return fields.text(fields.at(live, "metadata", "resourceVersion")) or ""


async def read(client: "Client", desired: Desired) -> Memory:
    """Return what is remembered of the environment of ``desired``."""
    made = Memory(client, desired.home, desired.project, desired.environment)
    await made.read()
    return made
