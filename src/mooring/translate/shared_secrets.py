"""
What becomes of the secrets of a stack once all names in it are final.

First those in commands move into the Secret, so that they have a name; then addresses are composed
of the passwords in them; then each password of a server gets one source, whatever it is called
elsewhere; last, the copies are compared that should be equal and are not.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.app.application import Application
from mooring.app.workloads import Workload
from mooring.kube.names import peers_name
from mooring.settings.choices import Choices
from mooring.translate.concealment import concealing
from mooring.translate.embedded_secrets import with_embedded_secrets
from mooring.translate.notes import Note, Translated
from mooring.translate.one_source import with_one_source
from mooring.translate.unequal_copies import with_equal_copies
from mooring.translate.view import ServiceView


def with_shared_secrets(
    application: Application,
    views: ReadOnly[str, ServiceView],
    names: ReadOnly[str, tuple[str, ...]],
    choices: Choices,
) -> Translated[Application]:
    """
    Return ``application`` with each secret kept once.

    ``names`` are those under which each service may be dialled.
    """
    notes: list[Note] = []
    found = concealing(application, views)
    notes += found.notes
    in_cluster = _names_in_cluster(found.value, names)
    for step in (with_embedded_secrets, with_one_source, with_equal_copies):
        found = step(found.value, views, in_cluster, choices)
        notes += found.notes
    return Translated(found.value, tuple(notes))


def _names_in_cluster(
    application: Application, names: ReadOnly[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the ``names`` of each service with those that its part has in the cluster."""
    return {
        container.source_name: (
            *names.get(container.source_name, ()),
            part.name,
            *(part.other_names if isinstance(part, Workload) else ()),
            *(_names_of_replicas(part) if isinstance(part, Workload) else ()),
        )
        for part in application.parts
        for container in part.containers
    }


def _names_of_replicas(part: Workload) -> Iterator[str]:
    """Yield the names that lead to a single replica, where each was a service of its own."""
    for at, member in enumerate(part.members):
        yield from member.names
        yield f"{part.name}-{part.first_number + at}.{peers_name(part.name)}"
