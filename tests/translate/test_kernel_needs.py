"""What a node's kernel must have for a program to start, and the three ways to it."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, translation

from mooring.settings.choices import Choices, KernelChoice, ServiceChoices
from mooring.translate.project import Translation

STACK = """
services:
  search:
    image: {image}
    environment: {{{environment}}}
    volumes: ["data:/data", "./search.yml:/conf/search.yml:ro"]
volumes: {{data: {{}}}}
"""
OPENSEARCH = "opensearchproject/opensearch:2.11.0"
MAP = "node.store.allow_mmap"
LOCK = "bootstrap.memory_lock"


def made(
    tmp_path: Path,
    environment: str = "",
    *,
    image: str = OPENSEARCH,
    choice: KernelChoice | None = None,
    file: str = "a: b\n",
) -> Translation:
    choices = Choices(services={"search": ServiceChoices(kernel=choice)})
    text = STACK.format(image=image, environment=environment)
    return translation(tmp_path, text, {"search.yml": file}, choices=choices)


def settings(one: Translation) -> dict[str, object]:
    return {setting.name: setting.value for setting in container(one, "search").settings}


def asked(one: Translation) -> list[str]:
    return [each.answer for each in one.questions if each.subject == "services.search.kernel"]


@pytest.mark.parametrize(
    ("environment", "file", "is_asked"),
    [
        pytest.param("", "a: b\n", True, id="the-programs-own-need"),
        pytest.param("discovery.type: single-node", "a: b\n", False, id="not-of-a-single-node"),
        pytest.param("", "discovery.type: single-node\n", False, id="nor-where-a-file-says-so"),
        pytest.param(f'{MAP}: "false"', "a: b\n", False, id="not-where-it-does-without"),
        pytest.param(f'{MAP}: "true"', "a: b\n", True, id="where-it-insists"),
    ],
)
def test_when_the_user_is_asked(
    environment: str, file: str, is_asked: bool, tmp_path: Path
) -> None:
    one = made(tmp_path, environment, file=file)
    assert bool(asked(one)) is is_asked
    assert MAP not in settings(one) or MAP in environment


def test_a_question_offers_three_ways(tmp_path: Path) -> None:
    (question,) = (
        each for each in made(tmp_path).questions if each.subject == "services.search.kernel"
    )
    assert "vm.max_map_count is below 262144" in question.question
    assert all(f"({each.value})" in question.question for each in KernelChoice)
    assert question.answer == "services: {search: {kernel: avoid}}, or node, or init"


def test_what_is_asked_of_several_services_has_one_answer(tmp_path: Path) -> None:
    text = f"""
    services:
      one: {{image: "{OPENSEARCH}"}}
      two: {{image: "{OPENSEARCH}"}}
    """
    asked_of = [one for one in translation(tmp_path, text).questions if "kernel" in one.subject]
    assert {one.answer for one in asked_of} == {
        "services: {one: {kernel: avoid}, two: {kernel: avoid}}, or node, or init"
    }
    assert len(asked_of) == 2


def test_a_program_that_no_node_troubles_asks_for_nothing(tmp_path: Path) -> None:
    assert asked(made(tmp_path, image="redis:7")) == []


@pytest.mark.parametrize(
    ("choice", "allows", "locks", "steps"),
    [
        pytest.param(KernelChoice.NODE, None, "true", [], id="nodes-that-have-it"),
        pytest.param(KernelChoice.AVOID, "false", "false", [], id="without-it"),
        pytest.param(KernelChoice.INIT, None, "false", ["search-kernel"], id="a-step-before"),
    ],
)
def test_what_an_answer_does(
    choice: KernelChoice, allows: str | None, locks: str, steps: list[str], tmp_path: Path
) -> None:
    one = made(tmp_path, f'{LOCK}: "true"', choice=choice)
    assert asked(one) == []
    assert settings(one).get(MAP) == allows
    assert settings(one)[LOCK] == locks
    named = [step.container for step in part(one, "search").initial_steps]
    assert [each.name for each in named if "kernel" in each.name] == steps
    assert all(each.security.privileged for each in named if "kernel" in each.name)


@pytest.mark.parametrize(
    ("environment", "file", "is_turned_off"),
    [
        pytest.param(f'{LOCK}: "true"', "a: b\n", True, id="where-a-setting-asks-for-it"),
        pytest.param("", f"{LOCK}: true\n", True, id="where-a-file-does"),
        pytest.param(f'{LOCK}: "false"', "a: b\n", False, id="not-where-nobody-does"),
        pytest.param("", "a: b\n", False, id="nor-by-default"),
    ],
)
def test_memory_is_not_locked_without_a_limit_for_it(
    environment: str, file: str, is_turned_off: bool, tmp_path: Path
) -> None:
    one = made(tmp_path, environment, file=file)
    told = decided(one, "kernel").get("services.search", "")
    assert bool(told) is is_turned_off
    assert (settings(one).get(LOCK) == "false") is (is_turned_off or "false" in environment)
