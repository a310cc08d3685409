"""Files that a service is granted: configs and secrets."""

import pytest
from tests.translate.support import complaints, fates, node_of, questions, service

from mooring.compose.nodes import Mapping, Plain
from mooring.sensitive import Sensitive
from mooring.translate.attributes import granted_files
from mooring.translate.attributes.granted_files import Grants
from mooring.translate.mounts import Mounts
from mooring.translate.surroundings import FoundFile

FILES = {
    "/p/token": FoundFile(b"abc\n", False, 4),
    "/p/two": FoundFile(b"a\nb\n", False, 4),
    "/p/key": FoundFile(b"-----BEGIN PRIVATE KEY-----\nx\n", False, 30),
    "/p/gone": None,
    "/p/huge": FoundFile(None, False, 2_000_000),
}
SECRETS: dict[str, Plain] = {
    "token": {"file": "/p/token"},
    "two": {"file": "/p/two"},
    "gone": {"file": "/p/gone"},
    "huge": {"file": "/p/huge"},
    "given": {"environment": "TOKEN"},
    "unset": {"environment": "NOWHERE"},
    "weak": {"environment": "WEAK"},
    "theirs": {"external": True, "name": "Their_Secret"},
}
CONFIGS: dict[str, Plain] = {
    "conf": {"content": "a = 1\n"},
    "key": {"file": "/p/key"},
    "My Conf": {"content": "x"},
}


def grants() -> Grants:
    secrets, configs = node_of(dict(SECRETS)), node_of(dict(CONFIGS))
    assert isinstance(secrets, Mapping)
    assert isinstance(configs, Mapping)
    variables = {("secrets", "given"): "from-the-shell", ("secrets", "weak"): "changeme"}
    return Grants(configs=configs, secrets=secrets, files=FILES, variables=variables)


def mounts(**granted: Plain) -> Mounts:
    view = service({name: [one] for name, one in granted.items()})
    translated = granted_files.translate(view, grants())
    assert complaints(translated.notes) == []
    return translated.value


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("token", b"abc", id="one-line-loses-its-break"),
        pytest.param("two", b"a\nb\n", id="two-lines-keep-theirs"),
        pytest.param("given", b"from-the-shell", id="a-variable"),
        pytest.param("unset", b"", id="a-variable-that-is-not-set"),
        pytest.param("gone", b"", id="a-file-that-is-not-there"),
    ],
)
def test_secrets(name: str, content: bytes) -> None:
    made = mounts(secrets={"source": name})
    (document,) = made.documents.values()
    assert document.is_secret
    assert document.files == {name: Sensitive(content)}
    (mount,) = made.document_mounts
    assert (mount.path, mount.file, mount.mode) == (f"/run/secrets/{name}", name, None)


@pytest.mark.parametrize(
    ("name", "is_secret", "key"),
    [
        pytest.param("conf", False, "conf", id="a-text"),
        pytest.param("key", True, "key", id="a-key-under-an-innocent-name"),
        pytest.param("My Conf", False, "My-Conf", id="a-name-that-is-no-key"),
    ],
)
def test_configs(name: str, is_secret: bool, key: str) -> None:
    made = mounts(configs={"source": name})
    (document,) = made.documents.values()
    assert document.is_secret is is_secret
    assert list(document.files) == [key]
    assert [mount.path for mount in made.document_mounts] == [f"/{name}"]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        pytest.param("db.pw", "/run/secrets/db.pw", id="in-the-usual-folder"),
        pytest.param("/etc/pw", "/etc/pw", id="somewhere-else"),
        pytest.param("a/../b", "/run/secrets/b", id="made-straight"),
    ],
)
def test_targets(target: str, path: str) -> None:
    (mount,) = mounts(secrets={"source": "token", "target": target}).document_mounts
    assert mount.path == path


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        pytest.param(288, 0o440, id="a-number"),
        pytest.param("0440", 0o440, id="octal-in-a-text"),
        pytest.param(None, None, id="none"),
    ],
)
def test_modes(mode: Plain, expected: int | None) -> None:
    (mount,) = mounts(secrets={"source": "token", "mode": mode}).document_mounts
    assert mount.mode == expected


def test_owners_are_lost() -> None:
    view = service({"secrets": [{"source": "token", "uid": "1", "gid": "2", "mode": 256}]})
    assert fates(view, granted_files.translate(view, grants()).notes) == {
        "secrets[0].source": "carried",
        "secrets[0].uid": "dropped",
        "secrets[0].gid": "dropped",
        "secrets[0].mode": "carried",
    }


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        pytest.param("token", [], id="a-value"),
        pytest.param("gone", ["is not there"], id="no-file"),
        pytest.param("huge", ["too large"], id="too-much"),
        pytest.param("unset", ["is not set"], id="no-variable"),
        pytest.param("weak", ["a placeholder"], id="a-placeholder"),
        pytest.param("theirs", [], id="somebody-else-s"),
    ],
)
def test_what_is_open(name: str, asked: list[str]) -> None:
    view = service({"secrets": [{"source": name}]})
    translated = granted_files.translate(view, grants())
    said = questions(translated.notes)
    assert len(said) == len(asked)
    assert all(part in question for part, question in zip(asked, said, strict=True))
    assert complaints(translated.notes) == []


def test_what_somebody_else_made_is_referred_to() -> None:
    made = mounts(secrets={"source": "theirs"})
    (document,) = made.documents.values()
    assert (document.external_name, document.files) == ("their-secret", {})
    assert [mount.file for mount in made.document_mounts] == ["theirs"]
