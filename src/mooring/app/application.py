"""The application: everything that is meant to run, and what it stands on."""

from collections.abc import Collection, Iterable

import msgspec

from mooring.app.configuration import Document
from mooring.app.outside import Outside
from mooring.app.storage import Storage
from mooring.app.workloads import Task, Workload
from mooring.builds import Build

TYPE_CHECKING = False  # what stands above is imported at run time, see `cli.own_modules`
if TYPE_CHECKING:
    from mooring.app.connections import ConnectionServer


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """
    One stack.

    ``name`` is a DNS label.  ``parts`` stand in the order of the input; storages and documents
    are those that some container mounts.  ``folder`` is the stack's folder, as positions in its
    files are shown: what is written into the tree says where a value stands from there.
    ``closed_networks`` are those from which nothing outside can be reached.  What the parts need
    and something else runs is ``outside``.  ``builds`` are the images that have to be built for it.
    ``connections`` are the servers of which it is known who opens how many connections to them.
    """

    name: str
    folder: str = "."
    parts: tuple[Workload | Task, ...]
    storages: tuple[Storage, ...] = ()
    documents: tuple[Document, ...] = ()
    closed_networks: frozenset[str] = frozenset()
    outside: tuple[Outside, ...] = ()
    builds: tuple[Build, ...] = ()
    connections: "tuple[ConnectionServer, ...]" = ()

    def without(self, gone: Collection[Workload | Task]) -> "Application":
        """
        Return the application without the parts ``gone``.

        Storages and documents that nobody else mounts go with them.
        """
        names = {part.name for part in gone}
        left = tuple(part for part in self.parts if part.name not in names)
        storages, documents = _mounted(gone)
        kept_storages, kept_documents = _mounted(left)
        storages -= kept_storages
        documents -= kept_documents
        return msgspec.structs.replace(
            self,
            parts=left,
            storages=tuple(one for one in self.storages if one.name not in storages),
            documents=tuple(one for one in self.documents if one.name not in documents),
        )

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """The parts that go on."""
        return tuple(part for part in self.parts if isinstance(part, Workload))

    @property
    def file_names(self) -> set[str]:
        """The names of all files that its parts are given, those that are still missing too."""
        return {
            name for document in self.documents for name in (*document.files, *document.missing)
        }

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The parts that run to their end."""
        return tuple(part for part in self.parts if isinstance(part, Task))


def _mounted(parts: Iterable[Workload | Task]) -> tuple[set[str], set[str]]:
    """Return the names of the storages and of the documents that ``parts`` mount."""
    storages: set[str] = set()
    documents: set[str] = set()
    for part in parts:
        steps = (step.container for step in part.initial_steps)
        for container in (*steps, *part.containers):
            storages.update(mount.storage for mount in container.storage)
            documents.update(mount.document for mount in container.documents)
    return storages, documents
