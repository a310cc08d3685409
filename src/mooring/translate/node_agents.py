"""
Agents of a node: what looks after the machine on which it runs, and so belongs on each.

Compose has one machine, and one container sees all of it; a cluster has many.  The catalogue knows
images that are agents wherever they run, and images that are where the machine's own files are
mounted into them (a collector of logs may as well collect those of one service).
"""

import posixpath

from mooring.images.facts import NodeAgent
from mooring.settings.choices import Choices, Kind
from mooring.translate.binds import of_the_machine
from mooring.translate.view import ServiceView, field, items, text


def is_agent(service: ServiceView, choices: Choices) -> bool:
    """Tell whether ``service`` looks after its node."""
    chosen = choices.service(service.name).kind
    if chosen is not None:
        return chosen is Kind.AGENT
    family = service.known.family if service.known is not None else None
    if family is None or family.node_agent is None:
        return False
    return family.node_agent is NodeAgent.ALWAYS or _sees_the_machine(service)


def _sees_the_machine(service: ServiceView) -> bool:
    for _, node in items(service.get("volumes")):
        kind, source = field(node, "type"), field(node, "source")
        if kind is None or source is None or text(kind) != "bind":
            continue
        if of_the_machine(posixpath.normpath(text(source))):
            return True
    pid = service.get("pid")
    return pid is not None and text(pid) == "host"
