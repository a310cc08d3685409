"""
What rules look at: all objects of one input, and the joins between them, each made once.

A rule sees everything and reports only its own subject.  What the input cannot tell is asked here
and answered honestly: whether it is whole, which cluster it goes to, what stands outside of it.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mooring.check import dialling
from mooring.check.pods import Container, Pod
from mooring.kube.labels import ORIGIN
from mooring.manifests.entries import Entry
from mooring.refs import ObjectRef
from mooring.semantics import admission, kinds, references, structure
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item, ManifestSet
from mooring.semantics.reachability import Network
from mooring.semantics.references import Dangling
from mooring.semantics.rights import Rights
from mooring.semantics.selection import Selections
from mooring.semantics.views import Service
from mooring.sources import Position

if TYPE_CHECKING:
    from datetime import date

    from mooring.semantics.placement import Placement
    from mooring.settings.clusters import Cluster

NEWEST_MINOR = 36
"""The newest minor version of Kubernetes that rules know: 1.36."""


class Going(NamedTuple):
    """
    What a cluster is deleting, and for how many minutes already; None: nobody knows.

    ``position`` is where its finalizers stand, None where no file holds it.
    """

    manifest: Manifest
    minutes: int | None = None
    position: Position | None = None


class Bundle:
    """
    The objects of one input.

    ``is_whole`` is False where parts of the input could not be read: what seems missing may stand
    there, and nothing is said of it with certainty.  ``is_closed`` says that nothing of the
    application stands outside the input (it was generated as a whole), so that what is missing is
    missing for certain.
    ``before`` is the same input as it was, to compare with; None: nobody knows.  One that
    ``holds_others`` has objects of other applications as well, as a cluster has.  ``going`` is what
    was being deleted when the input was read from a cluster; it is not among the objects.
    ``sources`` are the Compose files that the objects were made of, as the user is shown them.
    ``minor`` is the minor version of Kubernetes that the objects go to, and ``cluster`` what is
    settled of the cluster; None: nothing.  ``today`` is the day on which certificates have to hold;
    None asks nothing of them.  ``origins_begin`` is the folder, as the user is shown it, from which
    the places of generated objects are counted.  ``registries`` are those that images may come
    from, none for any.  Of the objects in ``background`` nothing is told: they are there because
    others refer to them.  ``runtime_classes`` are those that the settings name,
    besides those of ``cluster``.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        is_whole: bool = True,
        namespace: str | None = None,
        is_closed: bool = False,
        minor: int = NEWEST_MINOR,
        cluster: "Cluster | None" = None,
        today: "date | None" = None,
        origins_begin: str = "",
        registries: tuple[str, ...] = (),
        background: frozenset[ObjectRef] = frozenset(),
        runtime_classes: frozenset[str] = frozenset(),
    ) -> None:
        self.before: Bundle | None = None
        self.holds_others = False
        self.going: tuple[Going, ...] = ()
        self.sources: dict[str, bytes] = {}
        self.entries = tuple(entries)
        self.is_whole = is_whole
        self.is_closed = is_closed
        self.minor = minor
        self.cluster = cluster
        self.today = today
        self.origins_begin = origins_begin
        self.registries = registries
        self.background = background
        self.runtime_classes = runtime_classes
        self.objects = ManifestSet((one.manifest for one in self.entries), namespace=namespace)

    @cached_property
    def pods(self) -> tuple[Pod, ...]:
        """All pods that the objects make, in order."""
        return tuple(Pod(template, self.objects) for template in self.objects.templates)

    @cached_property
    def pods_by_namespace(self) -> dict[str, list[Pod]]:
        """The pods of each namespace, in order."""
        found: dict[str, list[Pod]] = {}
        for pod in self.pods:
            found.setdefault(pod.namespace, []).append(pod)
        return found

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All containers of all pods, init containers among them."""
        return tuple(one for pod in self.pods for one in pod.containers)

    @cached_property
    def pod_of(self) -> dict[ObjectRef, Pod]:
        """The pods of each object that makes some."""
        return {pod.owner: pod for pod in self.pods}

    @cached_property
    def selections(self) -> Selections:
        """Who selects whom."""
        return Selections(self.objects)

    @cached_property
    def network(self) -> Network:
        """What NetworkPolicies let pass and stop."""
        return Network(self.objects)

    @cached_property
    def rights(self) -> Rights:
        """What ServiceAccounts may do."""
        return Rights(self.objects)

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The Services, in order."""
        return tuple(Service(item) for item in self.objects.of_kind(kinds.SERVICE))

    @cached_property
    def dangling(self) -> tuple[Dangling, ...]:
        """The references that lead nowhere within the input."""
        return references.dangling(self.objects, external=self._is_declared)

    def _is_declared(self, target: ObjectRef) -> bool:
        """Tell whether the settings say that an object is there which the input does not hold."""
        if target.kind != kinds.RUNTIME_CLASS.kind:
            return False
        of_cluster = self.cluster.runtimes.values() if self.cluster is not None else ()
        return target.name in self.runtime_classes or any(
            one.name == target.name for one in of_cluster
        )

    @cached_property
    def structure_faults(self) -> tuple[tuple[Item, tuple[structure.Found, ...]], ...]:
        """The objects whose fields are not those of their kind, with what is wrong."""
        found = ((item, structure.faults(item)) for item in self.objects)
        return tuple((item, faults) for item, faults in found if faults)

    @cached_property
    def dialled(self) -> tuple[dialling.Dialled, ...]:
        """The addresses that containers are given in variables and commands."""
        return tuple(dialling.dialled(self.containers, self.names))

    @cached_property
    def names(self) -> dialling.Names:
        """What names resolve to."""
        return dialling.Names(self.objects)

    @cached_property
    def refusals(self) -> tuple[admission.Refusal, ...]:
        """The pods that their namespaces refuse: by Pod Security, LimitRanges and quotas."""
        return admission.refusals(self.objects)

    @cached_property
    def placement(self) -> "Placement | None":
        """Where the pods go on the nodes of the cluster; None where these are not known."""
        if self.cluster is None or not self.cluster.nodes:
            return None
        from mooring.semantics import fitting, placement

        return placement.place(self.objects, fitting.pools(self.cluster))

    @cached_property
    def has_undecided(self) -> bool:
        """Whether some objects have a namespace, and that of others is decided later."""
        decided = {
            bool(item.namespace) for item in self.objects if not kinds.is_cluster_scoped(item.kind)
        }
        return len(decided) > 1

    def of_kind(self, *wanted: GroupKind) -> Iterator[Item]:
        """Yield the objects of the kinds, kind by kind, each in order."""
        return self.objects.of_kind(*wanted)

    def services_of(self, pod: Pod) -> tuple[Service, ...]:
        """Return the Services that lead to ``pod``."""
        return self.selections.services_of(pod.template)

    def behind(self, service: Service) -> tuple[Pod, ...]:
        """Return the pods that ``service`` leads to."""
        found = (self.pod_of.get(one.owner) for one in self.selections.behind(service))
        return tuple(pod for pod in found if pod is not None)

    @cached_property
    def _entry_of(self) -> dict[int, Entry]:
        return {id(one.manifest): one for one in self.entries}

    @cached_property
    def _entry_by_ref(self) -> dict[ObjectRef, Entry]:
        found: dict[ObjectRef, Entry] = {}
        for item in self.objects:
            entry = self._entry_of.get(id(item.manifest))
            if entry is not None:
                found.setdefault(item.ref, entry)
        return found

    def entry(self, ref: ObjectRef) -> Entry | None:
        """Return the entry that the object ``ref`` was read from, the first of several."""
        return self._entry_by_ref.get(ref)

    def entry_of(self, item: Item) -> Entry | None:
        """Return the entry that ``item`` was read from."""
        return self._entry_of.get(id(item.manifest))

    def position(self, ref: ObjectRef, field: str | None = None) -> Position | None:
        """
        Return where ``field`` of the object stands in the user's files.

        For an object that no file holds this is the line of the Compose file it was made of.
        """
        entry = self._entry_by_ref.get(ref)
        if entry is not None:
            found = entry.position(field)
            if found is not None:
                return found
        item = self.objects.get(ref)
        return None if item is None else origin(item, self.origins_begin)


def origin(item: Item, folder: str = "") -> Position | None:
    """Return the line of the Compose file, below ``folder``, that the object was made of."""
    told = item.annotations.get(ORIGIN, "")
    file, _, line = told.rpartition(":")
    return (
        Position(os.path.normpath(os.path.join(folder, file)), int(line), 1)
        if file and line.isdigit()
        else None
    )
