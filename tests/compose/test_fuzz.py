"""
Damaged Compose files: each is loaded or refused with errors, soon, and never with a traceback.

Stacks of our own, and those of the corpus where it is beside the clone, are damaged as people and
editors damage files: bytes flipped, lines lost, doubled and swapped, indentation changed, tokens
and odd characters put in, the end cut off.  A handful of examples is tried by default;
MOORING_FUZZ_EXAMPLES=5000 tries as many, and others in each run.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mooring.compose import dotenv, loader
from mooring.compose.discovery import LoadRequest
from mooring.compose.interpolation import interpolate
from mooring.compose.yaml_reader import read_documents
from mooring.errors import InputError, InputErrors

MAX_SECONDS = 5.0
"""Of process time, for one file; the slowest stacks take a tenth of a second."""

EXAMPLES = int(os.environ.get("MOORING_FUZZ_EXAMPLES", "0"))
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
ENVIRONMENT = {"HOME": "/home/me", "TAG": "1.25", "EMPTY": "", "DB_PASSWORD": "s3cr$t"}

SEEDS = {
    "services": b"""\
name: shop
services:
  web:
    image: nginx:${TAG:-latest}
    ports: ["8080:80", 443, {target: 9000, published: "9000-9001", protocol: udp}]
    environment: {A: 1, B: "x y", C: ~, D: 2024-01-31, E: 0o17}
    env_file:
      - path: web.env
        required: false
    depends_on:
      db: {condition: service_healthy}
    healthcheck:
      test: ["CMD-SHELL", "curl -f http://localhost/$$PATH || exit 1"]
      interval: 1m30s
    deploy:
      replicas: 2
      resources: {limits: {cpus: "0.5", memory: 512M}}
  db:
    image: postgres:16
    command: >-
      postgres
      -c max_connections=${MAX:-100}
    environment:
      - POSTGRES_PASSWORD=${DB_PASSWORD:?set it}
      - PGDATA
    volumes:
      - data:/var/lib/postgresql/data:rw
      - type: tmpfs
        target: /tmp
        tmpfs: {size: 64m, mode: 0o1777}
volumes:
  data: {}
""",
    "anchors": b"""\
x-base: &base
  restart: unless-stopped
  labels: {team: shop, tier: "1"}
  logging: &logging
    driver: json-file
    options: {max-size: "10m"}
services:
  a:
    <<: *base
    image: a
    networks: [front, back]
  b:
    <<: [*base, {init: true}]
    image: b
    logging: *logging
    labels: !override [x=y]
    ports: !reset []
    profiles: [debug]
  c:
    extends: {service: a}
    build:
      context: .
      args: [V, W=1]
      dockerfile_inline: |
        FROM scratch
networks:
  front: {internal: true, ipam: {config: [{subnet: 10.0.0.0/24}]}}
  back: ~
secrets:
  key: {file: ./key.txt}
configs:
  conf:
    content: |
      listen ${PORT:-{"a": 1}}
""",
    "documents": b"""\
services:
  a: {image: a, command: [a, "b\\tc", 'it''s'], sysctls: {net.core.somaxconn: 1024}}
---
services:
  a: {environment: !reset null, mem_limit: 1g, ulimits: {nofile: {soft: 1, hard: 2}}}
include:
  - path: [missing.yaml]
