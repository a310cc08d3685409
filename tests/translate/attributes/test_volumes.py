"""Where a container reads and writes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.translate.support import complaints, fates, node_of, questions, service, topics

from mooring.app.storage import Lifetime, StorageMount
from mooring.compose.nodes import Mapping, Plain
from mooring.decisions import OpenQuestion
from mooring.settings.choices import Choices, MountChoice, ServiceChoices, VolumeChoices
from mooring.translate.attributes import volumes
from mooring.translate.attributes.volumes import Around
from mooring.translate.mounts import Mounts
from mooring.translate.notes import Note
from mooring.translate.surroundings import MOST_FILES, LocalFiles

NO_CHOICES = Choices()
TOP: dict[str, Plain] = {
    "data": None,
    "theirs": {"external": True, "name": "Old"},
    "exported": {"driver_opts": {"type": "nfs", "o": "addr=1.2.3.4,ro", "device": ":/x"}},
    "labelled": {"labels": {"team": "a", "note": "two words", "mooring.dev/x": "y"}},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a file, a folder of files, sources, and a script."""
    for name, content in {
        "a.conf": "a",
        "conf/b.conf": "b",
        "src/main.py": "print()",
        "key.pem": "-----BEGIN PRIVATE KEY-----\nx\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    return tmp_path


def translated(
    project: Path, *mounts: dict[str, Plain], choices: Choices = NO_CHOICES, **more: Plain
) -> tuple[Mounts, tuple[Note, ...], dict[str, str]]:
    """Return what the service mounts, what is said of it, and the fates of its leaves."""
    given_mounts: list[Plain] = [
        {name: f"{project}/{value}" if name == "bind_source" else value
         for name, value in one.items()}
        for one in mounts
    ]  # fmt: skip
    for one in given_mounts:
        assert isinstance(one, dict)
        if "bind_source" in one:
            one.update(type="bind", source=one.pop("bind_source"))
    view = service({**({"volumes": given_mounts} if mounts else {}), **more})
    top = node_of(TOP)
    assert isinstance(top, Mapping)
    result = volumes.translate(
        view,
        Around(
            project_directory=str(project),
            volumes=top,
            surroundings=LocalFiles(str(project)),
            choices=choices,
        ),
    )
    assert complaints(result.notes) == []
    return result.value, result.notes, fates(view, result.notes)


@pytest.mark.parametrize(
    ("mount", "identity", "lifetime"),
    [
        pytest.param({"type": "volume", "source": "data", "target": "/d/"}, "volume:data",
                     Lifetime.PERSISTENT, id="named"),
        pytest.param({"type": "volume", "target": "/d"}, "anonymous:web:/d", Lifetime.REPLICA,
                     id="anonymous"),
        pytest.param({"type": "tmpfs", "target": "/d"}, "memory:web:/d", Lifetime.MEMORY,
                     id="memory"),
        pytest.param({"type": "image", "source": "a:1", "target": "/d"}, "image:a:1",
                     Lifetime.IMAGE, id="an-image"),
    ],
)  # fmt: skip
def test_storages(
    project: Path, mount: dict[str, Plain], identity: str, lifetime: Lifetime
) -> None:
    made, _, _ = translated(project, mount)
    assert {key: one.lifetime for key, one in made.storages.items()} == {identity: lifetime}
    assert [(one.storage, one.path) for one in made.storage_mounts] == [(identity, "/d")]


@pytest.mark.parametrize(
    ("mount", "expected"),
    [
        pytest.param({"read_only": True}, StorageMount(storage="", path="/d", read_only=True),
                     id="only-to-read"),
        pytest.param({"volume": {"subpath": "log"}},
                     StorageMount(storage="", path="/d", sub_path="log"), id="a-folder-of-it"),
    ],
)  # fmt: skip
def test_mounts(project: Path, mount: dict[str, Plain], expected: StorageMount) -> None:
    made, _, _ = translated(project, {"type": "volume", "source": "data", "target": "/d", **mount})
    (found,) = made.storage_mounts
    assert (found.path, found.read_only, found.sub_path) == (
        expected.path,
        expected.read_only,
        expected.sub_path,
    )


def test_a_volume_of_somebody_else(project: Path) -> None:
    made, _, _ = translated(project, {"type": "volume", "source": "theirs", "target": "/d"})
    assert made.storages["volume:theirs"].external_name == "old"


def test_a_share(project: Path) -> None:
    made, _, _ = translated(project, {"type": "volume", "source": "exported", "target": "/d"})
    share = made.storages["volume:exported"].share
    assert share is not None
    assert (share.server, share.path, share.options) == ("1.2.3.4", "/x", ("ro",))


def test_labels_that_no_claim_can_have_are_annotations(project: Path) -> None:
    made, _, _ = translated(project, {"type": "volume", "source": "labelled", "target": "/d"})
    storage = made.storages["volume:labelled"]
    assert storage.labels == {"team": "a"}
    assert storage.annotations == {"note": "two words", "mooring.dev/x": "y"}


def test_what_mooring_yaml_settles_of_a_volume(project: Path) -> None:
    choices = Choices(volumes={"data": VolumeChoices(size="20Gi", storage_class="fast")})
    made, _, _ = translated(
        project, {"type": "volume", "source": "data", "target": "/d"}, choices=choices
    )
    storage = made.storages["volume:data"]
    assert (storage.size, storage.storage_class) == (20 * 1024**3, "fast")


@pytest.mark.parametrize(
    ("source", "target", "files", "is_secret"),
    [
        pytest.param("a.conf", "/etc/x.conf", {"a.conf": "a"}, False, id="a-file"),
        pytest.param("conf", "/etc/x", {"b.conf": "b"}, False, id="a-folder"),
        pytest.param("key.pem", "/k", None, True, id="a-key"),
    ],
)
def test_shipped_files(
    project: Path, source: str, target: str, files: dict[str, str] | None, is_secret: bool
) -> None:
    made, notes, told = translated(
        project, {"bind_source": source, "target": target, "read_only": True}
    )
    (document,) = made.documents.values()
    assert document.is_secret is is_secret
    if files is not None:
        assert {name: bytes(raw).decode() for name, raw in document.files.items()} == files  # type: ignore[arg-type]
    assert [mount.path for mount in made.document_mounts] == [target]
    assert set(told.values()) == {"carried"}
    assert questions(notes) == []


def test_two_targets_of_one_file_are_one_document(project: Path) -> None:
    made, _, _ = translated(
        project,
        {"bind_source": "a.conf", "target": "/one", "read_only": True},
        {"bind_source": "a.conf", "target": "/two", "read_only": True},
    )
    assert len(made.documents) == 1
    assert [mount.path for mount in made.document_mounts] == ["/one", "/two"]


def test_files_that_may_be_written_to(project: Path) -> None:
    _, _, told = translated(project, {"bind_source": "a.conf", "target": "/x"})
    assert told["volumes[0].target"] == "approximated"


@pytest.mark.parametrize(
    ("source", "fate"),
    [
        pytest.param("/var/run/docker.sock", "refused", id="the-socket-of-the-runtime"),
        pytest.param("/proc", "refused", id="the-machine"),
        pytest.param("/etc/localtime", "dropped", id="its-clock"),
        pytest.param("/etc/hosts", "dropped", id="what-kubernetes-writes"),
    ],
)
def test_the_machine(project: Path, source: str, fate: str) -> None:
    made, _, told = translated(project, {"type": "bind", "source": source, "target": "/x"})
    assert made == Mounts()
    assert set(told.values()) == {fate}


@pytest.mark.parametrize(
    ("choice", "lifetime", "documents"),
    [
        pytest.param(MountChoice.STORAGE, Lifetime.PERSISTENT, 0, id="storage"),
        pytest.param(MountChoice.SCRATCH, Lifetime.REPLICA, 0, id="scratch"),
        pytest.param(MountChoice.NODE, Lifetime.NODE, 0, id="node"),
        pytest.param(MountChoice.DROP, None, 0, id="drop"),
        pytest.param(MountChoice.CONFIGURATION, None, 1, id="configuration"),
    ],
)
def test_the_word_of_mooring_yaml(
    project: Path, choice: MountChoice, lifetime: Lifetime | None, documents: int
) -> None:
    choices = Choices(services={"web": ServiceChoices(mounts={"/x": choice})})
    made, notes, told = translated(project, {"bind_source": "src", "target": "/x"}, choices=choices)
    assert [one.lifetime for one in made.storages.values()] == ([lifetime] if lifetime else [])
    assert len(made.documents) == documents
    if choice is MountChoice.DROP:
        assert set(told.values()) == {"dropped"}
        assert topics(notes) == []


@pytest.mark.parametrize(
    ("more", "lifetimes", "fate"),
    [
        pytest.param({}, [Lifetime.MEMORY], "approximated", id="memory-of-its-own"),
        pytest.param({"shm_size": 1024}, [], "dropped", id="its-size-is-said"),
    ],
)
def test_shared_memory_is_none_of_the_machine(
    project: Path, more: dict[str, Plain], lifetimes: list[Lifetime], fate: str
) -> None:
    mount: dict[str, Plain] = {"type": "bind", "source": "/dev/shm", "target": "/dev/shm"}
    made, notes, told = translated(project, mount, **more)
    assert [one.lifetime for one in made.storages.values()] == lifetimes
    assert told["volumes[0].source"] == fate
    assert not [one for one in notes if isinstance(one, OpenQuestion)]


@pytest.mark.parametrize(
    ("name", "read_only", "choices", "asked"),
    [
        pytest.param("page%d.php", False, NO_CHOICES, 1, id="a-program"),
        pytest.param("page%d.html", True, NO_CHOICES, 1, id="what-is-only-read"),
        pytest.param("page%d.html", False, NO_CHOICES, 0, id="what-it-may-write-itself"),
        pytest.param(
            "page%d.php",
            True,
            Choices(services={"web": ServiceChoices(mounts={"/srv": MountChoice.STORAGE})}),
            0,
            id="that-they-are-copied-is-settled",
        ),
    ],
)
def test_where_many_files_come_from_is_asked(
    project: Path, name: str, read_only: bool, choices: Choices, asked: int
) -> None:
    (project / "site").mkdir()
    for number in range(MOST_FILES + 1):
        (project / "site" / (name % number)).write_text("x")
    mount: dict[str, Plain] = {"bind_source": "site", "target": "/srv", "read_only": read_only}
    made, notes, _ = translated(project, mount, choices=choices)
    assert [one.lifetime for one in made.storages.values()] == [Lifetime.PERSISTENT]
    questions = [one for one in notes if isinstance(one, OpenQuestion)]
    assert len(questions) == asked
    for one in questions:
        assert one.answer.startswith("services: {web: {mounts: {/srv: drop}}}")


def test_the_machine_needs_the_word_node(project: Path) -> None:
    """A word for files does not open a path of the node."""
    choices = Choices(services={"web": ServiceChoices(mounts={"/x": MountChoice.CONFIGURATION})})
    made, _, told = translated(
        project, {"type": "bind", "source": "/dev", "target": "/x"}, choices=choices
    )
    assert [one.lifetime for one in made.storages.values()] != [Lifetime.NODE]
    assert "carried" not in told.values()


@pytest.mark.parametrize(
    ("mount", "fate"),
    [
        pytest.param({"type": "volume", "target": "/app/tmp"}, "dropped", id="anonymous"),
        pytest.param(
            {"type": "volume", "source": "data", "target": "/app/node_modules"},
            "dropped",
            id="named-for-what-is-installed",
        ),
        pytest.param(
            {"type": "volume", "source": "data", "target": "/app/uploads"},
            "carried",
            id="named-and-it-may-be-data",
        ),
        pytest.param({"type": "volume", "target": "/application"}, "carried", id="beside-it"),
        pytest.param({"type": "tmpfs", "target": "/app/tmp"}, "carried", id="memory"),
    ],
)
def test_volumes_inside_of_sources_that_are_left_out(
    project: Path, mount: dict[str, Plain], fate: str
) -> None:
    build: Plain = {"context": str(project)}
    for order in (0, 1):
        both = [mount, {"bind_source": "src", "target": "/app"}]
        made, _, told = translated(project, *(both if order else reversed(both)), build=build)
        index = 0 if order else 1
        assert {told[path] for path in told if path.startswith(f"volumes[{index}]")} == {fate}
        assert len(made.storage_mounts) == (fate == "carried")


@pytest.mark.parametrize(
    ("mount", "fate"),
    [
        pytest.param({"type": "volume", "target": "/app/node_modules"}, "dropped", id="anonymous"),
        pytest.param({"type": "volume", "target": "/app/uploads"}, "carried", id="it-may-be-data"),
        pytest.param(
            {"type": "volume", "source": "data", "target": "/app/node_modules"},
            "carried",
            id="named-and-it-may-be-shared",
        ),
        pytest.param({"type": "tmpfs", "target": "/app/node_modules"}, "carried", id="memory"),
    ],
)
def test_volumes_over_what_an_image_has_installed(
    project: Path, mount: dict[str, Plain], fate: str
) -> None:
    made, _, told = translated(project, mount, build={"context": str(project)})
    assert {told[path] for path in told if path.startswith("volumes[0]")} == {fate}
    assert len(made.storage_mounts) == (fate == "carried")


@pytest.mark.parametrize(
    ("value", "size", "fate"),
    [
        pytest.param("/run", None, "carried", id="without-options"),
        pytest.param("/run:rw,size=64m", 64 * 1024**2, "carried", id="a-size"),
        pytest.param("/run:size=65536k,mode=1777", 64 * 1024**2, "approximated", id="a-mode"),
        pytest.param("/run:size=50%", None, "approximated", id="a-share-of-the-machine"),
        pytest.param("/run/:", None, "carried", id="an-empty-option"),
    ],
)
def test_short_tmpfs(project: Path, value: str, size: int | None, fate: str) -> None:
    made, _, told = translated(project, tmpfs=[value])
    (storage,) = made.storages.values()
    assert (storage.lifetime, storage.size) == (Lifetime.MEMORY, size)
    assert [mount.path for mount in made.storage_mounts] == ["/run"]
    assert told == {"tmpfs[0]": fate}


@pytest.mark.parametrize("kind", ["npipe", "cluster"])
def test_what_exists_only_on_a_docker_host(project: Path, kind: str) -> None:
    made, _, told = translated(project, {"type": kind, "source": "a", "target": "/x"})
    assert made == Mounts()
    assert set(told.values()) == {"refused"}


def test_of_two_mounts_at_one_path_the_later_counts(project: Path) -> None:
    made, _, _ = translated(
        project,
        {"type": "volume", "source": "data", "target": "/x"},
        tmpfs=["/x"],
    )
    assert list(made.storages) == ["memory:web:/x"]
    assert [mount.storage for mount in made.storage_mounts] == ["memory:web:/x"]


def test_a_file_that_is_not_there_is_a_question(project: Path) -> None:
    made, notes, _ = translated(project, {"bind_source": "gone.conf", "target": "/etc/x.conf"})
    assert [document.missing for document in made.documents.values()] == [("./gone.conf",)]
    assert len(questions(notes)) == 1


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("volume"), st.sampled_from(["data", None]), st.sampled_from("abc")),
            st.tuples(st.just("tmpfs"), st.none(), st.sampled_from("abc")),
        ),
        max_size=6,
    ),
    st.lists(st.sampled_from(["/a", "/b:size=1m", "/c:mode=7"]), max_size=3),
)
def test_every_mount_has_what_it_mounts_and_every_path_one_mount(
    mounts: list[tuple[str, str | None, str]], tmpfs: list[str]
) -> None:
    given_mounts: list[dict[str, Plain]] = [
        {"type": kind, "target": f"/{target}", **({"source": source} if source else {})}
        for kind, source, target in mounts
    ]
    more: dict[str, Plain] = {"tmpfs": list(tmpfs)} if tmpfs else {}
    made, _, told = translated(Path("/nowhere"), *given_mounts, **more)
    paths = [mount.path for mount in made.storage_mounts]
    assert len(set(paths)) == len(paths)
    assert {mount.storage for mount in made.storage_mounts} == made.storages.keys()
    assert "lost" not in told.values()
