"""
What keeps a converted stack from staging and production: questions that nobody answered.

They are asked of the Compose project where it is at hand, and of the values that would be sent.  A
placeholder in place of a secret reaches no cluster that matters.
"""

import base64
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mooring.cli.deploying.inputs import OUTPUT, Given
from mooring.cli.invocation import Invocation
from mooring.decisions import OpenQuestion
from mooring.deploy.desired import Desired
from mooring.errors import MooringError, UsageError
from mooring.semantics import fields, kinds
from mooring.settings.environments import Tier, tier_of
from mooring.settings.settled import FILE_NAME

if TYPE_CHECKING:
    from mooring.compose.discovery import LoadRequest


class QuestionsOpen(MooringError):
    """Somebody has to answer before the stack goes to an environment that matters."""

    exit_status = 1


def open_questions(invocation: Invocation, given: Given, output: str) -> tuple[OpenQuestion, ...]:
    """
    Return the questions of the stack that are open for the environment; none in development.

    Where the Compose project is not at hand nothing is asked.
    """
    if given.source:
        output = os.path.join(given.source, OUTPUT)
    elif not given.is_converted or not os.path.exists(output):
        return ()
    import msgspec

    from mooring.errors import InputErrors

    request = msgspec.structs.replace(invocation.stack_request(), only=given.environment)
    if given.source:
        request = msgspec.structs.replace(request, load=_beside(given.source), projects=())
    try:
        stack = invocation.stages.stack(request)
    except (UsageError, InputErrors):
        return ()  # The tree alone was brought here, or its input is being edited.
    made = invocation.stages.without_answered(stack, output).environments[-1]
    if made.environment.tier is Tier.DEV:
        return ()
    from mooring.report import answers

    return tuple(answers.placed(made.translation.questions, (given.environment,), output))


def _beside(folder: str) -> "LoadRequest":
    """Return what loads another project, as Mooring would in its ``folder``."""
    from mooring.compose.discovery import LoadRequest

    there = os.path.abspath(folder)
    left_out = ("COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES")
    environment = {key: value for key, value in os.environ.items() if key not in left_out}
    return LoadRequest(directory=there, environment={**environment, "PWD": there})


def placeholders(desired: Desired, environment: str) -> tuple[str, ...]:
    """Return the keys of Secrets whose values are placeholders, outside of development."""
    if tier_of(environment) in (None, Tier.DEV):
        return ()
    from mooring.translate.secrecy import is_placeholder

    return tuple(
        f"{item.ref.name}: {key}"
        for item in desired.objects.of_kind(kinds.SECRET)
        for key, value in fields.mapping(item.manifest.get("data")).items()
        if is_placeholder(_text(value))
    )


def refuse(asked: Iterable[OpenQuestion], held: Iterable[str], environment: str) -> None:
    """
    Raise where something is open.

    Raises:
        QuestionsOpen: naming what, and where the answers go.
    """
    questions, values = tuple(asked), tuple(held)
    if questions:
        from mooring.report import questions as asking

        raise QuestionsOpen(
            asking.text(questions, environments=(environment,)),
            remedy=f"write the answers into {FILE_NAME}, or into the file that is named, and run "
            "mooring convert; or --accept-open-questions",
        )
    if values:
        raise QuestionsOpen(
            f"these secrets hold placeholders: {', '.join(values)}",
            remedy="write their values into secrets.env, or into the files below secrets/, in "
            f"environments/{environment} of the tree; or --accept-open-questions",
        )


def _text(value: object) -> str:
    try:
        return base64.b64decode(str(value)).decode("utf-8", "replace")
    except ValueError:
        return ""