""",
}
CORPUS_FILES = (
    [path for path in sorted(CORPUS.glob("*/**/*compose*.y*ml")) if path.stat().st_size < 20_000]
    if CORPUS.is_dir()
    else []
)

TOKENS = [
    *(b" ", b"  ", b"\t", b"\n", b":", b": ", b"- ", b"#", b" #", b"'", b'"', b"[", b"]", b"{"),
    *(b"}", b",", b"|", b">", b"? ", b"%", b"@", b"`", b"---\n", b"...\n", b"~", b"\\", b"\r\n"),
    *(b"&x ", b"*x", b"<<: ", b"<<: *x\n", b"!reset ", b"!override ", b"!!int ", b"!!binary "),
    *(b"$", b"${", b"${X", b"${X:?}", b"${X:-", b"$$", b"null", b"[]", b"{}", b'""', b"true"),
    *(b"0", b"-1", b"1e9", b"0x1f", b"9" * 40, b".inf", b".nan", b"2001-01-01", b"22:22", b"1_0"),
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", "é".encode(), "\u2028".encode(), b"\x85", b"\x7f"),
    *(b"services:\n", b"image: x\n", b"extends: web\n", b"include: [x.yaml]\n", b"name: ''\n"),
]


def _insert(content: bytearray, at: int, token: bytes, _other: int) -> None:
    content[at:at] = token


def _flip(content: bytearray, at: int, token: bytes, other: int) -> None:
    if at < len(content):
        content[at] ^= 1 << other % 8


def _cut_out(content: bytearray, at: int, _token: bytes, other: int) -> None:
    del content[at : at + 1 + other % 20]


def _cut_off(content: bytearray, at: int, _token: bytes, _other: int) -> None:
    del content[at:]


def _replace_word(content: bytearray, at: int, token: bytes, _other: int) -> None:
    end = at
    while end < len(content) and content[end] not in b" \n:,[]{}\"'":
        end += 1
    content[at:end] = token


def _on_lines(
    change: Callable[[list[bytes], int, int], None],
) -> Callable[[bytearray, int, bytes, int], None]:
    def mutation(content: bytearray, at: int, _token: bytes, other: int) -> None:
        lines = bytes(content).split(b"\n")
        change(lines, at % len(lines), other % len(lines))
        content[:] = b"\n".join(lines)

    return mutation


def _delete(lines: list[bytes], one: int, _other: int) -> None:
    del lines[one]


def _double(lines: list[bytes], one: int, other: int) -> None:
    lines.insert(other, lines[one])


def _swap(lines: list[bytes], one: int, other: int) -> None:
    lines[one], lines[other] = lines[other], lines[one]


def _indent(lines: list[bytes], one: int, other: int) -> None:
    lines[one] = (b" ", b"  ", b"    ", b"\t")[other % 4] + lines[one]


def _dedent(lines: list[bytes], one: int, _other: int) -> None:
    lines[one] = lines[one].removeprefix(b"  ")


MUTATIONS = [
    *(_insert, _insert, _flip, _cut_out, _cut_off, _replace_word, _replace_word),
    *map(_on_lines, [_delete, _double, _swap, _indent, _dedent]),
]
DAMAGES = st.lists(
    st.tuples(
        st.sampled_from(MUTATIONS),
        st.integers(0, 2**16),
        st.sampled_from(TOKENS),
        st.integers(0, 2**16),
    ),
    min_size=1,
    max_size=5,
)


def _damaged(
    content: bytes,
    damages: list[tuple[Callable[[bytearray, int, bytes, int], None], int, bytes, int]],
) -> bytes:
    damaged = bytearray(content)
    for mutation, at, token, other in damages:
        mutation(damaged, at % (len(damaged) + 1), token, other)
    return bytes(damaged)


def _thorough(examples: int) -> settings:
    """So many examples, the same in each run; or as many as are asked for, others each time."""
    return settings(
        max_examples=EXAMPLES or examples,
        derandomize=not EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def _check_errors(fault: InputErrors) -> None:
    """Every error has a message in one line, and leads to a place in a file."""
    assert fault.errors
    for error in fault.errors:
        assert isinstance(error, InputError)
        assert error.message
        assert error.position is not None
        assert error.position.line >= 0


def _in_time(load: Callable[[], object]) -> None:
    started = time.process_time()
    try:
        load()
    except InputErrors as fault:
        _check_errors(fault)
    assert time.process_time() - started < MAX_SECONDS


def _read(content: bytes) -> None:
    for document in read_documents(content, "compose.yaml"):
        interpolate(document.root, ENVIRONMENT.get, source=content)


def _load(content: bytes, directory: Path) -> None:
    request = LoadRequest(
        directory=str(directory),
        files=("-",),
        profiles=("*",),
        environment=ENVIRONMENT,
        stdin=content,
    )
    loader.load(request)


@pytest.mark.parametrize("seed", ["services", "anchors"])
def test_an_undamaged_stack_is_loaded(seed: str, tmp_path: Path) -> None:
    _load(SEEDS[seed], tmp_path)


def test_an_undamaged_stack_is_refused_for_what_it_includes(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match=r"missing\.yaml"):
        _load(SEEDS["documents"], tmp_path)


@_thorough(100)
@given(seed=st.sampled_from(sorted(SEEDS)), damages=DAMAGES)
def test_damaged_stacks_are_read_or_refused(
    seed: str, damages: list[tuple[Callable[[bytearray, int, bytes, int], None], int, bytes, int]]
) -> None:
    content = _damaged(SEEDS[seed], damages)
    _in_time(lambda: _read(content))


@_thorough(150)
@given(seed=st.sampled_from(sorted(SEEDS)), damages=DAMAGES)
def test_damaged_stacks_are_loaded_or_refused(
    tmp_path: Path,
    seed: str,
    damages: list[tuple[Callable[[bytearray, int, bytes, int], None], int, bytes, int]],
) -> None:
    content = _damaged(SEEDS[seed], damages)
    _in_time(lambda: _load(content, tmp_path))


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS_FILES, reason="the corpus of real stacks is not beside the clone")
@_thorough(60)
@given(path=st.sampled_from(CORPUS_FILES or [Path()]), damages=DAMAGES)
def test_damaged_real_stacks_are_loaded_or_refused(
    path: Path, damages: list[tuple[Callable[[bytearray, int, bytes, int], None], int, bytes, int]]
) -> None:
    content = _damaged(path.read_bytes(), damages)
    _in_time(lambda: _load(content, path.parent))


@_thorough(50)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _in_time(lambda: _read(content))
    _in_time(lambda: dotenv.parse(content, ".env", ENVIRONMENT.get))
