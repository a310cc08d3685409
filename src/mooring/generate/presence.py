"""What of an application an environment holds: in development all, else what production bears."""

import msgspec

from mooring.app.application import Application
from mooring.app.workloads import Container
from mooring.generate.refusal import without_refused
from mooring.settings.environments import Tier


def present(application: Application, tier: Tier) -> Application:
    """
    Return ``application`` without what only development needs or may have, in the other tiers.

    Storages and documents that nobody else mounts go with a part; of a container ports may go.
    """
    if tier is Tier.DEV:
        return application
    application = without_refused(_without_ports(application))
    if not any(part.development_only for part in application.parts):
        return application
    return application.without([part for part in application.parts if part.development_only])


def _without_ports(application: Application) -> Application:
    """Return ``application`` without the ports that only development has."""
    if not any(_has_open_ports(one) for part in application.parts for one in part.containers):
        return application
    return msgspec.structs.replace(
        application,
        parts=tuple(
            msgspec.structs.replace(part, containers=tuple(map(_closed, part.containers)))
            if any(map(_has_open_ports, part.containers))
            else part
            for part in application.parts
        ),
    )


def _has_open_ports(container: Container) -> bool:
    """Tell whether ``container`` has ports that are open in development alone."""
    return any(endpoint.development_only for endpoint in container.endpoints)


def _closed(container: Container) -> Container:
    open_ports = tuple(one for one in container.endpoints if not one.development_only)
    return msgspec.structs.replace(container, endpoints=open_ports)
