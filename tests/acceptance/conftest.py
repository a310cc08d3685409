"""What tests of acceptance share: each real stack, answered once."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from tests.acceptance import answers
from tests.integration.stacks import Stack

AnsweredStacks: TypeAlias = Callable[[Stack], answers.Answered]


@pytest.fixture(scope="session")
def answered_stacks(tmp_path_factory: pytest.TempPathFactory) -> AnsweredStacks:
    """Return how to get a stack without open questions; each is answered once in a session."""
    made: dict[str, answers.Answered] = {}

    def answered(stack: Stack) -> answers.Answered:
        if stack.name not in made:
            folder = tmp_path_factory.mktemp("answered")
            made[stack.name] = answers.answered(stack.copied(folder))
        return made[stack.name]

    return answered
