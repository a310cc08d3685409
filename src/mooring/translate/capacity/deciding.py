"""How many of each part run, where, with how much: all that a stack itself tells of capacity."""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.settings.choices import Choices
from mooring.translate.capacity.amounts import with_amounts
from mooring.translate.capacity.copies import with_copies
from mooring.translate.capacity.hints import (
    may_be_of_one_architecture,
    may_tell_of_connections,
)
from mooring.translate.notes import Notes, Translated
from mooring.translate.view import ServiceView


def with_capacity(
    application: Application, views: ReadOnly[str, ServiceView], choices: Choices
) -> Translated[Application]:
    """Return ``application`` with its replicas, amounts, architectures and connections."""
    notes = Notes()
    parts = application.parts
    if any(map(may_be_of_one_architecture, views.values())) or any(
        chosen.architecture for chosen in choices.services.values()
    ):
        from mooring.translate.capacity.architectures import bound

        parts = notes.take(bound(parts, views, choices))
    parts = notes.take(with_copies(parts, application.storages, views, choices))
    application = msgspec.structs.replace(application, parts=parts)
    if may_tell_of_connections(application, views.values()):
        from mooring.translate.capacity import connections

        servers = connections.servers(application, views)
        application = msgspec.structs.replace(application, connections=servers)
    application = notes.take(with_amounts(application, views, choices))
    return Translated(application, (*notes.decisions, *notes.findings))
