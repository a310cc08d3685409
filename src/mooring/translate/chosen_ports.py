"""The ports of a service as mooring.yaml settles them: these, and nothing that was inferred."""

from mooring.app.endpoints import Endpoint, Protocol, shown_port
from mooring.decisions import Decision, Evidence
from mooring.settings.choices import Choices
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView


def with_chosen_ports(
    endpoints: tuple[Endpoint, ...], service: ServiceView, choices: Choices
) -> Translated[tuple[Endpoint, ...]]:
    """Return the ports that were settled for ``service``, else ``endpoints``."""
    chosen = choices.service(service.name).ports
    if not chosen or service.within:
        return Translated(endpoints)
    found = {(one.port, one.protocol): one for one in endpoints}
    kept: list[Endpoint] = []
    for written in chosen:
        number, _, protocol = written.partition("/")
        key = (int(number), Protocol(protocol or "tcp"))
        kept.append(found.get(key) or Endpoint(port=key[0], protocol=key[1]))
    left_out = [one for one in endpoints if (one.port, one.protocol) not in _keys(kept)]
    if not left_out:
        return Translated(tuple(kept))
    decision = Decision(
        subject=f"services.{service.name}",
        topic="ports",
        choice=f"listens on {', '.join(chosen)} alone, without "
        + ", ".join(shown_port(one.port, one.protocol) for one in left_out),
        evidence=(Evidence("mooring.yaml says so", service.position("ports")),),
        overrule=f"services: {{{service.name}: {{ports: [<port>]}}}}",
    )
    return Translated(tuple(kept), (decision,))


def _keys(endpoints: list[Endpoint]) -> set[tuple[int, Protocol]]:
    return {(one.port, one.protocol) for one in endpoints}
