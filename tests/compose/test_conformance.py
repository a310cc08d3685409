"""Mooring loads what Docker Compose loads, to the same project, and refuses what it refuses."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.compose import conformance
from tests.compose.differences import differences
from tests.support.oracle import Answer, Request

from mooring.compose import canonical_print, loader
from mooring.errors import InputErrors, UsageError

CASES = conformance.paths()


def test_the_suite_is_there_and_complete() -> None:
    assert len(CASES) >= 250
    unanswered = [
        conformance.case_id(path)
        for path in CASES
        if conformance.ANSWER_LINE not in path.read_text(encoding="utf-8")
    ]
    assert unanswered == []


@pytest.mark.parametrize("path", CASES, ids=conformance.case_id)
def test_case(path: Path, tmp_path: Path) -> None:
    case = conformance.read(path)
    root = conformance.lay_out(case, tmp_path)
    request = conformance.load_request(case, root)
    if case.rejected:
        with pytest.raises((InputErrors, UsageError)) as raised:
            loader.load(request)
        if not case.positionless:
            assert isinstance(raised.value, InputErrors)
            assert all(error.position is not None for error in raised.value.errors)
        return
    loaded = loader.load(request)
    expected = conformance.without_placeholders(case.project, root)
    ours = canonical_print.as_plain(loaded.project)
    assert list(differences(ours, expected)) == []
    assert tuple(sorted(loaded.project.disabled)) == case.disabled


@pytest.mark.real
def test_the_recorded_answers_are_those_of_the_oracle(
    tmp_path: Path, oracle: Callable[[Sequence[Request]], list[Answer]]
) -> None:
    cases = [conformance.read(path) for path in CASES]
    roots = [conformance.lay_out(case, tmp_path / str(i)) for i, case in enumerate(cases)]
    answers = oracle([conformance.oracle_request(*pair) for pair in zip(cases, roots, strict=True)])
    outdated = [
        conformance.case_id(path)
        for path, case, root, answer in zip(CASES, cases, roots, answers, strict=True)
        if conformance.recorded(case) != conformance.answer_to_record(answer, root)
    ]
    assert outdated == []
