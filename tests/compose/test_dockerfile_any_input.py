"""Whatever the file holds, reading it gives facts: no exception, no endless loop."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.compose import dockerfile

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
DOCKERFILES = sorted(
    path for path in CORPUS.rglob("*") if "dockerfile" in path.name.lower() and path.is_file()
)

NAMES = st.sampled_from(
    [
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK"),
        *("LABEL", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
        *("from", "FOO", "#", "# escape=", "<<"),
    ]
)
PIECES = st.sampled_from(
    [
        *("a", "A", "1", "80", "/x", ".", "=", ":", "-", "é", "AS", "b", "NONE", "CMD", "EOF"),
        *("$", "${", "}", "$A", "${A}", ":-", ":+", ":?", "#", "##", "%", "/", "*", "?"),
        *('"', "'", "\\", "`", "[", "]", ",", "<<", "<<-", "<<EOF", "--", "--from=", "--interval="),
        *(" ", " ", " ", "\t", "\\\n", "\n", "\r\n", "\r", "\x0b", "\x1c", "\x85", "\u2028"),
    ]
)
LINES = st.builds(lambda name, pieces: f"{name} {''.join(pieces)}", NAMES, st.lists(PIECES))
FILES = st.lists(LINES, max_size=12).map(lambda lines: "\n".join(["FROM scratch AS b", *lines]))


@given(FILES)
def test_lines_that_look_like_a_dockerfile(text: str) -> None:
    facts = dockerfile.read(text.encode(), "Dockerfile")
    assert facts.stages[0].base.value == "scratch"
    assert all(found.position is not None for found in facts.findings)


@given(FILES, st.sampled_from([None, "b", "", "x"]), st.dictionaries(PIECES, st.text()))
def test_targets_and_arguments(text: str, target: str | None, arguments: dict[str, str]) -> None:
    facts = dockerfile.read(text.encode(), "Dockerfile", target=target, build_args=arguments)
    assert facts.target is None or facts.target < len(facts.stages)


@given(st.binary())
def test_any_bytes(content: bytes) -> None:
    facts = dockerfile.read(content, "Dockerfile")
    assert facts.stages or facts.findings


@given(FILES)
def test_positions_lie_in_the_file(text: str) -> None:
    facts = dockerfile.read(text.encode(), "Dockerfile")
    lengths = [len(line) for line in text.split("\n")]
    positions = [found.position for found in facts.findings]
    positions += [port.position for port in facts.image.ports]
    positions += [value.position for value in facts.image.environment.values()]
    for position in positions:
        assert position is not None
        assert 1 <= position.line <= len(lengths)
        assert 1 <= position.column <= lengths[position.line - 1] + 1


@pytest.mark.corpus
@pytest.mark.skipif(not DOCKERFILES, reason="the corpus of real stacks is not here")
@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: str(path.relative_to(CORPUS)))
def test_real_dockerfiles(path: Path) -> None:
    content = path.read_bytes()
    facts = dockerfile.read(content, path.name)
    instructions = [line.split()[:1] for line in content.decode().upper().splitlines()]
    assert len(facts.stages) == instructions.count(["FROM"])
    assert [found.message for found in facts.findings if found.severity == "error"] == []
    assert facts.image.base is not None
    assert facts.image.base.value
