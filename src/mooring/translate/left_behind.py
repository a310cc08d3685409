"""
Services that only development needs and that others dial all the same.

A mail catcher stands for a mail server.  Outside of development it is gone, and whoever is told its
name sends into the void: nothing fails but the mail.  Which server takes its place only the team
can say.
"""

from collections.abc import Iterable, Iterator

from mooring.app.application import Application
from mooring.decisions import OpenQuestion
from mooring.translate.dials import Dial

_MOST_NAMED = 3


def questions(
    dials: Iterable[Dial], application: Application, environment: str
) -> Iterator[OpenQuestion]:
    """
    Yield a question for each service that ``environment`` goes without and somebody dials there.

    Those of which it is said already where they are stand no more among the parts of
    ``application``.
    """
    parts = {one.source_name: part for part in application.parts for one in part.containers}
    callers: dict[str, dict[str, None]] = {}
    for dial in dials:
        caller, other = parts.get(dial.service), parts.get(dial.other)
        if caller is None or other is None or caller.development_only:
            continue
        if other.development_only:
            callers.setdefault(dial.other, {})[dial.service] = None
    for name, found in callers.items():
        yield OpenQuestion(
            subject=f"services.{name}.mode",
            question=f"it is for development alone, and {_listed(tuple(found))} "
            f"{'dials' if len(found) == 1 else 'dial'} it: which server takes its place in "
            f"{environment}?",
            answer=f"services: {{{name}: {{mode: {{{environment}: external}}, "
            f"connection: {{{environment}: {{host: <host>}}}}}}}}",
            position=parts[name].position,
        )


def _listed(names: tuple[str, ...]) -> str:
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
    return ", ".join(names)
