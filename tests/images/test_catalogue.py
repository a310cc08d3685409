"""What every file of the catalogue must keep to."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from mooring.images import catalogue, family_files, references, versions
from mooring.images.facts import Fact, ImageFamily, Role

FILES = sorted(path.stem for path in family_files.FOLDER.glob("*.yaml"))
EMPTY_OF_MEANING = frozenset({"", "-", "?", "unknown", "none", "todo", "n/a"})
# Lines that healthy programs write: no signature may see a failure in one.
ORDINARY_LINES = (
    "",
    "INFO: started in 1.234 seconds",
    "2025-01-02T03:04:05.678Z INFO listening on 0.0.0.0:8080",
    '{"level":"info","msg":"request completed","status":200,"duration_ms":3}',
    "LOG:  database system is ready to accept connections",
    "* Ready to accept connections tcp",
    "[Server] ready for connections. Version: '8.4.3'  socket: '/var/run/mysqld/mysqld.sock'",
    "GET /healthz HTTP/1.1 200 OK error=0",
    "WARN deprecated option is in use",
    "connection closed by client",
    "starting with no errors, 0 failed, 12 passed",
    "memory limit 512 MiB, permission model enabled, password authentication enabled",
)
PURPOSES = frozenset({"readiness", "liveness", "startup"})
PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?")
QUANTITY = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:Mi|Gi)")
ARCHITECTURES = frozenset(
    {"386", "amd64", "arm/v5", "arm/v6", "arm/v7", "arm64", "loong64", "mips64le", "ppc64le",
     "riscv64", "s390x"}
)  # fmt: skip


@pytest.fixture(params=FILES)
def family(request: pytest.FixtureRequest) -> ImageFamily:
    return family_files.read_family(request.param)


def facts(family: ImageFamily) -> Iterator[tuple[str, Fact]]:
    """Yield every fact of ``family`` with the name of its field and its place, as ports[0]."""
    for field in family.__struct_fields__:
        stated = getattr(family, field)
        if isinstance(stated, tuple):
            for place, fact in enumerate(stated):
                if isinstance(fact, Fact):
                    yield f"{field}[{place}]", fact


def texts(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from texts(item, f"{place}[{number}]")
    elif isinstance(value, Fact):
        for field in value.__struct_fields__:
            yield from texts(getattr(value, field), f"{place}.{field}")


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_named_after_its_family(file: str) -> None:
    assert family_files.read_family(file).name == file
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", file)


def test_repositories_are_written_as_they_are_known(family: ImageFamily) -> None:
    assert family.repositories
    parsed = {name: references.parse(name) for name in family.repositories}
    wrong = [
        name
        for name, reference in parsed.items()
        if reference is None or reference.name != name or reference.tag or reference.digest
    ]
    assert wrong == []


def test_what_moved_was_known_and_lies_elsewhere(family: ImageFamily) -> None:
    for moved in family.moved:
        assert moved.repository in family.repositories
        assert moved.to is None or moved.to in family.repositories
        assert moved.to != moved.repository
        assert re.fullmatch(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]", moved.since)


def test_every_source_is_named_and_used(family: ImageFamily) -> None:
    named = set(family.sources)
    used = {fact.source for _, fact in facts(family)}
    assert used == named
    assert [url for url in family.sources.values() if not re.match(r"https://[^\s]+$", url)] == []


def test_every_range_of_versions_can_be_read(family: ImageFamily) -> None:
    for _, fact in facts(family):
        if fact.versions is not None:
            versions.parse_range(fact.versions)


def test_ports_are_valid(family: ImageFamily) -> None:
    for port in family.ports:
        assert 1 <= port.port <= 65535
        assert PORT_NAME.fullmatch(port.name), port.name
        assert port.protocol in {"tcp", "udp"}


@pytest.mark.parametrize("file", FILES)
def test_ports_are_unique_in_each_version(file: str) -> None:
    family = family_files.read_family(file)
    for tag in sample_tags(family):
        ports = in_version(file, tag).ports
        names = Counter(port.name for port in ports)
        numbers = Counter((port.port, port.protocol) for port in ports)
        assert [name for name, count in names.items() if count > 1] == [], tag
        assert [number for number, count in numbers.items() if count > 1] == [], tag


@pytest.mark.parametrize("file", FILES)
def test_data_paths_are_unique_in_each_version(file: str) -> None:
    family = family_files.read_family(file)
    for tag in sample_tags(family):
        stated = in_version(file, tag)
        paths = Counter(data.path for data in stated.data)
        assert [path for path, count in paths.items() if count > 1] == [], tag
        if family.stateful:
            assert paths, f"{file} is stateful and has no data path in {tag}"


@pytest.mark.parametrize("file", FILES)
def test_every_version_has_one_user_and_its_ports(file: str) -> None:
    family = family_files.read_family(file)
    for tag in sample_tags(family):
        stated = in_version(file, tag)
        assert len(stated.users) == 1, (tag, stated.users)
        assert bool(stated.ports) == bool(family.ports), tag


def sample_tags(family: ImageFamily) -> list[str | None]:
    """Return a tag for each side of each bound that the family names, and one without number."""
    bounds = {
        limit.numbers
        for _, fact in facts(family)
        if fact.versions is not None
        for limit in (
            versions.parse_range(fact.versions).lowest,
            versions.parse_range(fact.versions).below,
        )
        if limit is not None
    }
    below = {(*bound[:-1], bound[-1] - 1, 999) for bound in bounds if bound[-1] > 0}
    return [None, *(".".join(map(str, numbers)) for numbers in sorted(bounds | below))]


def in_version(file: str, number: str | None) -> ImageFamily:
    family = family_files.read_family(file)
    version = versions.read_tag(number).version
    return catalogue.holding_for(family, versions.Tag(version=version))


def test_paths_are_absolute_and_plain(family: ImageFamily) -> None:
    for path in [each.path for each in (*family.data, *family.writable)]:
        assert re.fullmatch(r"(?:/[^/\s]+)+", path), path
    for data in family.data:
        if data.sub_directory is not None:
            assert not data.sub_directory.startswith("/")


def test_users_are_numbers_of_the_kernel(family: ImageFamily) -> None:
    for user in family.users:
        for number in (user.uid, user.gid, user.drops_to):
            assert number is None or 0 <= number < 2**31
        if user.drops_to is not None:
            assert user.uid == 0
            assert user.drops_to > 0
    if family.needs_root:
        assert all(user.uid == 0 for user in family.users)


def test_a_probe_asks_in_one_way(family: ImageFamily) -> None:
    ports = {port.port for port in family.ports}
    for probe in family.probes:
        ways = [bool(probe.exec), probe.http is not None, probe.tcp, probe.grpc]
        assert ways.count(True) == 1, probe
        assert probe.purpose in PURPOSES
        assert (probe.port is None) == bool(probe.exec), probe
        assert probe.port is None or probe.port in ports, probe
        assert probe.http is None or probe.http.startswith("/")
        assert probe.scheme in {None, "HTTPS"}
        assert probe.scheme is None or probe.http is not None
        assert 1 <= probe.timeout <= probe.period
        assert probe.failures >= 1
        assert probe.startup_window is None or probe.startup_window >= probe.period
        if probe.exec and family.has_shell is False:
            assert probe.exec[0] not in {"sh", "/bin/sh", "bash", "curl", "wget", "nc"}


def test_signatures_compile_and_leave_ordinary_lines_alone(family: ImageFamily) -> None:
    for signature in family.log_signatures:
        pattern = re.compile(signature.pattern)
        seen = [line for line in ORDINARY_LINES if pattern.search(line)]
        assert seen == [], signature.pattern


def test_signatures_are_unique(family: ImageFamily) -> None:
    patterns = Counter(signature.pattern for signature in family.log_signatures)
    assert [pattern for pattern, count in patterns.items() if count > 1] == []


def test_memory_is_told_in_quantities(family: ImageFamily) -> None:
    for memory in family.memory:
        for quantity in (memory.typical_request, memory.typical_limit):
            assert quantity is None or QUANTITY.fullmatch(quantity), quantity
        assert memory.share is None or 0 < memory.share <= 1


def test_signals_and_times_of_stopping(family: ImageFamily) -> None:
    for stop in family.stop:
        assert stop.signal in {"SIGTERM", "SIGINT", "SIGQUIT", "SIGWINCH", "SIGRTMIN+3", "SIGUSR1"}
        assert 1 <= stop.grace_seconds <= 3600


def test_architectures_are_known(family: ImageFamily) -> None:
    assert set(family.architectures) <= ARCHITECTURES


def test_nothing_is_stated_without_words(family: ImageFamily) -> None:
    stated = [
        pair
        for field in family.__struct_fields__
        for pair in texts(getattr(family, field), field)
        if pair[1].strip().lower() in EMPTY_OF_MEANING or pair[1] != pair[1].strip()
    ]
    assert [place for place, _ in stated if not place.endswith(".password")] == []


@pytest.mark.parametrize("file", FILES)
def test_roles_bring_the_facts_that_they_need(file: str) -> None:
    family = family_files.read_family(file)
    text = (family_files.FOLDER / f"{file}.yaml").read_text(encoding="utf-8")
    if family.stateful:
        assert family.data
    if family.role in {Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE}:
        assert family.ports
        assert family.memory
    if family.role is Role.DEV_ONLY:
        assert family.dev_only
    # Why a server has no probe is said in a comment.
    assert family.probes or not family.ports or re.search(r"(?im)^ *# .*\bno probes?\b", text)


def test_settings_have_the_form_of_variables(family: ImageFamily) -> None:
    names = [
        *(each.name for each in family.required),
        *(name for each in family.required for name in each.unless),
        *(each.name for each in family.renamed),
        *(name for each in family.file_settings for name in each.names),
    ]
    assert [name for name in names if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.:-]*", name)] == []
