"""The application: everything that is meant to run, and what it stands on."""

import msgspec

from mooring.app.configuration import Document
from mooring.app.storage import Storage
from mooring.app.workloads import Task, Workload


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """
    One stack.

    ``name`` is a DNS label.  ``parts`` stand in the order of the input; storages and documents
    are those that some container mounts.  ``folder`` is the stack's folder, as positions in its
    files are shown: what is written into the tree says where a value stands from there.
    ``closed_networks`` are those from which nothing outside can be reached.
    """

    name: str
    folder: str = "."
    parts: tuple[Workload | Task, ...]
    storages: tuple[Storage, ...] = ()
    documents: tuple[Document, ...] = ()
    closed_networks: frozenset[str] = frozenset()

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """The parts that go on."""
        return tuple(part for part in self.parts if isinstance(part, Workload))

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The parts that run to their end."""
        return tuple(part for part in self.parts if isinstance(part, Task))
