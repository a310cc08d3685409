"""
Settings that still hold what their template says: `<your-host>`, `cloud.yourdomain.com`.

Env files come as examples to be filled in.  A password that nobody chose is asked for where secrets
are; what is no secret would go into a cluster without a word, and nothing there answers by it.  A
value that is made of a variable is asked for where the variable stands.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from typing import NamedTuple

from mooring.compose.environment import EnvValue
from mooring.compose.project import Project
from mooring.decisions import OpenQuestion
from mooring.patterns import LazyPattern
from mooring.settings.choices import Choices
from mooring.sources import Position
from mooring.translate.secrecy import is_placeholder, is_secret_setting
from mooring.translate.view import ServiceView

_NAMELESS = (
    r"your[-_]?(?:own[-_]?)?(?:domain|site|company|host|hostname|server|website|org|organization)"
    r"(?:[-_]?name)?"
)
_UNFILLED = LazyPattern(
    r"^<[^<>]+>$|<(?:your|insert|enter|replace|change|choose|add|put)[\w .-]*>"
    r"|^change[\W_]*(?:me|this|it)$|^replace[\W_]*(?:me|this)$|^to[\W_]?do$|^x{3,}$"
    rf"|^your[-_][\w.-]+$|^placeholder$|(?:^|[^a-z0-9]){_NAMELESS}(?![a-z0-9])",
    re.IGNORECASE,
)
_SIGNS = ("<", "change", "your", "replace", "do", "xxx", "placeholder")
"""One of these is in each text that `_UNFILLED` finds; looking for them is cheap."""
_LABEL_OF_NOBODY = LazyPattern(_NAMELESS, re.IGNORECASE)
_OF_PROXIES = ("VIRTUAL_", "LETSENCRYPT_")
"""Settings by which a proxy that watches Docker is told of routes: the domain is asked for."""


def is_unfilled(value: str) -> bool:
    """Tell whether a text, or a host in it, stands for what nobody has filled in yet."""
    lower = value.strip().lower()
    return any(sign in lower for sign in _SIGNS) and _UNFILLED.search(lower) is not None


def before_nobodys_domain(host: str) -> str | None:
    """
    Return what stands before a domain that stands for one, as `cloud` of cloud.yourdomain.com.

    Empty is the domain itself; None: the host holds no such domain.
    """
    if "your" not in host.lower():
        return None
    labels = host.split(".")
    for index, label in enumerate(labels):
        if _LABEL_OF_NOBODY.fullmatch(label) and index < len(labels) - 1:
            return ".".join(labels[:index])
    return None


class _Place(NamedTuple):
    """A value that is to be filled in: what it is called, and where it stands."""

    name: str
    value: str
    position: Position | None
    is_secret: bool = False
    is_composed: bool = False


def questions(
    views: ReadOnly[str, ServiceView], project: Project, choices: Choices
) -> Iterator[OpenQuestion]:
    """Yield a question for each value that is to be filled in, whoever is given it."""
    users: dict[_Place, list[str]] = {}
    for service, view in views.items():
        for name, entry in view.environment.items():
            if entry.value and is_unfilled(entry.value):
                for place in _places(service, name, entry, view, project, choices):
                    users.setdefault(place, []).append(service)
    for place, services in users.items():
        yield _question(place, list(dict.fromkeys(services)))


def _places(
    service: str,
    name: str,
    entry: EnvValue,
    view: ServiceView,
    project: Project,
    choices: Choices,
) -> Iterator[_Place]:
    value = entry.value or ""
    chosen = choices.secrecy(service, name)
    is_secret = is_secret_setting(name, value, entry.variables) if chosen is None else chosen
    if (is_secret and is_placeholder(value)) or name.startswith(_OF_PROXIES):
        return
    of_project = [one for one in entry.variables if is_unfilled(project.environment.get(one, ""))]
    for one in of_project:
        at = project.variables_at.get(one)
        yield _Place(one, project.environment[one], at)
    # What is made of another setting of the env file is settled with that one.
    beside = (view.environment.get(one) for one in entry.variables)
    if of_project or any(one is not None and is_unfilled(one.value or "") for one in beside):
        return
    yield _Place(name, value, entry.position, is_secret, bool(entry.variables))


def _question(place: _Place, services: list[str]) -> OpenQuestion:
    listed = ", ".join(services[:_NAMED])
    more = f" and {len(services) - _NAMED} more" if len(services) > _NAMED else ""
    still = "" if place.is_secret else f' "{place.value}"'
    file = place.position.file if place.position is not None else ""
    is_in_compose = not file or file.endswith((".yaml", ".yml"))
    if place.is_secret and place.is_composed and is_in_compose and place.position is not None:
        # It has no key of its own where it is composed of secrets that have.
        answer = f"correct {place.name}, in {file}:{place.position.line}"
    elif place.is_secret and is_in_compose:
        answer = f"{place.name}=<value> in environments/<environment>/secrets.env"
    elif is_in_compose and place.position is not None:
        own = f"environment: {{{place.name}: <value>}}"
        answer = f"services: {{{', '.join(f'{one}: {{{own}}}' for one in services)}}}"
    else:
        answer = f"{place.name}=<value> in {file or '.env'}"
    is_shared = not is_in_compose or place.position is None or len(services) > 1
    return OpenQuestion(
        subject=f"variables.{place.name}"
        if is_shared
        else f"services.{services[0]}.environment.{place.name}",
        question=f"{place.name} of {listed}{more} still holds what its template says{still}",
        answer=answer,
        position=place.position,
        several="{count} settings still hold what their template says",
        item=f"in {listed}{more}{':' if still else ''}{still}",
    )


_NAMED = 3
