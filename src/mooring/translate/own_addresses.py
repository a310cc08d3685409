"""
Programs that are told to listen on an address which no pod has.

A Compose network gives a container the address that its file asks for, and the program may bind to
it: `mongod --bind_ip localhost,172.20.0.5`.  A pod gets an address from the cluster, another one
each time, so the program ends at its first start: it cannot assign what it asks for.  Where the
catalogue knows the words with which it listens everywhere, they take the place of the address; who
reaches it the network policies say.
"""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.process import Process
from mooring.app.workloads import Container
from mooring.decisions import Decision, Evidence
from mooring.images.facts import Cluster
from mooring.patterns import LazyPattern
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView

_FIXED = LazyPattern(r"(?<![\d.])(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}")


def listening_everywhere(
    application: Application, views: ReadOnly[str, ServiceView]
) -> Translated[Application]:
    """Return ``application`` with programs that listen on every address of their pods."""
    decisions: list[Decision] = []
    parts = tuple(
        msgspec.structs.replace(
            part, containers=tuple(_listening(one, views, decisions) for one in part.containers)
        )
        for part in application.parts
    )
    if not decisions:
        return Translated(application)
    return Translated(msgspec.structs.replace(application, parts=parts), tuple(decisions))


def _listening(
    container: Container, views: ReadOnly[str, ServiceView], decisions: list[Decision]
) -> Container:
    arguments = container.process.arguments
    view = views.get(container.source_name)
    if not arguments or view is None or view.known is None:
        return container
    facts = next((one for one in view.known.family.cluster if one.bind_all), None)
    if facts is None:
        return container
    words, gone = _bound_to_all(arguments, facts)
    if not gone:
        return container
    decisions.append(
        Decision(
            subject=f"services.{container.source_name}",
            topic="command",
            choice=f"it listens on every address of its pod: {' '.join(facts.bind_all)} in place "
            f"of {gone}",
            evidence=(
                Evidence(
                    "a pod has an address of the cluster, another one each time",
                    view.position("command"),
                ),
            ),
            overrule=f"services.{container.source_name}.command in the Compose file",
        )
    )
    process: Process = msgspec.structs.replace(container.process, arguments=words)
    return msgspec.structs.replace(container, process=process)


def _bound_to_all(words: tuple[str, ...], facts: Cluster) -> tuple[tuple[str, ...], str]:
    """Return ``words`` with those that bind to a fixed address replaced, and what was replaced."""
    from mooring.translate.clusters.knowledge import options

    made: list[str] = []
    gone = ""
    for option, word in options(words):
        value = word.removeprefix(f"{option}=")
        if option not in facts.bind_settings or _FIXED.search(value) is None:
            made.append(word)
            continue
        if value == word:
            made.pop()
        gone = f"{option} {value}"
        made.extend(facts.bind_all)
    return tuple(made), gone
