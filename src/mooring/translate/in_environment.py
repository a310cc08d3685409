"""What one environment alone settles of a translation for all: hosts, amounts, its cluster."""

import msgspec

from mooring.settings.choices import Choices
from mooring.settings.environments import Environment, Tier
from mooring.translate import development_commands, left_behind
from mooring.translate.development import still_open as still_asked
from mooring.translate.exposure import settlement
from mooring.translate.notes import Notes
from mooring.translate.project import Translation

_PRODUCTION = "{production: {"


def in_environment(
    translation: Translation, environment: Environment, choices: Choices
) -> Translation:
    """Return ``translation`` with what only ``environment`` settles, as whole host names."""
    notes = Notes()
    translation = _asking_for(translation, environment)
    if environment.tier is not Tier.DEV:
        asked = still_asked(translation.questions, translation.application)
        translation = msgspec.structs.replace(translation, questions=asked)
    connections, left_out = choices.outside(environment.name), choices.left_out(environment.name)
    if connections or left_out:
        from mooring.translate import outside

        translation = outside.with_outside(translation, environment.name, connections, left_out)
    application = notes.take(settlement.settled(translation.application, environment, choices))
    decisions = translation.decisions
    if choices.differ_in(environment.name):
        from mooring.translate.capacity import settlement as capacity

        application = notes.take(capacity.settled(application, environment.name, choices))
        decisions = capacity.still_open(decisions, environment.name, choices)
    if environment.cluster is not None:
        from mooring.translate.capacity import cluster

        placed = cluster.on_cluster(application, environment)
        decisions = cluster.still_open(decisions, placed.notes)
        application = notes.take(placed)
    if any(part.placement.runtime is not None for part in application.parts):
        from mooring.translate import runtime_classes

        application = notes.take(runtime_classes.settled(application, environment))
    if translation.unmet:
        from mooring.translate import unmet

        notes.add(unmet.told(translation.unmet, application, environment))
    if translation.dials and environment.tier is not Tier.DEV:
        notes.add(left_behind.questions(translation.dials, application, environment.name))
    if translation.for_developers and environment.tier is not Tier.DEV:
        commands = translation.for_developers
        notes.add(development_commands.questions(commands, application, environment.name, choices))
    if any(each.command for each in choices.services.values()):
        application = development_commands.with_chosen_commands(
            application, environment.name, choices
        )
    if any(each.way_back for each in choices.services.values()):
        from mooring.translate.ways_back import with_ways_back

        application = with_ways_back(application, choices)
    if any(document.looks_up_names for document in application.documents):
        from mooring.translate.reverse_proxy.whole_names import with_whole_names

        application = notes.take(with_whole_names(application, environment))
    if application is translation.application and not (notes.questions or notes.findings):
        return translation
    return msgspec.structs.replace(
        translation,
        application=application,
        decisions=(*decisions, *dict.fromkeys(notes.decisions)),
        questions=(*translation.questions, *dict.fromkeys(notes.questions)),
        findings=(*translation.findings, *notes.findings),
    )


def _asking_for(translation: Translation, environment: Environment) -> Translation:
    """Return ``translation`` with answers that name ``environment``, where it waits for them."""
    if environment.tier is Tier.DEV or environment.name == "production":
        return translation
    questions = tuple(
        msgspec.structs.replace(
            one, answer=one.answer.replace(_PRODUCTION, f"{{{environment.name}: {{", 1)
        )
        if one.answer.startswith(f"environments: {_PRODUCTION}")
        else one
        for one in translation.questions
    )
    return msgspec.structs.replace(translation, questions=questions)
