"""What clusters make of the services of a stack, and what they have to know of them."""

from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.translate.further_names import FurtherNames
from mooring.translate.grouping import Groups
from mooring.translate.notes import Notes
from mooring.translate.renames import Rename
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """
    All services, and what has to be known of them besides.

    ``dns_names`` and ``others`` are their names as they were made without clusters.
    """

    translated: ReadOnly[str, TranslatedService]
    views: ReadOnly[str, ServiceView]
    dns_names: ReadOnly[str, str]
    groups: Groups
    others: FurtherNames


class Formation(msgspec.Struct, frozen=True, kw_only=True):
    """
    The services as clusters leave them.

    The first member of a cluster stands for all and ``names`` has its name in the cluster;
    ``absorbed`` maps the others to it.  ``other_names`` are those of the cluster as a whole and
    ``renames`` what the members' names become.
    """

    translated: dict[str, TranslatedService]
    names: dict[str, str] = {}
    absorbed: dict[str, str] = {}
    other_names: dict[str, tuple[str, ...]] = {}
    renames: tuple[Rename, ...] = ()

    def with_more(self, other: "Formation") -> "Formation":
        """Return this with the cluster of ``other`` as well."""
        gone = (*self.absorbed, *other.absorbed)
        made = {**self.translated, **{one: other.translated[one] for one in other.names}}
        return Formation(
            translated={name: one for name, one in made.items() if name not in gone},
            names={**self.names, **other.names},
            absorbed={**self.absorbed, **other.absorbed},
            other_names={**self.other_names, **other.other_names},
            renames=(*self.renames, *other.renames),
        )

    def renamed(self, renames: Iterable[Rename]) -> tuple[Rename, ...]:
        """Return ``renames`` of all services, with those of the members in place of their own."""
        own = {one.service for one in self.renames}
        return (*(one for one in renames if one.service not in own), *self.renames)

    def told_in(self, notes: Notes) -> None:
        """
        Take out of ``notes`` what was decided and asked of members that are no workloads any more.

        What is said of the first counts for all.
        """
        if self.absorbed:
            notes.decisions = [one for one in notes.decisions if not self._is_gone(one.subject)]
            notes.questions = [one for one in notes.questions if not self._is_gone(one.subject)]

    def _is_gone(self, subject: str) -> bool:
        kind, _, rest = subject.partition(".")
        return kind == "services" and any(
            rest == member or rest.startswith(f"{member}.") for member in self.absorbed
        )
