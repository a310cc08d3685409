"""The example stack, whole: what a user finds after `mooring convert` and `mooring explain`."""

from pathlib import Path

import pytest
from tests.support.golden import CompareTree

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.report import explanation, explanation_text, graph_svg, overview

HERE = Path(__file__).parent
COFFEE = HERE.parent.parent / "examples" / "coffee"


@pytest.fixture(scope="module")
def coffee() -> pipeline.Stack:
    return pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(COFFEE))))


@pytest.mark.parametrize("form", pipeline.FORMATS)
def test_the_tree_is_the_one_that_was_read(
    coffee: pipeline.Stack, form: str, assert_tree: CompareTree
) -> None:
    tree = pipeline.tree(coffee, form)
    # Under its own name the .gitignore would keep the expected files out of the repository.
    files = {
        path.replace(".gitignore", "gitignore"): file.content.decode()
        for path, file in tree.items()
    }
    assert_tree(files, HERE / "coffee" / form)


def test_the_explanation_is_the_one_that_was_read(
    coffee: pipeline.Stack, assert_tree: CompareTree
) -> None:
    made = coffee.environments
    whole = explanation.explain_last(made)
    texts = {
        **{f"{one.environment.name}.txt": overview.text(_alone(one)) for one in made[:-1]},
        "production.txt": overview.text(whole),
        "production-in-full.txt": explanation_text.text(whole),
        "production.svg": graph_svg.svg(whole.graph, title="coffee in production"),
    }
    assert_tree(texts, HERE / "coffee" / "explain")


def _alone(made: pipeline.EnvironmentResult) -> explanation.Explanation:
    return explanation.explain_last([made])


def test_a_second_conversion_gives_the_same_bytes(coffee: pipeline.Stack) -> None:
    again = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(COFFEE))))
    for form in pipeline.FORMATS:
        assert pipeline.tree(again, form) == pipeline.tree(coffee, form)


def test_the_folder_where_the_command_runs_leaves_no_trace(coffee: pipeline.Stack) -> None:
    elsewhere = LoadRequest(directory=str(COFFEE.parent), project_directory="coffee")
    again = pipeline.stack(pipeline.Request(load=elsewhere))
    for form in pipeline.FORMATS:
        assert pipeline.tree(again, form) == pipeline.tree(coffee, form)
