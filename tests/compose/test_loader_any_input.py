"""Whatever is done to a project's files, a load ends with a project or with faults that help."""

import functools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.compose import conformance
from tests.compose.test_corpus_oracle import CORPUS, ROWS

from mooring.compose import canonical_print, loader
from mooring.compose.discovery import LoadRequest
from mooring.errors import InputErrors, UsageError

PIECES = [
    *"{}[]:-,#&*!|>'\"%@`\\$?\n\t é\0\x85\ufeff",
    "\n  ",
    "\n- ",
    ": ",
    "<<: *a\n",
    "&a ",
    "*a",
    "!reset ",
    "!override null",
    "${",
    "${X:?}",
    "${X:-",
    "$$",
    "null",
    "~",
    "[]",
    "{}",
    "5",
    "1e9",
    "true",
    "---\n",
    "...\n",
    "extends: web\n",
    "include: [compose.yaml]\n",
    "x-",
    "services:\n",
    "  web:\n",
    "..",
    "/",
    "'''",
]


class Change:
    """One change to a text: a piece put in, a part taken out, doubled or moved."""

    def __init__(self, place: float, length: int, piece: str, kind: int) -> None:
        self.place, self.length, self.piece, self.kind = place, length, piece, kind

    def __repr__(self) -> str:
        return f"Change({self.place}, {self.length}, {self.piece!r}, {self.kind})"

    def of(self, text: str) -> str:
        at = int(self.place * len(text))
        part = text[at : at + self.length]
        rest = text[at + self.length :]
        changed = (self.piece + part, self.piece, part + part, rest[: self.length] + part)
        return text[:at] + changed[self.kind] + rest


CHANGES = st.lists(
    st.builds(
        Change,
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 40),
        st.sampled_from(PIECES),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=6,
)


@functools.cache
def _case_texts() -> list[str]:
    cases = [conformance.read(path) for path in conformance.paths()]
    return [text for case in cases for name, text in case.files.items() if name.endswith("yaml")]


@functools.cache
def _stack_texts() -> list[str]:
    return [
        (CORPUS / row["set"] / row["stack"] / file).read_text(encoding="utf-8")
        for row in ROWS
        for file in row["files"].split(",")
    ]


def _changed(texts: list[str], which: int, changes: list[Change]) -> str:
    text = texts[which % len(texts)]
    for change in changes:
        text = change.of(text)
    return text


def _load(folder: Path, text: str, env_text: str = "") -> None:
    (folder / "compose.yaml").write_bytes(text.encode(errors="surrogatepass"))
    (folder / ".env").write_bytes(env_text.encode(errors="surrogatepass"))
    request = LoadRequest(directory=str(folder), environment={"A": "a"}, profiles=("*",))
    try:
        canonical_print.as_yaml(loader.load(request).project)
    except InputErrors as raised:
        unplaced = [str(error) for error in raised.errors if error.position is None]
        assert unplaced == []
    except UsageError:
        pass


ANY_INPUT = settings(
    deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150
)


@given(st.integers(0, 10_000), CHANGES, st.text(max_size=30))
@ANY_INPUT
def test_changed_cases(tmp_path: Path, which: int, changes: list[Change], env_text: str) -> None:
    _load(tmp_path, _changed(_case_texts(), which, changes), env_text)


@pytest.mark.corpus
@pytest.mark.skipif(not ROWS, reason="the corpus of real stacks is not beside the clone")
@given(st.integers(0, 10_000), CHANGES)
@ANY_INPUT
def test_changed_stacks(tmp_path: Path, which: int, changes: list[Change]) -> None:
    _load(tmp_path, _changed(_stack_texts(), which, changes))


@given(st.binary(max_size=200))
@ANY_INPUT
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "compose.yaml").write_bytes(content)
    try:
        loader.load(LoadRequest(directory=str(tmp_path)))
    except InputErrors as raised:
        assert all(error.position for error in raised.errors)  # noqa: PT017
