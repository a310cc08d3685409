"""
Addresses that nothing answers: what development is warned of, production asks.

A host that no service is, a port on which the named service does not listen: in Compose such a line
may have gone unnoticed for years, or the machine answered.  Somebody has to say what is meant in
production: which host outside goes by that name, or which address is to be dialled instead.  Loaded
only where there is such an address.
"""

from collections.abc import Iterable, Iterator

from mooring.app.application import Application
from mooring.app.endpoints import shown_port
from mooring.app.workloads import Container
from mooring.decisions import OpenQuestion
from mooring.findings import Finding
from mooring.kube.names import is_service_name
from mooring.sensitive import Sensitive
from mooring.settings.environments import Environment, Tier
from mooring.translate.discovery.closure import HTTP, Meant, Unmet
from mooring.translate.discovery.said import Place
from mooring.translate.notes import Note


def told(
    unmet: Iterable[Unmet], application: Application, environment: Environment
) -> Iterator[Note]:
    """
    Yield what is to be said in ``environment`` of the addresses ``unmet``.

    Those of which it is settled that they lead outside are met.
    """
    outside = {
        name.lower()
        for one in application.outside
        for name in (one.name, one.source_name, *one.other_names)
    }
    left = [one for one in unmet if one.host not in outside]
    if environment.tier is Tier.DEV:
        yield from _each_once(one.finding for one in left)
        return
    here = {
        one.source_name: one
        for part in application.parts
        if not part.development_only
        for one in part.containers
    }
    asked = [one for one in left if any(name in here for name in one.said.services)]
    by_host: dict[str, list[Unmet]] = {}
    for one in asked:
        if one.meant is Meant.HOST:
            by_host.setdefault(one.host, []).append(one)
        elif one.meant is Meant.PUBLIC_ADDRESS:
            yield _which_public_address(one, here, environment.name)
        elif one.service is None or one.service in here:
            yield _which_address(one, here, environment.name)
    for host, those in by_host.items():
        yield _which_host(host, those, here, environment.name)


def _each_once(findings: Iterable[Finding]) -> list[Finding]:
    found: list[Finding] = []
    for one in findings:
        if one not in found:
            found.append(one)
    return found


def _which_public_address(one: Unmet, here: dict[str, Container], environment: str) -> OpenQuestion:
    said = one.said
    return OpenQuestion(
        subject=_subject(one),
        question=f"{said.shown} leads browsers to {said.address.shown}, which is the author's "
        f"machine: which address has it in {environment}?",
        answer=_value_line(one, here, environment),
        position=said.position,
        several="{count} addresses lead browsers to the author's machine",
        item=f"{said.address.shown} in {said.shown.partition(' of ')[2]}",
    )


def _which_host(
    host: str, those: list[Unmet], here: dict[str, Container], environment: str
) -> OpenQuestion:
    first = those[0]
    others = list(dict.fromkeys(one.said.shown for one in those))[1:]
    also = ""
    if others:
        more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        does = "does" if len(others) == 1 else "do"
        also = f" (so {does} {', '.join(others[:_MOST_NAMED])}{more})"
    value = _value_line(first, here, environment)
    if is_service_name(host):
        answer = (
            f"services: {{{host}: {{mode: {{{environment}: external}}, "
            f"connection: {{{environment}: {{host: <host>}}}}}}}}"
        )
        if value and not value.endswith(_OF_SECRETS):
            answer += f", or another address: {value}"
    else:
        answer = value or _corrected(first)
    return OpenQuestion(
        subject=f"hosts.{host}",
        question=f"{first.finding.message}{also}: which host goes by that name in {environment}?"
        f"{_hint(first, environment)}",
        answer=answer,
        position=first.said.position,
    )


_MOST_NAMED = 3


def _which_address(one: Unmet, here: dict[str, Container], environment: str) -> OpenQuestion:
    said = one.said
    service = one.service or ""
    port = said.address.dialled_port
    value = answer = _value_line(one, here, environment)
    is_clear = one.is_of_the_machine or not service
    hints = [_hint(one, environment)] if is_clear else []
    if not is_clear and not value.endswith(_OF_SECRETS):
        every = ", ".join(shown_port(each.port, each.protocol) for each in here[service].endpoints)
        both = f"services: {{{service}: {{ports: [{every}, {port}]}}}}"
        both += f" where it listens on {port}, too"
        answer = f"{value} (or {both})" if value else both
    if service and said.address.scheme in HTTP and said.place is Place.SETTING:
        hints.append("browsers need the public one" if hints else "  Browsers need the public one")
    return OpenQuestion(
        subject=_subject(one),
        question=f"{one.finding.message}: which address is meant in {environment}?"
        + "; ".join(hints),
        answer=answer or _corrected(one),
        position=said.position,
    )


def _corrected(one: Unmet) -> str:
    """Return what is to be done where no line of settings can say it."""
    position = one.said.position
    return f"correct {one.said.shown}{f', in {position.file}:{position.line}' if position else ''}"


def _subject(one: Unmet) -> str:
    said = one.said
    if said.place is not Place.SETTING:
        of = "command" if said.place is Place.COMMAND else "configuration"
        return f"services.{said.services[0]}.{of}"
    if len(said.services) > 1:
        return f"variables.{said.name}"
    return f"services.{said.services[0]}.environment.{said.name}"


def _hint(one: Unmet, environment: str) -> str:
    """Return what is probably meant, as a sentence of its own."""
    hint = one.hint.replace("<environment>", environment)
    return f"  {hint[:1].upper()}{hint[1:]}" if hint else ""


def _value_line(one: Unmet, here: dict[str, Container], environment: str) -> str:
    """Return where another value goes for what dials the address; empty where there is no place."""
    said = one.said
    callers = [name for name in said.services if name in here]
    if said.place is Place.COMMAND:
        return f"services: {{{callers[0]}: {{command: {{{environment}: <command>}}}}}}"
    if said.place is not Place.SETTING:
        return ""
    form = "<host>" if said.address.scheme is None else "<url>"
    own = f"environment: {{{said.name}: {{{environment}: {form}}}}}"
    here_alone = f"services: {{{', '.join(f'{name}: {{{own}}}' for name in callers)}}}"
    settings = [each for name in callers for each in here[name].settings if each.name == said.name]
    is_secret = any(isinstance(each.value, Sensitive) for each in settings)
    file = said.position.file if said.position is not None else ""
    if any(each.embedded for each in settings) and file.endswith((".yaml", ".yml")):
        return ""  # It is composed of secrets that have keys, and has none itself.
    if not file or file.endswith((".yaml", ".yml")):
        return f"{said.name}{_OF_SECRETS}" if is_secret else here_alone
    if is_secret or len(callers) > 1:
        return f"{said.name}=<value> in {file}"
    return f"{said.name}=<value> in {file} (for {environment} alone {here_alone})"


_OF_SECRETS = "=<value> in environments/<environment>/secrets.env"
