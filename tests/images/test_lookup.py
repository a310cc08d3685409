"""A look-up gives the facts that hold for the version in the tag."""

import msgspec
import pytest

from mooring.images import catalogue, family_files
from mooring.images.catalogue import KnownImage


def known(reference: str) -> KnownImage:
    found = catalogue.lookup(reference)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("reference", "path", "assumes_newest"),
    [
        pytest.param("postgres:17.4", "/var/lib/postgresql/data", False, id="an-old-version"),
        pytest.param("postgres:18", "/var/lib/postgresql", False, id="a-later-version"),
        pytest.param("postgres", "/var/lib/postgresql", True, id="no-tag-is-the-newest"),
        pytest.param("postgres:latest", "/var/lib/postgresql", True, id="latest-is-the-newest"),
        pytest.param("postgres:alpine", "/var/lib/postgresql", True, id="a-variant-is-the-newest"),
        pytest.param(
            "postgres@sha256:" + "0" * 64,
            "/var/lib/postgresql",
            True,
            id="a-digest-alone-is-taken-for-the-newest-and-says-so",
        ),
    ],
)
def test_facts_of_a_version(reference: str, path: str, assumes_newest: bool) -> None:
    image = known(reference)
    assert [data.path for data in image.family.data] == [path]
    assert image.assumes_newest is assumes_newest


@pytest.mark.parametrize(
    ("reference", "drops_to"),
    [
        pytest.param("postgres:17", 999, id="no-variant"),
        pytest.param("postgres:17-bookworm", 999, id="a-variant-without-a-user-of-its-own"),
        pytest.param("postgres:17-alpine3.21", 70, id="a-variant-with-one"),
    ],
)
def test_user_of_a_variant(reference: str, drops_to: int) -> None:
    assert [user.drops_to for user in known(reference).family.users] == [drops_to]


@pytest.mark.parametrize(
    ("reference", "mirrored"),
    [
        pytest.param("postgres", False, id="short"),
        pytest.param("docker.io/library/postgres:17", False, id="long"),
        pytest.param("public.ecr.aws/docker/library/postgres:17", True, id="mirror"),
    ],
)
def test_names_of_one_image(reference: str, mirrored: bool) -> None:
    image = known(reference)
    assert image.repository == "postgres"
    assert image.mirrored is mirrored


@pytest.mark.parametrize(
    ("reference", "to"),
    [
        pytest.param("minio/minio", "quay.io/minio/minio", id="a-repository-that-is-gone"),
        pytest.param("quay.io/minio/minio", None, id="the-place-where-it-lies"),
        pytest.param("mirror.gcr.io/minio/minio", None, id="a-mirror-may-still-have-it"),
        pytest.param("bitnami/redis:7.2", "bitnamilegacy/redis", id="some-versions-are-gone"),
        pytest.param("bitnami/redis", None, id="other-versions-are-not"),
    ],
)
def test_where_an_image_went(reference: str, to: str | None) -> None:
    moved = known(reference).moved
    assert (None if moved is None else moved.to) == to


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("registry.example.com/shop/postgres:17", id="a-copy-under-another-name"),
        pytest.param("somebody/postgres", id="another-owner"),
        pytest.param("no-such-image", id="a-name-that-no-file-has"),
        pytest.param("postgres:${VERSION}", id="no-reference"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_unknown(reference: str) -> None:
    assert catalogue.lookup(reference) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(b"", "empty", id="an-empty-file"),
        pytest.param(b"name: [", "parsing", id="no-yaml"),
        pytest.param(b"name: a\nname: b\n", "twice", id="a-key-twice"),
        pytest.param(b"name: a\nnmae: b\n", "nmae", id="an-unknown-key"),
        pytest.param(b"name: a\n", "required", id="a-missing-key"),
    ],
)
def test_a_faulty_file_is_refused(text: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        family_files.parse_family(text)


def test_words_of_yaml_stay_words() -> None:
    text = b"""
name: on
summary: 7.10
repositories: [no]
role: tool
stateful: false
sources: {a: https://example.com/}
ports: [{port: 22, name: 0x1f, source: a, versions: ">=2"}]
"""
    family = family_files.parse_family(text)
    assert (family.name, family.summary, family.repositories) == ("on", "7.10", ("no",))
    assert family.stateful is False
    assert (family.ports[0].port, family.ports[0].name) == (22, "0x1f")


def test_a_packed_family_is_that_of_its_file() -> None:
    files = [path.stem for path in family_files.FOLDER.glob("*.yaml")]
    assert len(files) > 0
    for file in files:
        assert catalogue.family_of(file) == family_files.read_family(file)


def test_the_index_is_current() -> None:
    assert family_files.INDEX.read_bytes() == family_files.written_index(), (
        "scripts/image-index writes it"
    )


def test_every_repository_is_found_under_its_own_name() -> None:
    index = msgspec.json.decode(family_files.INDEX.read_bytes())["files"]
    assert len(index) > 0
    strange = [
        name
        for name in index
        if (found := catalogue.lookup(name)) is None or found.repository != name
    ]
    assert strange == []
