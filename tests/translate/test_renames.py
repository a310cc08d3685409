"""Names that cannot stay, and the places that speak of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.app.application import Application
from mooring.app.configuration import Document, Setting
from mooring.app.health import Health, Hook
from mooring.app.process import Image, Process
from mooring.app.workloads import Container, InitialStep, Workload
from mooring.decisions import Decision
from mooring.findings import Finding
from mooring.sensitive import Sensitive
from mooring.translate import renames
from mooring.translate.notes import Note
from mooring.translate.renames import Rename

MY_DB = Rename(service="my_db", old="my_db", new="my-db")
IMAGE = Image(reference="a:1")


def application(*containers: Container, documents: tuple[Document, ...] = ()) -> Application:
    part = Workload(name="web", source_name="web", containers=containers)
    return Application(name="shop", parts=(part,), documents=documents)


def container(**fields: object) -> Container:
    given_fields = {"process": Process(), **fields}
    return Container(name="web", source_name="web", image=IMAGE, **given_fields)  # type: ignore[arg-type]


def rewritten(one: Container, *more: Rename) -> tuple[Container, tuple[Note, ...]]:
    done = renames.rewrite(application(one), (MY_DB, *more))
    return done.value.parts[0].containers[0], done.notes


def left(notes: tuple[Note, ...]) -> list[str]:
    return [note.message for note in notes if isinstance(note, Finding)]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("A", "http://my_db", "http://my-db", id="after-two-slashes"),
        pytest.param("A", "x://u:p@my_db/my_db", "x://u:p@my-db/my_db", id="after-a-user"),
        pytest.param("A", "my_db:5432", "my-db:5432", id="before-a-port"),
        pytest.param("A", "a:1,my_db:2;my_db:3", "a:1,my-db:2;my-db:3", id="in-a-list-with-ports"),
        pytest.param("DB_HOST", "my_db", "my-db", id="a-setting-for-a-host"),
        pytest.param("dbHostname", "my_db", "my-db", id="however-it-is-written"),
        pytest.param("SEEDS", "a, my_db", "a, my-db", id="a-list-for-hosts"),
        pytest.param("A", "MY_DB:5432", "my-db:5432", id="without-regard-to-case"),
        pytest.param("A", "host=my_db port=1", "host=my-db port=1", id="in-a-dsn"),
        pytest.param("A", '{"host": "my_db"}', '{"host": "my-db"}', id="in-json"),
        pytest.param("A", "psql -h my_db", "psql -h my-db", id="after-an-option"),
    ],
)
def test_hosts_are_rewritten(name: str, value: str, expected: str) -> None:
    done, notes = rewritten(container(settings=(Setting(name=name, value=value),)))
    assert done.settings[0].value == expected
    assert left(notes) == []
    (decision,) = [note for note in notes if isinstance(note, Decision)]
    assert decision.subject == "services.my_db"
    assert f"services.web.environment.{name}" in [one.statement for one in decision.evidence]
    assert decision.overrule


@pytest.mark.parametrize(
    ("name", "value", "is_told"),
    [
        pytest.param("DATABASE", "my_db", True, id="a-word-that-may-be-anything"),
        pytest.param("A", "use my_db now", True, id="in-a-sentence"),
        pytest.param("A", "my_db.example.com", False, id="a-longer-name"),
        pytest.param("A", "my_db2 not_my_db my_db-x", False, id="other-words"),
        pytest.param("A", "/var/lib/my_db.sock", False, id="a-path"),
        pytest.param("A", "nothing", False, id="no-such-word"),
    ],
)
def test_other_words_are_left_alone(name: str, value: str, is_told: bool) -> None:
    one = container(settings=(Setting(name=name, value=value),))
    done, notes = rewritten(one)
    assert done == one
    assert len(left(notes)) == is_told


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {"process": Process(entrypoint=("wait", "my_db:1"), arguments=("--host", "my_db"))},
            {"process": Process(entrypoint=("wait", "my-db:1"), arguments=("--host", "my-db"))},
            id="a-command-word-by-word",
        ),
        pytest.param(
            {"process": Process(arguments=("-h", "my_db", "my_db"))},
            {"process": Process(arguments=("-h", "my-db", "my_db"))},
            id="only-the-word-after-the-option",
        ),
        pytest.param(
            {"health": Health(command=("nc", "my_db:1"))},
            {"health": Health(command=("nc", "my-db:1"))},
            id="a-health-check",
        ),
        pytest.param(
            {"after_start": (Hook(command=("curl", "http://my_db")),)},
            {"after_start": (Hook(command=("curl", "http://my-db")),)},
            id="a-hook",
        ),
        pytest.param(
            {"settings": (Setting(name="A", value=Sensitive("x://u:p@my_db")),)},
            {"settings": (Setting(name="A", value=Sensitive("x://u:p@my-db")),)},
            id="a-secret-stays-one",
        ),
    ],
)
def test_all_that_a_container_is_given(
    fields: dict[str, object], expected: dict[str, object]
) -> None:
    done, _ = rewritten(container(**fields))
    assert done == container(**expected)


def test_what_was_absent_stays_absent() -> None:
    one = container(process=Process(entrypoint=None, arguments=()))
    assert rewritten(one)[0].process.entrypoint is None


def test_steps_are_rewritten() -> None:
    step = InitialStep(container=container(settings=(Setting(name="H", value="my_db:1"),)))
    part = Workload(name="web", source_name="web", containers=(container(),), initial_steps=(step,))
    done = renames.rewrite(Application(name="shop", parts=(part,)), (MY_DB,)).value
    assert done.parts[0].initial_steps[0].container.settings[0].value == "my-db:1"


@pytest.mark.parametrize(
    ("content", "expected", "is_told"),
    [
        pytest.param(
            b"server my_db:1;\nx my_db\n", b"server my-db:1;\nx my_db\n", False, id="hosts"
        ),
        pytest.param(b"proxy_pass http://my_db;", b"proxy_pass http://my-db;", False, id="nginx"),
        pytest.param(b"reverse_proxy my_db", b"reverse_proxy my-db", False, id="caddy"),
        pytest.param(b"targets: ['my_db:1']", b"targets: ['my-db:1']", False, id="prometheus"),
        pytest.param(b"server_name my_db;", b"server_name my_db;", True, id="a-word-alone"),
        pytest.param(b"\xff my_db:1", b"\xff my_db:1", False, id="no-text"),
    ],
)
def test_files(content: bytes, expected: bytes, is_told: bool) -> None:
    document = Document(name="conf", files={"a.conf": content})
    done = renames.rewrite(application(container(), documents=(document,)), (MY_DB,))
    assert done.value.documents[0].files == {"a.conf": expected}
    assert len(left(done.notes)) == is_told


def test_a_secret_file_stays_one() -> None:
    document = Document(name="conf", files={"a": Sensitive(b"my_db:1")}, is_secret=True)
    done = renames.rewrite(application(container(), documents=(document,)), (MY_DB,)).value
    assert done.documents[0].files == {"a": Sensitive(b"my-db:1")}


def test_a_name_that_differs_in_case_alone_still_resolves() -> None:
    web = Rename(service="Web", old="Web", new="web")
    one = container(settings=(Setting(name="A_HOST", value="Web"), Setting(name="B", value="web")))
    done = renames.rewrite(application(one), (web,))
    assert done.value == application(one)
    assert left(done.notes) == []
    assert len(done.notes) == 1


@pytest.mark.parametrize(
    ("dns_names", "expected"),
    [
        pytest.param({"web": "web"}, (), id="what-can-stay"),
        pytest.param({"my_db": "my-db"}, (MY_DB,), id="what-cannot"),
    ],
)
def test_of_services(dns_names: dict[str, str], expected: tuple[Rename, ...]) -> None:
    assert renames.of_services(dns_names) == expected


_TEXTS = st.lists(
    st.sampled_from(
        ["my_db", "my-db", "MY_DB", ":", "80", "//", "@", " ", ",", ".", "_", "-", "x", "host=",
         "\n", "é", "/"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(_TEXTS, st.sampled_from(["A", "DB_HOST"]))
def test_rewriting_twice_changes_nothing_more(value: str, name: str) -> None:
    once, _ = rewritten(container(settings=(Setting(name=name, value=value),)))
    twice, _ = rewritten(once)
    assert twice == once


@given(st.text(st.characters(codec="utf-8", exclude_characters="_"), max_size=60))
def test_a_text_without_the_name_is_never_touched(value: str) -> None:
    one = container(
        settings=(Setting(name="HOST", value=value),), process=Process(arguments=(value,))
    )
    document = Document(name="d", files={"f": value.encode()})
    done = renames.rewrite(application(one, documents=(document,)), (MY_DB,))
    assert done.value == application(one, documents=(document,))
    assert left(done.notes) == []


@given(_TEXTS)
def test_only_the_name_is_replaced(value: str) -> None:
    done, _ = rewritten(container(settings=(Setting(name="DB_HOST", value=value),)))
    new = done.settings[0].value
    assert isinstance(new, str)
    assert new.lower().replace("my-db", "my_db") == value.lower().replace("my-db", "my_db")


POD = Rename(service="db2", old="db2", new="db-1.db-headless", of_pod=True, ports=((5433, 5432),))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("A", "x://db2:5433/a", "x://db-1.db-headless:5432/a", id="with-its-port"),
        pytest.param("A", "db2:9000", "db-1.db-headless:9000", id="with-a-port-that-stays"),
        pytest.param("DB_HOST", "db2", "db2", id="not-where-the-port-may-stand-elsewhere"),
        pytest.param("A", "db2", "db2", id="not-where-it-may-be-no-host"),
    ],
)
def test_a_member_is_dialled_by_its_pod(name: str, value: str, expected: str) -> None:
    one, notes = rewritten(container(settings=(Setting(name=name, value=value),)), POD)
    assert one.settings[0].value == expected
    told = [note for note in notes if isinstance(note, Decision) and "its pod" in note.choice]
    assert bool(told) is (value != expected)
    assert all(note.overrule == "services: {db2: {cluster: none}}" for note in told)
    # The old name leads to the pod as well, so a place that keeps it is no fault.
    assert left(notes) == []
