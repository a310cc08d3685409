"""
Values of every attribute, right and wrong: Mooring and Docker Compose's own loader agree.

They agree on what is refused, and on the whole model of what is not.  `conformance` holds cases
with a story; here are many small values, alone and put together at random.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.compose.differences import differences
from tests.support.oracle import Answer, Request

from mooring.compose import canonical_print, loader
from mooring.compose.discovery import LoadRequest
from mooring.errors import MooringError

_ENVIRONMENT = {"HOME": "/home/user", "SET": "value", "EMPTY": ""}
_BASE: dict[str, Any] = {
    "services": {"web": {"image": "w"}, "db": {"image": "d", "build": "./db"}},
    "networks": {"n1": None},
    "volumes": {"a": None, "c": None},
    "secrets": {"s1": {"file": "./s"}},
    "configs": {"c1": {"file": "./c"}},
    "models": {"m1": {"model": "x"}},
}

pytestmark = pytest.mark.real

_Load = Callable[[Sequence[Request]], list[Answer]]


@pytest.fixture(scope="module")
def values() -> dict[str, dict[str, list[Any]]]:
    """The values by section (service, project) and attribute."""
    text = Path(__file__).with_name("attribute_values.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[Any]]] = yaml.safe_load(text)
    return found


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A project directory with the env files that some values name."""
    path = tmp_path_factory.mktemp("project")
    (path / "a.env").write_text("A=1\nB=two\n")
    (path / "b.env").write_text("A=9\n")
    return str(path)


def test_each_value_alone(
    values: dict[str, dict[str, list[Any]]], directory: str, oracle: _Load
) -> None:
    texts = [json.dumps(document) for document in _documents(values)]
    verdicts = list(_disagreements(texts, directory, oracle))
    assert verdicts == []


def test_values_put_together_in_several_documents(
    values: dict[str, dict[str, list[Any]]], directory: str, oracle: _Load
) -> None:
    documents = list(_documents(values))
    answers = oracle([_request(json.dumps(document), directory) for document in documents])
    right = [document for document, answer in zip(documents, answers, strict=True) if answer.ok]
    chance = random.Random(20260726)
    texts = []
    for _ in range(100):
        chosen = [chance.sample(right, 4) for _ in range(chance.choice((2, 3)))]
        texts.append("\n---\n".join(json.dumps(_together(some)) for some in chosen))
    assert list(_disagreements(texts, directory, oracle)) == []


def _documents(values: dict[str, dict[str, list[Any]]]) -> Iterator[dict[str, Any]]:
    for attribute, candidates in values["service"].items():
        for value in candidates:
            services = {**_BASE["services"], "web": {"image": "w", attribute: value}}
            yield {**_BASE, "services": services}
    for name, candidates in values["project"].items():
        for value in candidates:
            yield {**_BASE, name: value}


def _together(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """One document with the attributes of all, the first two for web, the others for db."""
    made: dict[str, Any] = {}
    services: dict[str, Any] = {"web": {}, "db": {}}
    for index, document in enumerate(documents):
        made |= document
        services["web" if index < 2 else "db"] |= document["services"]["web"]
    return {**made, "services": services}


def _request(text: str, directory: str) -> Request:
    return Request(directory=directory, files=("-",), stdin=text, environment=_ENVIRONMENT)


def _disagreements(texts: list[str], directory: str, oracle: _Load) -> Iterator[str]:
    answers = oracle([_request(text, directory) for text in texts])
    accepted = sum(answer.ok for answer in answers)
    # Both verdicts must occur, or the comparison shows nothing.
    assert len(texts) // 4 < accepted < len(texts)
    for text, answer in zip(texts, answers, strict=True):
        try:
            project = loader.load(
                LoadRequest(
                    directory=directory,
                    files=("-",),
                    stdin=text.encode(),
                    environment=_ENVIRONMENT,
                    profiles=("*",),
                )
            ).project
        except MooringError as error:
            if answer.ok:
                yield f"refused, though Compose loads it: {error}\n{text}"
            continue
        if not answer.ok:
            yield f"loaded, though Compose refuses it: {answer.error}\n{text}"
            continue
        ours = _model(canonical_print.as_plain(project))
        for difference in differences(ours, _model(answer.project)):
            yield f"{difference}\n{text}"


def _model(project: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in project.items() if not name.startswith("x-")}
