"""
Accounts that an image makes by itself, and passwords that it needs and is not given.

Who deploys Grafana without a password has one: that of its manual, which is the first that anybody
tries.  Development may keep it; for production a password is asked for.  So that the answer has a
place, the container is given the variables for it, with the values that the image has anyway:
nothing changes until somebody sets them.  A password without which the image does not start has no
such value, and stands there empty.

Nothing is added where another program runs, or where a mounted file may say it.
"""

from collections.abc import Iterable, Iterator

from mooring.app.configuration import Document, Setting
from mooring.app.process import Process
from mooring.decisions import SECRETS, Decision, Evidence, OpenQuestion
from mooring.images.facts import DefaultCredential, ImageFamily
from mooring.images.options import said_by_options
from mooring.sensitive import Sensitive
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView

_OF_OTHERS = frozenset({"opensearch-dashboards"})
"""Images whose account is one of the server that they ask."""


def with_known_accounts(
    settings: tuple[Setting, ...],
    documents: Iterable[Document],
    run: Process,
    service: ServiceView,
) -> Translated[tuple[Setting, ...]]:
    """Return ``settings`` with the passwords of ``service`` that somebody has to set."""
    family = service.known.family if service.known is not None else None
    if family is None or not (family.default_credentials or family.required):
        return Translated(settings)
    if run.entrypoint is not None or _is_another_program(run, family):
        return Translated(settings)
    names = {one.name for one in settings} | _by_options(run, family)
    added: list[Setting] = []
    notes: list[Note] = []
    for account in family.default_credentials:
        made = _of_account(account, family, names, service)
        if made and not _is_said({"pass"}, documents):
            added += made
            notes.append(_decision(made, account, family, service))
    for needed in family.required:
        if names.isdisjoint((needed.name, f"{needed.name}_FILE", *needed.unless)):
            if needed.secret and not _is_said({_end(needed.name)}, documents):
                added.append(
                    Setting(
                        name=needed.name,
                        value=Sensitive(""),
                        is_placeholder=True,
                        position=service.position("image"),
                    )
                )
            elif not needed.secret:
                notes.append(_missing(needed.name, family, service))
    if not added:
        return Translated(settings, tuple(notes))
    notes += [_question(one, service) for one in added if one.is_secret]
    return Translated(tuple(sorted((*settings, *added), key=lambda one: one.name)), tuple(notes))


def _by_options(run: Process, family: ImageFamily) -> set[str]:
    """Return the variables in whose place the command has an option."""
    wanted = [one.name for one in family.required]
    wanted += [name for one in family.default_credentials for name in one.change_with]
    return set(said_by_options(run.arguments or (), wanted))


def _of_account(
    account: DefaultCredential, family: ImageFamily, names: set[str], service: ServiceView
) -> list[Setting]:
    """Return the variables of an account that are not given, none where one of them is."""
    variables = [name for name in account.change_with if name.isupper()]
    passwords = [name for name in variables if "PASS" in name]
    former = {one.name for one in family.renamed if one.to in variables}
    given = {*variables, *(f"{name}_FILE" for name in variables), *former}
    if not passwords or family.name in _OF_OTHERS or not names.isdisjoint(given):
        return []
    at = service.position("image")
    return [
        Setting(
            name=name,
            value=Sensitive(account.password) if name in passwords else account.user,
            is_placeholder=name in passwords,
            position=at,
        )
        for name in variables
    ]


def _is_another_program(run: Process, family: ImageFamily) -> bool:
    """Tell whether the arguments name another program than that for which the image is known."""
    arguments = run.arguments
    known = (family.name, "server", "minio", "start", "run")
    return bool(arguments) and not (arguments or ("",))[0].startswith(("-", *known))


def _is_said(words: set[str], documents: Iterable[Document]) -> bool:
    """Tell whether a mounted file may settle what one of ``words`` is about."""
    return any(word in text for text in _texts(documents) for word in words)


def _texts(documents: Iterable[Document]) -> Iterator[str]:
    for document in documents:
        for content in document.files.values():
            raw = content.reveal() if isinstance(content, Sensitive) else content
            yield raw.decode("utf-8", "replace").lower()


def _end(name: str) -> str:
    """Return the last two words of a variable, as a configuration file may have them."""
    return "_".join(name.lower().replace("__", "_").split("_")[-2:])


def _decision(
    made: list[Setting], account: DefaultCredential, family: ImageFamily, service: ServiceView
) -> Decision:
    names = " and ".join(one.name for one in made)
    return Decision(
        subject=f"services.{service.name}",
        topic="account",
        choice=f"keeps the account that its image makes, which {names} now say",
        evidence=(
            Evidence(
                f"{family.name} makes the account {account.user} by itself "
                f"({family.sources[account.source]})",
                service.position("image"),
            ),
        ),
        overrule=f"services: {{{service.name}: {{environment: {{{made[0].name}: <value>}}}}}}",
    )


def _question(one: Setting, service: ServiceView) -> OpenQuestion:
    """Return the question that is asked of every such secret, so that one answer counts for all."""
    empty = isinstance(one.value, Sensitive) and not one.value.reveal()
    return OpenQuestion(
        subject=f"services.{service.name}.environment.{one.name}",
        question="the secret is empty"
        if empty
        else "the secret is a placeholder or a default that everybody knows",
        answer=f"{one.name}=<value> in environments/<environment>/secrets.env",
        position=one.position,
        several=SECRETS,
    )


def _missing(name: str, family: ImageFamily, service: ServiceView) -> OpenQuestion:
    return OpenQuestion(
        subject=f"services.{service.name}.environment.{name}",
        question=f"{family.name} does not start without {name}, and nothing sets it",
        answer=f"services: {{{service.name}: {{environment: {{{name}: <value>}}}}}}",
        position=service.position("image"),
    )
