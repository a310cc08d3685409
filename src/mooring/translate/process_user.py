"""
As whom a container runs, when Compose does not say.

A cluster that forbids root has to be told a number.  A Dockerfile says it with a numeric USER, or
with the name of a user that it makes or that its base image is known to have.  The catalogue knows
it for well-known images: of those that start as root and change to a user of their own, it knows
which may as well start as that user.  Of other images nobody here knows, and a wrong guess keeps
the container from starting; so nothing is set, and that is said.
"""

import msgspec

from mooring.app.security import ContainerSecurity
from mooring.compose.dockerfile.facts import Text
from mooring.decisions import Decision, Evidence
from mooring.images import catalogue
from mooring.images.facts import ImageFamily, Role, User
from mooring.patterns import LazyPattern
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView, texts

ANYBODY = 10001
"""The user of an image that runs as any: no account of a node has this number."""

_HIGHEST = 2**31 - 1
_NEEDS_ROOT = LazyPattern(
    r"\b(?:apk\s+add|apt(?:-get)?\s|yum\s|dnf\s|ch(?:own|mod)\s|adduser|useradd|su-exec|gosu|sudo"
    r"|setpriv|su\s|iptables|sysctl\s|mount\s|setcap|update-ca-certificates|pip3?\s+install"
    r"|npm\s+(?:i|install)\s+(?:-g|--global))"
)
"""What a command does that only root can, or that writes to places of root."""


def with_native_user(
    rights: ContainerSecurity, service: ServiceView
) -> Translated[ContainerSecurity]:
    """Return ``rights`` with the user for whom the image is made, where that is no root."""
    if rights.user is not None or rights.privileged:
        return Translated(rights)
    facts = service.image_facts
    if facts is not None and facts.user is not None:
        return _of_dockerfile(rights, service, facts.user)
    inherited = _of_base(rights, service)
    if inherited is not None:
        return inherited
    family = service.known.family if service.known is not None else None
    user = family.users[0] if family is not None and family.users else None
    number = native_user(service)
    if user is None or family is None:
        return _unknown(rights, service, "nobody here knows as whom its image runs")
    if number is None:
        return _unknown(rights, service, f"{family.name} runs as root")
    root_for = _work_of_root(service) if user.uid == 0 else None
    if root_for is not None:
        return _unknown(rights, service, f"its command says {root_for}, which root has to do")
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
        choice=f"runs as user {number}, not as root",
        evidence=(
            Evidence(
                f"{family.name} {_made_for(user)} ({family.sources[user.source]})",
                service.position("image"),
            ),
        ),
        overrule=f"services: {{{service.name}: {{user: <uid>}}}}",
    )
    return Translated(msgspec.structs.replace(rights, **changes), (decision,))


def _of_base(
    rights: ContainerSecurity, service: ServiceView
) -> Translated[ContainerSecurity] | None:
    """
    Return ``rights`` with the user of the image on which that of ``service`` is built.

    A Dockerfile without USER leaves it as it is.  None where that is root, or nobody knows it.
    """
    facts = service.image_facts
    if service.known is not None or facts is None or facts.base is None:
        return None
    base = catalogue.lookup(facts.base.value)
    user = base.family.users[0] if base is not None and base.family.users else None
    if base is None or user is None or not user.uid:
        return None
    changes: dict[str, object] = {"native_user": user.uid}
    if rights.storage_group is None:
        changes["storage_group"] = user.gid or user.uid
    source = base.family.sources[user.source]
    decision = Decision(
        subject=f"services.{service.name}",
        topic="user",
        choice=f"runs as user {user.uid}, not as root",
        evidence=(
            Evidence(
                f"its image is built on {base.repository}, which is made for it ({source}), and "
                "its Dockerfile names no other",
                facts.base.position,
            ),
        ),
        overrule=f"services: {{{service.name}: {{user: <uid>}}}}",
    )
    return Translated(msgspec.structs.replace(rights, **changes), (decision,))


def native_user(service: ServiceView) -> int | None:
    """
    Return the user as whom the known image of ``service`` can be started; None where that is root.

    An entrypoint that changes to another user may still need root for what it does before.
    """
    family = service.known.family if service.known is not None else None
    if family is None or not family.users or family.needs_root:
        return None
    user = family.users[0]
    if user.uid:
        return user.uid
    if user.drops_to and (user.any_uid or user.direct):
        return user.drops_to
    # What is run in an image that is a base for others may be anything.
    return ANYBODY if user.any_uid and family.role is not Role.WORKER else None


def _made_for(user: User) -> str:
    if user.uid:
        return "is made for it"
    return "may be started as its own user" if user.drops_to else "runs as any user"


def _work_of_root(service: ServiceView) -> str | None:
    """Return what the service's own command does that only root can do."""
    words = (*texts(service.get("entrypoint")), *texts(service.get("command")))
    found = _NEEDS_ROOT.search(" ".join(words)) if words else None
    return f'"{found[0].strip()}"' if found is not None else None


def _of_dockerfile(
    rights: ContainerSecurity, service: ServiceView, user: Text
) -> Translated[ContainerSecurity]:
    name = user.value.partition(":")[0]
    number = user_number(name, service)
    if number is None:
        why = f"its Dockerfile says USER {user.value}"
        return _unknown(rights, service, f"{why}, whose number it does not say")
    if number == 0:
        return _unknown(rights, service, f"its Dockerfile says USER {user.value}")
    changed = msgspec.structs.replace(
        rights,
        native_user=number,
        storage_group=rights.storage_group if rights.storage_group is not None else number,
    )
    if name.isdecimal():
        return Translated(changed)
    decision = Decision(
        subject=f"services.{service.name}",
        topic="user",
        choice=f"runs as user {number}, which is the {name} of its image",
        evidence=(
            Evidence("its Dockerfile, or the image below it, makes that user", user.position),
        ),
        overrule=f"services: {{{service.name}: {{user: <uid>}}}}",
    )
    return Translated(changed, (decision,))


def user_number(name: str, service: ServiceView) -> int | None:
    """Return the number of the user ``name`` in the image of ``service``, as far as it is known."""
    if name == "root":
        return 0
    if name.isascii() and name.isdecimal():
        return int(name) if int(name) <= _HIGHEST else None
    facts = service.image_facts
    if facts is not None and name in facts.accounts:
        return facts.accounts[name]
    family = _family_below(service)
    return family.accounts.get(name) if family is not None else None


def _family_below(service: ServiceView) -> ImageFamily | None:
    """Return what is known of the image that the service runs, or on which its own is built."""
    if service.known is not None:
        return service.known.family
    facts = service.image_facts
    known = catalogue.lookup(facts.base.value) if facts is not None and facts.base else None
    return known.family if known is not None else None


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
