"""
As whom a container runs, when Compose does not say.

A cluster that forbids root has to be told a number.  The catalogue knows it for well-known images,
and a Dockerfile says it with a numeric USER.  Of other images nobody here knows, and a wrong
guess keeps the container from starting; so nothing is set, and that is said.
"""

import msgspec

from mooring.app.security import ContainerSecurity
from mooring.decisions import Decision, Evidence
from mooring.images.facts import User
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView


def with_native_user(
    rights: ContainerSecurity, service: ServiceView
) -> Translated[ContainerSecurity]:
    """Return ``rights`` with the user for whom the image is made, where that is no root."""
    if rights.user is not None or rights.privileged:
        return Translated(rights)
    facts = service.image_facts
    if facts is not None and facts.user is not None:
        name = facts.user.value.partition(":")[0]
        if name.isdecimal() and int(name) > 0:
            return Translated(msgspec.structs.replace(rights, native_user=int(name)))
        return _unknown(rights, service, f"its Dockerfile says USER {facts.user.value}")
    family = service.known.family if service.known is not None else None
    user = family.users[0] if family is not None and family.users else None
    number = _number(user) if user is not None else None
    if user is None or family is None:
        return _unknown(rights, service, "nobody here knows as whom its image runs")
    if number is None or family.needs_root:
        return _unknown(rights, service, f"{family.name} runs as root")
    changes: dict[str, object] = {"native_user": number}
    # Programs with capabilities in their file do not start where these are dropped.
    bound = tuple(name for name in family.capabilities if name == "NET_BIND_SERVICE")
    if bound:
        changes["added_capabilities"] = tuple(dict.fromkeys((*rights.added_capabilities, *bound)))
    if rights.storage_group is None:
        changes["storage_group"] = user.gid or number
    decision = Decision(
        subject=f"services.{service.name}",
        topic="user",
        choice=f"runs as user {number} where root is not allowed",
        evidence=(
            Evidence(
                f"{family.name} is made for it ({family.sources[user.source]})",
                service.position("image"),
            ),
        ),
        overrule=f"services: {{{service.name}: {{user: <uid>}}}}",
    )
    return Translated(msgspec.structs.replace(rights, **changes), (decision,))


def _number(user: User) -> int | None:
    """
    Return the user as whom the image can be started, or None where that is root.

    An entrypoint that changes to another user may still need root for what it does before.
    """
    return user.uid or (user.drops_to if user.any_uid else None) or None


def _unknown(
    rights: ContainerSecurity, service: ServiceView, why: str
) -> Translated[ContainerSecurity]:
    decision = Decision(
        subject=f"services.{service.name}",
        topic="user",
        choice="runs as its image says: its pods need the level baseline, not restricted",
        evidence=(Evidence(why, service.position("user")),),
        overrule=f"services: {{{service.name}: {{user: <uid>}}}}",
    )
    return Translated(rights, (decision,))
